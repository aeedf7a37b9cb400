"""Processes that end with `./dev`, however it ends.

Three nets, one below the other. `./dev` forks: the front process only waits, the back process does the work
and is the parent of every service.
1. Either sees the other die and stops what is left. Both are subreapers, so that an orphaned grandchild comes
   back to them instead of escaping to init.
2. Every child asks the kernel for a signal at its parent's death: killing both at once leaves nothing either.
3. What a start finds alive from an earlier run is stopped first (`devtools.services`).

There are no threads here: the kernel takes the end of a thread for the death of the parent it started.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from .console import Problem, Stopped, complain, problem_of

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CLONE_NEWUSER = 0x10000000
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

libc = ctypes.CDLL(None, use_errno=True)


def _prctl(option, value):
    if sys.platform == "linux":
        libc.prctl(option, value, 0, 0, 0)


def spawn(argv, *, stop=signal.SIGTERM, identity=None, new_session=True, **options):
    """Start a child that the kernel sends `stop` when this process dies.

    `identity` is called in the child to give up root. The request to the kernel comes after it, because
    a change of credentials withdraws it.
    """
    parent = os.getpid()

    def before_exec():
        if identity:
            identity()
        _prctl(PR_SET_PDEATHSIG, stop)
        if os.getppid() != parent:  # it died before the request was made
            os._exit(1)

    options.setdefault("stdin", subprocess.DEVNULL if new_session else None)
    options.update(preexec_fn=before_exec, start_new_session=new_session)
    return subprocess.Popen([str(part) for part in argv], **options)


def enter_user_namespace():
    """Be somebody other than root in the eyes of the program started next, while its files stay root's."""
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "no user namespace")
    for name, text in (("setgroups", "deny"), ("uid_map", f"65534 {uid} 1"), ("gid_map", f"65534 {gid} 1")):
        Path("/proc/self", name).write_text(text)


def become_nobody():
    """Give up root for the user `nobody`."""
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)


def started_at(pid):
    """Tell when a process began, in clock ticks, or None when it is gone: no later process has both."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def descendants():
    """List the living children of this process, their children, and so on."""
    children = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
                fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append((int(entry.name), fields[0]))
    found, todo = [], [os.getpid()]
    while todo:
        for pid, state in children.get(todo.pop(), ()):
            todo.append(pid)
            if state not in "ZX":
                found.append(pid)
    return found


def sweep(patience=3):
    """End every descendant: first they are asked, then they are killed."""
    if sys.platform != "linux":
        return
    deadline = time.monotonic() + patience
    asked = set()
    while left := descendants():
        for pid in left:
            with suppress(ProcessLookupError):
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                elif pid not in asked:
                    os.kill(pid, signal.SIGTERM)
                    asked.add(pid)
        reap()
        time.sleep(0.05)
    reap()


def reap():
    """Collect dead children that nobody waits for."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def guarded(work):
    """Do `work` in a child process and return its exit code; whichever of the two dies, nothing is left."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    front = os.getpid()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # until both have their handlers
    back = os.fork()
    if back == 0:
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
        os._exit(_back(work) if os.getppid() == front else 1)
    _handle(lambda number, frame: os.kill(back, number))
    _, status = os.waitpid(back, 0)
    hold_signals()
    sweep()
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1


def _back(work):
    code = 1
    try:
        _handle(_stop)
        code = work()
    except Stopped as stopped:
        code = 128 + stopped.signal_number
    except Problem as problem:
        complain(problem)
    except OSError as error:
        complain(problem_of(error))
    except BaseException:
        sys.excepthook(*sys.exc_info())  # a mistake in devtools itself: show where
    hold_signals()
    sweep()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    return code


def _handle(handler):
    """Set what happens at each signal to stop; what `nohup` has switched off stays off."""
    for number in STOP_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN or handler == signal.SIG_IGN:
            signal.signal(number, handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def hold_signals():
    """Ignore further requests to stop: the stopping itself is not interrupted."""
    _handle(signal.SIG_IGN)


def _stop(number, frame):
    hold_signals()
    raise Stopped(number)


def foreground(argv, **options):
    """Run a program that owns the terminal (a shell, pytest) and return its exit code.

    Ctrl-C is the program's business: the terminal sends it there too. Without a terminal it is passed on.
    """
    child = spawn(argv, new_session=False, **options)

    def interrupt(number, frame):
        if not os.isatty(0):
            child.send_signal(number)

    signal.signal(signal.SIGINT, interrupt)
    code = child.wait()
    signal.signal(signal.SIGINT, _stop)
    return code if code >= 0 else 128 - code
