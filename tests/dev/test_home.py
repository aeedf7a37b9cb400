"""The private directory of the servers: its secrets, ports and lock."""

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from devtools.console import Problem
from devtools.home import Home
from devtools.postgres import clear_stale_pid

ROOT = Path(__file__).resolve().parent.parent.parent
HOLDER = """
import sys, time
from devtools.home import Home
home = Home(sys.argv[1]).make()
home.lock("run")
home.describe(url="http://127.0.0.1:8000")
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").make()


def test_a_secret_is_kept_and_only_its_owner_can_read_it(home):
    secret = home.secret("postgres")

    assert len(secret) >= 48
    assert home.secret("postgres") == secret
    assert home.secret("valkey") != secret
    assert stat.S_IMODE((home.path / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_a_port_is_kept_until_somebody_else_takes_it(home):
    port = home.free_port("postgres")
    assert home.free_port("postgres") == port

    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert home.free_port("postgres") != port


def test_a_copied_checkout_forgets_the_processes_and_ports_of_the_first(home, tmp_path):
    home.port("postgres")
    home.write("processes.json", {"boot": "", "processes": [[1, 1]]})
    secret = home.secret("postgres")
    home.path.rename(tmp_path / "copy")

    copy = Home(tmp_path / "copy").make()

    assert copy.read("processes.json") == {}
    assert copy.read("ports.json") == {}
    assert copy.secret("postgres") == secret  # the data came along, and this opens it


def test_a_second_command_is_told_who_holds_the_lock(home):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, home.path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        holder.stdout.readline()
        assert home.is_locked()
        with pytest.raises(Problem) as problem:
            home.lock("run")
        assert str(problem.value) == (
            f"./dev run is already running in this checkout ({os.getpid()}, http://127.0.0.1:8000). "
            f"To stop it: kill {os.getpid()}"
        )
        holder.send_signal(signal.SIGKILL)
    assert not home.is_locked()
    home.lock("run")  # and nobody had to clean up
    home.unlock()


def test_a_wiped_home_holds_nothing_of_the_run_before(home):
    (home.path / "postgres").mkdir()
    (home.path / "postgres" / "PG_VERSION").write_text("18")
    home.lock("test")

    home.wipe()
    home.unlock()

    assert [child.name for child in home.path.iterdir()] == ["lock"]


def test_a_pid_file_that_names_another_program_is_taken_away_and_the_program_lives(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], cwd="/") as stranger:
        (tmp_path / "postmaster.pid").write_text(f"{stranger.pid}\n{tmp_path}\n")
        clear_stale_pid(tmp_path)
        assert not (tmp_path / "postmaster.pid").exists()
        assert stranger.poll() is None
        stranger.kill()


def test_a_server_that_still_works_on_the_data_is_stopped_first(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path) as server:
        (tmp_path / "postmaster.pid").write_text(f"{server.pid}\n{tmp_path}\n")
        clear_stale_pid(tmp_path)
        assert server.wait(5) != 0
    assert not (tmp_path / "postmaster.pid").exists()
