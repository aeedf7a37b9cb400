"""`./dev check`: all that can be known about the code without running a test."""

import os
import shutil
import subprocess
import time

from .. import servers
from ..console import Problem, console, say
from ..home import Home
from ..install import TESTING, apt_attempt, packages
from ..paths import LOCAL, PYTHON, ROOT

NOT_RUN = "not run"
RUFF = ("-m", "ruff")
SOURCES = (".", "dev")  # ruff looks for *.py by itself
BRIEF = ("--no-cache", "--output-format", "concise")


def main(args):
    """Do every check, also after one has failed, and return 1 when any has."""
    if args:
        raise Problem("./dev check takes no arguments; see ./dev help.")
    Home(LOCAL).make()
    packages(TESTING)
    results = [_check(name, argv, environment) for name, argv, environment in checks()]
    results.append(_check_translations())
    failed = results.count(False)
    skipped = f", {results.count(NOT_RUN)} not run" if NOT_RUN in results else ""
    say(f"{results.count(True)} checks passed, {failed} failed{skipped}")
    return 1 if failed else 0


def checks():
    """Return the checks: what a person calls each, its command, its environment."""
    django = production_environment()
    # Without a database makemigrations warns that it did not ask one; the question here is about the models.
    quiet = {**django, "PYTHONWARNINGS": "ignore:Got an error checking a consistent migration history"}
    return (
        ("style (ruff check)", [*RUFF, "check", *BRIEF, *SOURCES], servers.inherited()),
        ("layout (ruff format)", [*RUFF, "format", *BRIEF, "--check", *SOURCES], servers.inherited()),
        ("layers (import-linter)", ["-m", "devtools.checks.layers"], servers.inherited()),
        ("migrations match the models", ["manage.py", "makemigrations", "--check", "--dry-run"], quiet),
        ("deployment", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], django),
        ("templates compile", ["-m", "devtools.checks.templates"], django),
    )


def production_environment():
    """Return a whole environment of an installation, made up; nothing listens at its addresses."""
    return {
        **servers.inherited(),
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": "made up for the deployment check 0123456789 abcdefghijklmnopqrstuvwxyz",
        "PASSPORT_KEYS": "made-up:for the deployment check 0123456789 abcdefghijklmnopqrstuvwxyz",
        "PASSPORT_INDEX_KEY": "made up too for the deployment check 0123456789 abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "training.example",
        "CSRF_TRUSTED_ORIGINS": "https://training.example",
        "SITE_URL": "https://training.example",
        "TRUSTED_PROXY_COUNT": "1",
        "DATABASE_URL": "postgres://portal:made-up@127.0.0.1:1/portal",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "FROM_EMAIL": "training@training.example",
        "STATIC_ROOT": str(LOCAL / "static"),
        "PRIVATE_FILES_ROOT": str(LOCAL / "files"),
        "CERTIFICATE_SEAL": str(LOCAL / "seal.pem"),
    }


def _check(name, argv, environment):
    began = time.monotonic()
    console.write(f"{name} … ")
    done = subprocess.run(
        [str(PYTHON), *argv],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    say(f"{'failed' if done.returncode else 'ok'}, {time.monotonic() - began:.1f} s")
    if done.returncode:
        say(done.stdout.rstrip() + "\n")
    return done.returncode == 0


def _check_translations():
    name = "translations are whole"
    if not shutil.which("xgettext") and not apt_attempt(["gettext"], "the check of the translations"):
        on_ci = os.environ.get("CI") == "true"
        say(f"{name} … {'failed' if on_ci else NOT_RUN}: there is no gettext")
        return False if on_ci else NOT_RUN
    return _check(name, ["-m", "devtools.checks.translations"], production_environment())
