"""`./dev bench [arguments]`: the benchmarks, on servers and data of their own."""

from .. import servers
from ..home import Home
from ..install import RUNTIME, packages
from ..paths import LOCAL, PYTHON, ROOT
from ..processes import foreground
from ..services import Services
from .run import SETTINGS


def main(args):
    """Start the servers of `.local/bench`, whose data stays for the next time, and run the benchmarks."""
    Home(LOCAL).make()
    home = Home(LOCAL / "bench").make()
    home.lock("bench")
    packages(RUNTIME)
    services = Services(home)
    try:
        addresses = servers.start(home, services, throwaway=True)
        environment = servers.environment(home, SETTINGS, addresses)
        return foreground([PYTHON, ROOT / "benchmarks" / "run.py", *args], cwd=ROOT, env=environment)
    finally:
        services.stop()
