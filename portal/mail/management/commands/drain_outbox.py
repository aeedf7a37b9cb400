import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from portal.mail import delivery
from portal.mail.delivery import DATABASE_DOWN

PAUSE = 5  # seconds


class Command(BaseCommand):
    help = "Send the mails that are due. Needs no broker and no worker; running it beside them does no harm."

    def add_arguments(self, parser):
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="send what is due and end (the default)")
        how.add_argument(
            "--loop", action="store_true", help=f"look again every {PAUSE} seconds, until interrupted"
        )

    def handle(self, *, loop, **options):
        if not loop:
            self.stdout.write(f"{delivery.sweep()} mails taken up.")
            return
        try:
            while True:
                self._look()
                time.sleep(PAUSE)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _look(self):
        close_old_connections()
        try:
            taken = delivery.sweep()
        except DATABASE_DOWN as error:
            self.stderr.write(f"The database does not answer, trying again: {error}")
            return
        if taken:
            self.stdout.write(f"{taken} mails taken up.")
