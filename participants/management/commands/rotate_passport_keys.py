from django.core.management.base import BaseCommand
from django.db import transaction

from participants import passports
from participants.models import Passport
from participants.workflow.passports import seal_anew
from portal.records.transitions import NotNow

BATCH = 200


class Command(BaseCommand):
    """After a new key was put first in PASSPORT_KEYS: seals every number with it. May be stopped and run again."""

    help = "Seals passport numbers anew with the first key of PASSPORT_KEYS; a batch at a time, as often as you like."

    def add_arguments(self, parser):
        parser.add_argument(
            "--all",
            action="store_true",
            help="also those that the first key has sealed already: needed after PASSPORT_INDEX_KEY has changed",
        )

    def handle(self, **options):
        passed, done, unreadable = 0, 0, []
        while batch := self._batch(passed, everything=options["all"]):
            passed = batch[-1]
            with transaction.atomic():
                for passport in Passport.objects.select_for_update(no_key=True).filter(pk__in=batch):
                    try:
                        seal_anew(passport)
                        done += 1
                    except NotNow:
                        unreadable.append(passport.trainee_id)
            self.stdout.write(f"{done} sealed")
        key_id = passports.sealing_key_id()
        self.stdout.write(f"{done} number(s) sealed with the key “{key_id}”; the others were already.")
        if unreadable:
            people = ", ".join(str(pk) for pk in unreadable)
            self.stderr.write(f"{len(unreadable)} could not be read; enter them again. Trainees: {people}")

    def _batch(self, passed, *, everything):
        rows = Passport.objects.filter(pk__gt=passed).order_by("pk")
        if not everything:
            rows = rows.exclude(key_id=passports.sealing_key_id())
        return list(rows.values_list("pk", flat=True)[:BATCH])
