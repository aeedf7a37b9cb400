"""Everything between an empty database and the first page of the demo, in one process."""

import hashlib
import json
import time
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from portal.desk import demo
from portal.ui.translations import compile_catalogs


class Command(BaseCommand):
    """Brings a demo installation up to date; done twice, the second time finds nothing to do."""

    help = "Compiles translations, migrates, collects static files and loads the demo (demo profile only)."
    requires_system_checks = []  # they take a second; `./dev check` makes them
    is_mid_line = False

    def add_arguments(self, parser):
        """Take the file for the list of people, where it is not to be printed."""
        parser.add_argument("--people", type=Path, help="write who can sign in to this file, as JSON")
        parser.add_argument("--ready", type=Path, help="make this file once pages can be served")

    def handle(self, **options):
        """Do the steps in order, saying each."""
        if not settings.DEMO:
            raise CommandError(
                "prepare is for the demo profile; an installation runs migrate and collectstatic."
            )
        self.step("Compiling translations", compile_catalogs)
        self.step("Bringing the database up to date", migrate)
        self.step("Collecting static files", collect_static)
        if options["ready"]:
            options["ready"].touch()
        self.step("Loading the demo", lambda: demo.load(self.say))
        people = [tuple(str(fact) for fact in person) for person in demo.people()]
        if options["people"]:
            options["people"].write_text(json.dumps(people))
            return
        for role, name, address in people:
            self.say(f"{role}: {name} <{address}>")

    def step(self, text, work):
        """Say what begins, and how long it took."""
        began = time.monotonic()
        self.stdout.write(f"{text} … ", ending="")
        self.stdout.flush()
        self.is_mid_line = True
        work()
        self.say(f"{time.monotonic() - began:.1f} s", inline=self.is_mid_line)

    def say(self, line, *, inline=False):
        """Write one line, below the step that it belongs to."""
        if self.is_mid_line and not inline:
            self.stdout.write()
        self.is_mid_line = False
        self.stdout.write(line if inline else f"  {line}")
        self.stdout.flush()


def migrate():
    """Apply what is not applied; when all is, none of migrate's other work is done either."""
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        at = f"{connection.settings_dict['HOST']}:{connection.settings_dict['PORT'] or 5432}"
        raise CommandError(f"The database at {at} does not answer: {str(error).splitlines()[0]}") from error
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def collect_static():
    """Collect static files when any of them changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f"{root.name}.stamp")
    state = static_state()
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == state:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def static_state():
    """Return a digest of all that static files are made of: paths, sizes, dates, and who makes them."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    digest.update(f"{version('django')} {version('whitenoise')}".encode())
    return digest.hexdigest()
