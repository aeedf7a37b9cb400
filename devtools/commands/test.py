"""`./dev test [arguments of pytest]`: all tests, on servers made for this run.

Migrating an empty database costs more than many tests, so it is done once: each worker's database is a copy of it, and
the next run finds it again, where this one ended in good order and no migration has changed since.
"""

import hashlib
import os
import shutil

from .. import servers
from ..console import Problem, say, step
from ..home import Home
from ..install import RUNTIME, TESTING, apt_attempt, packages
from ..paths import LOCAL, PYTHON, ROOT
from ..postgres import DATABASE
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
    stamp, schema = home.path / "schema", _schema()
    is_known = stamp.exists() and stamp.read_text() == schema
    if not is_known:
        home.wipe()
        home.make()
    stamp.unlink(missing_ok=True)
    try:
        addresses = servers.start(home, services, throwaway=True)
        environment = servers.environment(home, "portal.settings.test", addresses)
        if browser:
            environment["PORTAL_CHROMIUM"] = browser
        _compile_catalogs(environment)
        if not os.environ.get("DATABASE_URL"):
            environment["TEST_DATABASE_TEMPLATE"] = DATABASE
            if not is_known:
                _migrate(environment)
        code = foreground([PYTHON, "-m", "pytest", *processes(args), *args], cwd=ROOT, env=environment)
    finally:
        services.stop()
    stamp.write_text(schema)
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


def _schema():
    """Return a digest of all that makes the schema: our migrations, and the packages that bring theirs."""
    digest = hashlib.sha256()
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), *sorted(ROOT.glob("portal/*/migrations/*.py"))]:
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    digest.update((ROOT / RUNTIME).read_bytes())
    return digest.hexdigest()


def _migrate(environment):
    with step("Migrating the database that the tests copy"):
        argv = [PYTHON, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
        code = spawn(argv, cwd=ROOT, env=environment).wait()
    if code:
        raise Problem("The migrations could not be applied.")


def _compile_catalogs(environment):
    with step("Compiling the translations"):
        code = spawn([PYTHON, "-m", "portal.ui.translations"], cwd=ROOT, env=environment).wait()
    if code:
        raise Problem("A translation catalog could not be compiled.")
