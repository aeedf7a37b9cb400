"""Nothing outlives `./dev`, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devtools.home import Home
from devtools.processes import started_at
from devtools.services import Services

ROOT = Path(__file__).resolve().parent.parent.parent
SLEEPER = [sys.executable, "-c", "import time; time.sleep(300)"]
# A service that starts a process of its own, which leaves its session and ignores polite requests.
PARENT_OF_A_STRAY = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(300)
"""
SUPERVISOR = """
import os, sys
from pathlib import Path
from devtools.home import Home
from devtools.processes import guarded
from devtools.services import Services

def work():
    services = Services(Home(sys.argv[1]).make())
    try:
        for number, code in enumerate(sys.argv[2:]):
            services.start(f"service-{number}", [sys.executable, "-c", code], cwd=sys.argv[1])
        print(os.getpid(), flush=True)
        services.watch()
    finally:
        services.stop(patience=1)

sys.exit(guarded(work))
"""
SLEEP = "import time; time.sleep(300)"


@pytest.fixture
def supervisor(tmp_path, living):
    """Return a function that starts a supervisor of services, and gives the numbers of its two processes."""
    home = tmp_path / "home"
    started = []

    def start(*services):
        front = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, home, *services],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(front)
        back = int(front.stdout.readline())
        deadline = time.monotonic() + 5
        while len(living(home)) < len(services) and time.monotonic() < deadline:
            time.sleep(0.02)
        return front, back

    yield start
    for front in started:
        front.kill()
        front.communicate()
    for pid in living(home, patience=5):
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("victims", "number"),
    [
        ("front", signal.SIGINT),
        ("front", signal.SIGTERM),
        ("front", signal.SIGHUP),
        ("front", signal.SIGKILL),
        ("back", signal.SIGKILL),
    ],
)
def test_no_process_is_left_not_even_a_stray_one(supervisor, living, tmp_path, victims, number):
    front, back = supervisor(SLEEP, PARENT_OF_A_STRAY)
    deadline = time.monotonic() + 5
    while len(living(tmp_path / "home")) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(living(tmp_path / "home")) == 3

    os.kill(front.pid if victims == "front" else back, number)

    front.wait(15)
    assert living(tmp_path / "home", patience=10) == []


def test_no_service_is_left_when_both_supervisors_are_killed_at_one_blow(supervisor, living, tmp_path):
    front, back = supervisor(SLEEP, SLEEP)
    assert len(living(tmp_path / "home")) == 2

    os.kill(front.pid, signal.SIGSTOP)  # so that neither can react to the other's death
    os.kill(back, signal.SIGKILL)
    os.kill(front.pid, signal.SIGKILL)

    assert living(tmp_path / "home", patience=5) == []


def test_a_service_that_dies_is_named_with_the_end_of_its_log_and_all_stop(supervisor, living, tmp_path):
    front, _ = supervisor(SLEEP, "import time; time.sleep(0.3); print('out of ink'); raise SystemExit(3)")

    _, errors = front.communicate(timeout=15)

    assert front.returncode == 1
    assert errors == "dev: service-1 died (exit code 3); its log ends:\nout of ink\n"
    assert living(tmp_path / "home") == []


def test_a_service_left_by_an_earlier_run_is_stopped_at_the_next_start(tmp_path, living):
    home = Home(tmp_path).make()
    with subprocess.Popen(SLEEPER, cwd=tmp_path) as left:
        _note(home, [left.pid, started_at(left.pid)])
        Services(home).stop_leftovers()
        assert left.wait(5) != 0


def test_a_later_process_with_the_same_number_is_left_alone(tmp_path):
    home = Home(tmp_path).make()
    with subprocess.Popen(SLEEPER, cwd=tmp_path) as stranger:
        _note(home, [stranger.pid, started_at(stranger.pid) - 1])
        Services(home).stop_leftovers()
        assert stranger.poll() is None
        stranger.kill()


def _note(home, *processes):
    boot = Path("/proc/sys/kernel/random/boot_id").read_text()
    home.write("processes.json", {"boot": boot, "processes": list(processes)})
