"""Installs what the checkout needs: Python packages into `.venv`, and Debian's where we are root."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from .console import DISK_FULL, Problem, say, step
from .paths import PYTHON, ROOT, UV, VENV

RUNTIME = "requirements.txt"
TESTING = "requirements-test.txt"  # everything in RUNTIME too
INSTALLER = "devtools/uv.txt"
STAMP = VENV / "installed.json"
NO_NETWORK = (
    "dns error",
    "name resolution",
    "Name or service not known",
    "Network is unreachable",
    "Connection refused",
    "Failed to establish a new connection",
    "error sending request",
    "Could not connect",
    "tcp connect error",
    "timed out",
)


def packages(*files):
    """See to it that the virtual environment holds what these requirement files name, hash by hash."""
    done = _stamp()
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in files}
    missing = [name for name in files if done["files"].get(name) != wanted[name]]
    if not missing:
        return
    if not done["files"]:
        _see_to_ensurepip()
        with step("Making the virtual environment .venv"):
            _make_environment()
    with step(f"Installing Python packages ({', '.join(missing)})"):
        for name in missing:
            _install(name)
            done["files"][name] = wanted[name]
            if name == TESTING:
                done["files"][RUNTIME] = hashlib.sha256((ROOT / RUNTIME).read_bytes()).hexdigest()
        STAMP.write_text(json.dumps(done))


def _stamp():
    """Return what is installed; nothing for an environment that is half made, moved, or of another Python."""
    fresh = {"python": sys.version, "path": str(VENV), "files": {}}
    try:
        known = json.loads(STAMP.read_text())
    except (FileNotFoundError, ValueError):
        return fresh
    same = PYTHON.exists() and all(known.get(fact) == fresh[fact] for fact in ("python", "path"))
    return known if same else fresh


def _see_to_ensurepip():
    """Debian keeps the part of Python that makes virtual environments in a package of its own."""
    if importlib.util.find_spec("ensurepip") is None:
        version = ".".join(map(str, sys.version_info[:2]))
        apt_install([f"python{version}-venv"], "the virtual environment")
        importlib.invalidate_caches()


def _make_environment():
    pip = _bundled_pip()
    options = ["--clear", "--without-pip"] if pip else ["--clear"]
    _call([sys.executable, "-m", "venv", *options, VENV], "The virtual environment")
    UV.unlink(missing_ok=True)


def _install(name):
    """Install one requirement file: by uv, which is quick; by pip where uv is not to be had."""
    if not UV.exists():
        _attempt([*_pip(), "install", "-q", "--no-compile", "--require-hashes", "-r", ROOT / INSTALLER])
    options = ["-q", "--require-hashes", "--only-binary", ":all:", "-r", ROOT / name]
    if UV.exists() and _attempt([UV, "pip", "install", "--python", PYTHON, *options]).returncode == 0:
        return
    _call([*_pip(), "install", *options], "The packages")


def _bundled_pip():
    """Return the pip that Python carries in a wheel: run from there, it need not be installed first."""
    spec = importlib.util.find_spec("ensurepip")
    places = [Path(spec.origin).parent / "_bundled"] if spec else []
    if kept_apart := sysconfig.get_config_var("WHEEL_PKG_DIR"):  # by Linux distributions
        places.append(Path(kept_apart))
    return next((wheel for place in places for wheel in sorted(place.glob("pip-*.whl"))), None)


def _pip():
    wheel = _bundled_pip()
    pip = [PYTHON, wheel / "pip"] if wheel else [PYTHON, "-m", "pip"]
    return [*pip, "--retries", "1", "--disable-pip-version-check", "--no-input"]


def _attempt(argv):
    return subprocess.run(
        [str(part) for part in argv],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _call(argv, what):
    done = _attempt(argv)
    if done.returncode == 0:
        return
    message = done.stderr + done.stdout
    if "No space left" in message or "Disk quota" in message:
        raise Problem(DISK_FULL)
    if any(sign in message for sign in NO_NETWORK):
        raise Problem(f"{what} cannot be fetched: the package index does not answer. Is there a network?")
    raise Problem(f"{what} could not be installed:", "\n".join(message.splitlines()[-12:]))


def _environment():
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    if not os.access(Path.home(), os.W_OK):  # a user without a home has no package cache
        environment.update(UV_NO_CACHE="1", PIP_NO_CACHE_DIR="1")
    return environment


def apt_install(names, purpose):
    """Install packages of Debian, or raise a Problem with the command that does."""
    command = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(names)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Problem(f"{' '.join(names)} is missing, needed for {purpose}. Run: sudo sh -c '{command}'")
    with step(f"Installing {' '.join(names)}, needed for {purpose}"):
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        if "No space left" in done.stderr:
            raise Problem(DISK_FULL)
        lines = [line for line in done.stderr.splitlines() if line.startswith("E:")]
        reason = lines[-1] if lines else f"exit code {done.returncode}"
        raise Problem(f"apt-get could not install {' '.join(names)}: {reason}")


def apt_attempt(names, purpose):
    """Install packages of Debian where that is possible; else say how, and return False."""
    try:
        apt_install(names, purpose)
    except Problem as problem:
        say(str(problem))
        return False
    return True
