"""`./dev manage …`: Django's command line, with the servers and the environment of `./dev run`."""

import sys

from .. import servers
from ..console import console
from ..home import Home
from ..install import RUNTIME, packages
from ..paths import LOCAL, PYTHON, ROOT
from ..processes import foreground
from ..services import Services
from .run import SETTINGS


def main(args):
    """Use the servers that run in this checkout, else start them for as long as the command takes."""
    console.stream = sys.stderr  # stdout is the command's: ./dev manage dumpdata > file
    home = Home(LOCAL).make()
    running = home.holder()
    if running.get("addresses") and home.is_locked():
        return _manage(args, home, running["addresses"])
    home.lock("manage")
    packages(RUNTIME)
    services = Services(home)
    try:
        addresses = servers.start(home, services)
        home.describe(addresses=addresses)
        return _manage(args, home, addresses)
    finally:
        services.stop()


def _manage(args, home, addresses):
    return foreground(
        [PYTHON, "manage.py", *args], cwd=ROOT, env=servers.environment(home, SETTINGS, addresses)
    )
