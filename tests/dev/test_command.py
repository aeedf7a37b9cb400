"""What `./dev` says before anything is installed, and what it makes of its arguments."""

import ast
import socket
from pathlib import Path

import pytest

from devtools import python_problem
from devtools.commands import test as test_command
from devtools.console import DISK_FULL, Problem, problem_of

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_python_that_is_too_old_is_told_which_one_is_needed():
    assert python_problem((3, 9, 2, "final", 0)) == "dev: Python 3.11 or newer is needed; this one is 3.9.2."
    assert python_problem((3, 11, 0, "final", 0)) is None


@pytest.mark.parametrize("name", ["dev", "devtools/__init__.py"])
def test_the_message_for_an_old_python_can_be_read_by_one(name):
    ast.parse((ROOT / name).read_text(), feature_version=(3, 6))


def test_help_lists_every_command(dev):
    done = dev()

    assert done.returncode == 0
    words = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("./dev ")]
    assert words == ["run", "test", "check", "manage", "bench", "lock"]


def test_an_unknown_command_is_one_line_on_stderr(dev):
    done = dev("fly")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "dev: There is no command 'fly'; ./dev help lists them.\n"


def test_a_port_that_is_taken_is_one_line_on_stderr_before_anything_is_installed(dev, checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = dev("run", PORT=str(port))

    assert done.returncode == 1
    expected = f"dev: Port {port} is taken by another program. Choose another: PORT={port + 1} ./dev run\n"
    assert done.stderr == expected
    assert not (checkout / ".venv").exists()


def test_a_port_that_is_no_number_is_one_line_on_stderr(dev):
    done = dev("run", PORT="eighty")

    assert (done.returncode, done.stderr) == (1, "dev: PORT is 'eighty', which is no port number.\n")


def test_a_full_disk_is_told_in_words():
    assert str(problem_of(OSError(28, "No space left on device"))) == DISK_FULL


@pytest.mark.parametrize("args", [["-n", "0"], ["-n4"], ["--pdb"], ["-p", "no:xdist"], ["--numprocesses=1"]])
def test_whoever_chooses_the_processes_of_pytest_is_left_alone(args):
    assert test_command.processes(args) == []


def test_pytest_runs_on_both_cores_otherwise():
    assert test_command.processes(["tests/mail", "-k", "nudge"]) == ["-n", "2"]


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.delenv("PORTAL_CHROMIUM", raising=False)
    monkeypatch.setattr(test_command.shutil, "which", lambda name: None)
    monkeypatch.setattr(test_command, "apt_attempt", lambda names, purpose: False)


def test_a_missing_browser_is_a_failure_on_ci(monkeypatch, no_browser):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Problem, match="no Chromium"):
        test_command.find_browser()


def test_a_missing_browser_is_no_failure_elsewhere(monkeypatch, no_browser):
    monkeypatch.delenv("CI", raising=False)
    assert test_command.find_browser() is None
