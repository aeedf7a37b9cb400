"""The services of one command: started, watched, and stopped together."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .console import Problem
from .processes import hold_signals, spawn, started_at


@dataclass
class Service:
    """A running program, where it logs, and how it is asked to stop."""

    name: str
    process: subprocess.Popen
    log: Path
    stop: signal.Signals
    is_server: bool  # stopped after those who use it

    def tail(self, lines=15):
        """Return the end of its log."""
        return tail(self.log, lines)


class Services:
    """All that one command has started. Their numbers stand in a file, for the start after a crash."""

    def __init__(self, home):
        self.home = home
        self.running = []

    def start(self, name, argv, *, stop=signal.SIGTERM, is_server=False, **options):
        """Start a service; its output goes to its log, and the log of the run before is kept beside it."""
        log = self.home.logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.before"))
        with log.open("wb") as output:
            process = spawn(argv, stop=stop, stdout=output, stderr=subprocess.STDOUT, **options)
        service = Service(name, process, log, stop, is_server)
        self.running.append(service)
        self._note()
        return service

    def forget(self, service):
        """Take a service off the list: it ended, and that was foreseen."""
        self.running.remove(service)
        self._note()

    def watch(self):
        """Stay until a service dies, and say which."""
        while True:
            self.check()
            time.sleep(0.2)

    def check(self):
        """Raise a Problem when a service has died."""
        for service in self.running:
            code = service.process.poll()
            if code is not None:
                how = f"signal {-code}" if code < 0 else f"exit code {code}"
                raise Problem(f"{service.name} died ({how}); its log ends:", service.tail())

    def stop(self, patience=10):
        """Stop all, those who use a server before the server."""
        hold_signals()
        for servers in (False, True):
            group = [service for service in self.running if service.is_server is servers]
            for service in group:
                if service.process.poll() is None:
                    service.process.send_signal(service.stop)
            deadline = time.monotonic() + patience
            for service in group:
                _wait(service.process, deadline)
        self.running.clear()
        with suppress(OSError):
            self._note()

    def _note(self):
        boot = Path("/proc/sys/kernel/random/boot_id")
        self.home.write(
            "processes.json",
            {
                "boot": boot.read_text() if boot.exists() else "",
                "processes": [[s.process.pid, started_at(s.process.pid)] for s in self.running],
            },
        )

    def stop_leftovers(self, patience=5):
        """Stop what a run before this one left alive: only where all of `./dev` was killed at one blow."""
        noted = self.home.read("processes.json")
        boot = Path("/proc/sys/kernel/random/boot_id")
        if not noted or not boot.exists() or noted["boot"] != boot.read_text():
            return
        left = [(pid, began) for pid, began in noted["processes"] if began]
        deadline = time.monotonic() + patience
        number = signal.SIGINT  # PostgreSQL's quick stop; the others take it too
        while left := [(pid, began) for pid, began in left if started_at(pid) == began]:
            for pid, _ in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, number if time.monotonic() < deadline else signal.SIGKILL)
            time.sleep(0.1)


def _wait(process, deadline):
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log, lines=15):
    """Return the last lines of a log."""
    with suppress(FileNotFoundError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""
