"""The private directory of a group of servers: its secrets, ports and lock.

`.local` belongs to `./dev run`; `.local/test` and `.local/bench` to the commands of those names.
"""

import fcntl
import json
import os
import pwd
import secrets
import shutil
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from .console import Problem, say


class Home:
    """One such directory. Everything in it is for its owner's eyes only."""

    def __init__(self, path):
        self.path = Path(path)
        self.logs = self.path / "log"
        self._lock = None
        self._facts = {}

    def make(self):
        """Make the directory, refuse somebody else's, and forget what a copied checkout brought along."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self.path.stat().st_uid
        if owner != os.geteuid():
            raise Problem(f"{self.path} belongs to {user_name(owner)}: start ./dev as that user.")
        self.logs.mkdir(exist_ok=True)
        if self.read("checkout.json").get("path") != str(self.path):
            for name in ("processes.json", "ports.json", "state.json", "elsewhere.json"):
                (self.path / name).unlink(missing_ok=True)
            self.write("checkout.json", {"path": str(self.path)})
        return self

    def wipe(self):
        """Begin anew, for the commands that want fresh servers each time."""
        if elsewhere := self.read("elsewhere.json").get("path"):
            shutil.rmtree(elsewhere, ignore_errors=True)
        for child in self.path.iterdir() if self.path.exists() else ():
            if child.name != "lock":
                shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()

    # Small files ------------------------------------------------------------------------------
    def read(self, name):
        """Return what a JSON file of this home holds; nothing where it is missing or was cut off."""
        try:
            return json.loads((self.path / name).read_text())
        except (FileNotFoundError, ValueError):
            return {}

    def write(self, name, value):
        """Write a JSON file that only its owner can read, whole or not at all."""
        aside = self.path / f"{name}.new"
        write_private(aside, json.dumps(value, indent=1))
        aside.replace(self.path / name)

    def secret(self, name):
        """Return the random secret of that name, made at first use and kept."""
        known = self.read("secrets.json")
        if name not in known:
            known[name] = secrets.token_urlsafe(48)
            self.write("secrets.json", known)
        return known[name]

    def port(self, name):
        """Return the port kept for a server."""
        known = self.read("ports.json")
        return known[name] if name in known else self.another_port(name)

    def free_port(self, name):
        """Return the port kept for a server that is to start, or another one when somebody has taken it."""
        port = self.port(name)
        return port if port_is_free(port) else self.another_port(name)

    def another_port(self, name):
        """Keep another port for a server."""
        known = {**self.read("ports.json"), name: any_free_port()}
        self.write("ports.json", known)
        return known[name]

    def elsewhere(self):
        """Return a directory outside the checkout, for a server run as `nobody`: every user can reach it."""
        place = Path(self.read("elsewhere.json").get("path", "/nonexistent"))
        if not place.is_dir() or place.stat().st_uid != os.geteuid():
            place = Path(tempfile.mkdtemp(prefix="portal-", dir="/var/tmp"))
            place.chmod(0o711)
            self.write("elsewhere.json", {"path": str(place)})
        return place

    # Lock -------------------------------------------------------------------------------------
    def lock(self, command):
        """Take this home for one command. The kernel gives it back when the process ends, however it ends."""
        file = os.fdopen(os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+")
        said, deadline = False, time.monotonic() + 30
        while not _locked(file):
            holder = self.holder()
            if process_is_alive(holder.get("pid")) or time.monotonic() > deadline:
                file.close()
                raise Problem(_taken(holder))
            if holder and not said:
                say("The run before this one is still stopping; waiting for it.")
                said = True
            time.sleep(0.1)
        self._lock = file
        self.describe(command=command)

    def unlock(self):
        """Give the home back before the process ends."""
        self._lock.close()

    def is_locked(self):
        """Tell whether a command holds this home."""
        with os.fdopen(os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
            return not _locked(file)

    def describe(self, **facts):
        """Tell other starts of `./dev` about the one that holds the lock."""
        self._facts.update(facts, pid=os.getppid())  # the front process: the one that a person stops
        self.write("state.json", self._facts)

    def holder(self):
        """Return what the holder of the lock says about itself."""
        return self.read("state.json")


def write_private(path, text):
    """Write a new file that only its owner can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _locked(file):
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _taken(holder):
    command, pid = holder.get("command", "…"), holder.get("pid", "?")
    where = f", {holder['url']}" if holder.get("url") else ""
    return f"./dev {command} is already running in this checkout ({pid}{where}). To stop it: kill {pid}"


def process_is_alive(pid):
    """Tell whether a process of that number exists."""
    if not pid:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def port_is_free(port):
    """Tell whether a server could listen on that port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def user_name(uid):
    """Return a user's name, or the number where it has none."""
    with suppress(KeyError):
        return pwd.getpwuid(uid).pw_name
    return f"user {uid}"
