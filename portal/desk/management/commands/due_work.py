from datetime import date

from django.core.management.base import BaseCommand, CommandError

from portal.desk import due


def _day(text):
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is not a day; write it as 2026-12-31.") from error


class Command(BaseCommand):
    """One round of due work by hand: after a pause, before a holiday, or to see what a day will bring."""

    help = "Does one round of due work (follow-ups and their reminders) and says what it put."

    def add_arguments(self, parser):
        parser.add_argument(
            "--as-of", type=_day, metavar="DATE", help="as if today were this day (YYYY-MM-DD)"
        )

    def handle(self, **options):
        count = due.run(as_of=options["as_of"], say=self.stdout.write)
        self.stdout.write(f"{count} mail(s) put.")
