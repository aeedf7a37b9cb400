import json

from django.core.management.base import BaseCommand
from django.db.models import Count

from portal.mail.health import outbox_health
from portal.mail.models import OutgoingMail


class Command(BaseCommand):
    help = "Say how the outbox stands: what is due, what needs a person, and counts by kind and state."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="as JSON, for a monitor")

    def handle(self, *, json: bool, **options):
        report = {**outbox_health(), "kinds": self._kinds()}
        self.stdout.write(_as_json(report) if json else _as_text(report))

    def _kinds(self):
        counts = OutgoingMail.objects.order_by("kind", "state").values_list("kind", "state")
        kinds = {}
        for kind, state, count in counts.annotate(count=Count("pk")):
            kinds.setdefault(kind, {})[state] = count
        return kinds


def _as_json(report):
    return json.dumps(report, indent=2, sort_keys=True)


def _as_text(report):
    lines = [f"{name.replace('_', ' ')}: {value}" for name, value in report.items() if name != "kinds"]
    for kind, states in report["kinds"].items():
        lines.append(f"{kind}: " + ", ".join(f"{count} {state}" for state, count in states.items()))
    return "\n".join(lines)
