"""`./dev test [arguments of pytest]`: all tests, on servers made for this run."""

import os
import shutil

from .. import servers
from ..console import Problem, say, step
from ..home import Home
from ..install import TESTING, apt_attempt, packages
from ..paths import LOCAL, PYTHON, ROOT
from ..processes import foreground, spawn
from ..services import Services

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ONE_PROCESS = ("-n", "--numprocesses", "--pdb", "--trace")  # the caller chose, or wants to talk to the test


def main(args):
    """Install what tests need, start throwaway servers, and hand over to pytest."""
    Home(LOCAL).make()
    home = Home(LOCAL / "test").make()
    home.lock("test")  # the lock's file outlives the wiping below
    packages(TESTING)
    browser = find_browser()
    services = Services(home)
    services.stop_leftovers()
    home.wipe()
    home.make()
    try:
        addresses = servers.start(home, services, throwaway=True)
        environment = servers.environment(home, "portal.settings.test", addresses)
        if browser:
            environment["PORTAL_CHROMIUM"] = browser
        _compile_catalogs(environment)
        code = foreground([PYTHON, "-m", "pytest", *processes(args), *args], cwd=ROOT, env=environment)
    finally:
        services.stop()
    if not browser:
        say("The journeys in a browser were not run: there is no Chromium here.")
    return code


def processes(args):
    """Return the arguments that spread the tests over both cores, unless the caller decides that."""
    decided = "no:xdist" in " ".join(args) or any(arg.startswith(ONE_PROCESS) for arg in args)
    return [] if decided else ["-n", "2"]


def find_browser():
    """Return the path of a Chromium; install it where we may; on CI it must be there."""
    found = _browser_on_path()
    if not found and apt_attempt(["chromium"], "the journeys in a browser"):
        found = _browser_on_path()
    if not found and os.environ.get("CI") == "true":
        raise Problem("There is no Chromium, and on CI the journeys must run.")
    return found


def _browser_on_path():
    given = os.environ.get("PORTAL_CHROMIUM")
    return given or next(filter(None, map(shutil.which, BROWSERS)), None)


def _compile_catalogs(environment):
    with step("Compiling the translations"):
        code = spawn([PYTHON, "-m", "portal.ui.translations"], cwd=ROOT, env=environment).wait()
    if code:
        raise Problem("A translation catalog could not be compiled.")
