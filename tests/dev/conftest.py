"""What the tests of `./dev` share: a small checkout of their own, and the processes that outlived it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def checkout(tmp_path):
    """Return a directory that holds the command and nothing it could install."""
    place = tmp_path / "a check out"
    place.mkdir()
    shutil.copy(ROOT / "dev", place / "dev")
    shutil.copytree(ROOT / "devtools", place / "devtools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.txt", "requirements-test.txt"):
        (place / name).write_text("")
    return place


@pytest.fixture
def dev(checkout):
    """Return a function that runs `./dev` in that checkout."""

    def run(*args, **variables):
        return subprocess.run(
            [sys.executable, checkout / "dev", *args],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


@pytest.fixture
def living():
    """Return a function that lists the processes at work in a directory, after giving them time to end."""

    def find(directory, patience=0):
        deadline = time.monotonic() + patience
        while True:
            found = [pid for pid in _pids() if _works_below(pid, directory)]
            if not found or time.monotonic() >= deadline:
                return found
            time.sleep(0.05)

    return find


def _pids():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _works_below(pid, directory):
    try:
        alive = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
        return alive and Path(os.readlink(f"/proc/{pid}/cwd")).is_relative_to(directory)
    except OSError:
        return False
