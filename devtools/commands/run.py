"""`./dev run`: the portal with its demo, on servers of its own, until Ctrl-C."""

import json
import time
import urllib.error
import urllib.request

from .. import servers
from ..console import DISK_FULL, Problem, Stopped, say, step
from ..home import Home, port_is_free
from ..install import RUNTIME, packages
from ..paths import LOCAL, PYTHON, ROOT
from ..processes import spawn
from ..services import Services

SETTINGS = "portal.settings.demo"


def main(args):
    """Install, start everything, say where it is, and stay until it is stopped or something dies."""
    if args:
        raise Problem("./dev run takes no arguments; see ./dev help.")
    began = time.monotonic()
    port = servers.port_wanted()
    home = Home(LOCAL).make()
    home.lock("run")
    if not port_is_free(port):
        raise Problem(f"Port {port} is taken by another program. Choose another: PORT={port + 1} ./dev run")
    packages(RUNTIME)
    services = Services(home)
    try:
        _start(home, services, port)
        seconds = time.monotonic() - began
        say(f"\nReady after {seconds:.1f} s. Logs: {home.logs.relative_to(ROOT)}/. Ctrl-C stops it all.")
        services.watch()
    except Stopped:
        say("\nStopping …")
        return 0
    finally:
        services.stop()
    return 1


def _start(home, services, port):
    addresses = servers.start(home, services)
    environment = servers.environment(home, SETTINGS, addresses)

    def start(name):
        services.start(name, [PYTHON, "-m", *programs(home, port)[name]], cwd=ROOT, env=environment)

    # The web server loads its code on the second core while the demo is loaded; nobody knows its address yet.
    _prepare(home, environment, when_servable=lambda: start("web"))
    with step("Starting the web server, the worker and the clock"):
        start("worker")
        start("beat")
        _wait_for_page(port, services)
    home.describe(url=environment["SITE_URL"], addresses=addresses)
    _say_who(home, environment["SITE_URL"])


def programs(home, port):
    """Return what runs beside the servers: the web server, Celery's worker and Celery's clock."""
    bind = ("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--preload")
    celery = ("celery", "-A", "portal")
    alone = ("--without-gossip", "--without-mingle")  # there is no other worker to talk to
    # Without the address that was asked for: it may hold a signed link, which opens somebody's door.
    access = ("--access-logfile", "-", "--access-logformat", "%(t)s %(m)s %(s)s %(b)s bytes %(M)s ms")
    return {
        "web": ("gunicorn", "portal.wsgi", *bind, "--no-control-socket", *access),
        "worker": (*celery, "worker", "-c", "2", "-l", "INFO", *alone),
        "beat": (*celery, "beat", "-l", "INFO", "-s", home.path / "beat-schedule"),
    }


def _prepare(home, environment, *, when_servable):
    """Let one Django process do all that must be done before the first page; tell when pages can be served.

    That is not before the static files are collected: the web server looks for them once, at its start.
    """
    log, ready = home.logs / "prepare.log", home.path / "servable"
    ready.unlink(missing_ok=True)
    argv = [PYTHON, "manage.py", "prepare", "--people", home.path / "people.json", "--ready", ready]
    with log.open("wb") as errors:
        process = spawn(argv, cwd=ROOT, env=environment, stderr=errors)
        while process.poll() is None and not ready.exists():
            time.sleep(0.05)
        if ready.exists():
            when_servable()
        code = process.wait()
    if code:
        lines = log.read_text(errors="replace").strip().splitlines() or [f"exit code {code}"]
        if any("No space left" in line for line in lines):
            raise Problem(DISK_FULL)
        reason = lines[-1].removeprefix("CommandError: ")
        raise Problem(f"Preparing failed: {reason} (more in {log.relative_to(ROOT)})")


def _wait_for_page(port, services, patience=60):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        services.check()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=patience).close()
            return
        except urllib.error.HTTPError as error:
            raise Problem(f"The first page failed with {error.code}; see .local/log/web.log") from error
        except OSError:
            time.sleep(0.05)
    raise Problem(f"The web server does not answer after {patience} seconds; see .local/log/web.log")


def _say_who(home, url):
    say(f"\nThe portal is at {url}")
    try:
        people = json.loads((home.path / "people.json").read_text())
    except FileNotFoundError:
        return
    if people:
        say("Who can sign in (one click on the sign-in page):")
        width = max(len(role) for role, _, _ in people)
        for role, name, address in people:
            say(f"  {role.ljust(width)}  {name} <{address}>")
