"""What `./dev` says: one line a step with its seconds, and one line on stderr when it cannot go on."""

import errno
import sys
import time
from contextlib import contextmanager, suppress


class Problem(Exception):
    """Why `./dev` cannot go on: one line, and below it what helps to see why (the end of a log)."""

    def __init__(self, line, details=""):
        super().__init__(line)
        self.details = details


class Stopped(BaseException):
    """Somebody asked `./dev` to stop: Ctrl-C, SIGTERM, a closed terminal, or its parent died."""

    def __init__(self, signal_number):
        super().__init__(signal_number)
        self.signal_number = signal_number


class Console:
    """Writes to stdout, or to stderr where stdout is a command's own (`./dev manage dumpdata > file`)."""

    def __init__(self):
        self.stream = sys.stdout

    def write(self, text):
        # The terminal or pipe may be gone when the services are stopped; that must not keep them alive.
        with suppress(OSError, ValueError):
            self.stream.write(text)
            self.stream.flush()


console = Console()


def say(line=""):
    """Write one line."""
    console.write(line + "\n")


@contextmanager
def step(text):
    """Say what begins, and the seconds it took once it is done."""
    began = time.monotonic()
    console.write(f"{text} … ")
    try:
        yield
    except BaseException:
        console.write("\n")
        raise
    console.write(f"{time.monotonic() - began:.1f} s\n")


def complain(problem):
    """Write a problem to stderr: its line, then its details."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"dev: {problem}\n")
        if problem.details:
            sys.stderr.write(problem.details.rstrip() + "\n")
        sys.stderr.flush()


def problem_of(error):
    """Turn an error of the operating system into the line a person needs."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem(DISK_FULL)
    where = f"{error.filename}: " if error.filename else ""
    return Problem(f"{where}{error.strerror or error}")


DISK_FULL = "The disk is full: free some space, then start again."
