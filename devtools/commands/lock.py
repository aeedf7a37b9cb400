"""`./dev lock`: newer versions of the packages that pyproject.toml names, with their hashes."""

import os
import subprocess

from ..console import Problem, step
from ..install import INSTALLER, RUNTIME, TESTING, packages
from ..paths import ROOT, UV

OPTIONS = ("--universal", "--generate-hashes", "--no-header", "--python-version", "3.11")


def main(args):
    """Make the three requirement files anew."""
    packages(RUNTIME)
    _compile(RUNTIME, "pyproject.toml", *args)
    _compile(TESTING, "pyproject.toml", "--extra", "test", "-c", RUNTIME, *args)
    _compile(INSTALLER, "-", "--no-annotate", *args, text="uv\n")
    return 0


def _compile(target, *options, text=None):
    if not UV.exists():
        raise Problem("There is no uv for this kind of machine; ./dev lock needs it.")
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    with step(f"Locking {target}"):
        done = subprocess.run(
            [UV, "pip", "compile", "-q", *OPTIONS, *options, "-o", target],
            cwd=ROOT,
            env=environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise Problem(f"{target} could not be locked:", done.stderr)
