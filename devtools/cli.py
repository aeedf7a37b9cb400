"""The words that `./dev` understands."""

import importlib
import os

from .console import Problem, complain, say
from .processes import guarded

HELP = """\
./dev run             the portal with its demo at http://127.0.0.1:8000, until Ctrl-C
./dev test [ARGS]     all tests; ARGS go to pytest
./dev check           style, layers, migrations, deployment, templates, translations
./dev manage ARGS     Django's command line, with the servers of ./dev run
./dev bench [ARGS]    the benchmarks
./dev lock [ARGS]     newer packages into requirements*.txt; ARGS go to uv (--upgrade)

From the environment: PORT, and DATABASE_URL, REDIS_URL, EMAIL_URL in place of the checkout's own servers.
Data, logs and secrets of this checkout lie in .local/, packages in .venv/; delete both to begin anew."""
COMMANDS = ("run", "test", "check", "manage", "bench", "lock")


def main(argv):
    """Run one command and return the exit code."""
    name, *args = argv or ["help"]
    if name in ("help", "-h", "--help"):
        say(HELP)
        return 0
    if name not in COMMANDS:
        complain(Problem(f"There is no command {name!r}; ./dev help lists them."))
        return 1
    os.umask(os.umask(0) | 0o022)  # never writable for others, whatever the shell says
    return guarded(lambda: importlib.import_module(f".commands.{name}", __package__).main(args))
