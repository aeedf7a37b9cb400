from contextlib import nullcontext

from django.core.management.base import BaseCommand

from portal.records import clock
from programs.workflow import retention

from .due_work import _day


class Command(BaseCommand):
    """What the due work does each day by itself, by hand: for a day of one's own, or to see what would go."""

    help = "Erases passport numbers and papers whose time is over, and says whose (by number) and how many."

    def add_arguments(self, parser):
        parser.add_argument(
            "--as-of", type=_day, metavar="DATE", help="as if today were this day (YYYY-MM-DD)"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, **options):
        day = options["as_of"]
        with clock.at(day) if day else nullcontext():
            erased = retention.erase_due(say=self.stdout.write, dry_run=options["dry_run"])
        words = "would be erased" if options["dry_run"] else "erased"
        self.stdout.write(f"{erased} {words}.")
