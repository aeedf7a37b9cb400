import json

from django.core.management.base import BaseCommand
from django.db.models import Count

from portal.mail import troubles
from portal.mail.health import outbox_health
from portal.mail.models import OutgoingMail


class Command(BaseCommand):
    help = (
        "Say how the outbox stands: what is due, counts by state and kind, and the rows that need a person."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="as JSON, for a monitor")

    def handle(self, *, json: bool, **options):
        report = {
            **outbox_health(),
            "states": self._states(),
            "kinds": self._kinds(),
            "needing_a_person": self._rows(),
        }
        self.stdout.write(_as_json(report) if json else _as_text(report))

    def _states(self):
        counts = OutgoingMail.objects.order_by("state").values_list("state")
        return dict(counts.annotate(count=Count("pk")))

    def _rows(self):
        """What stands failed or uncertain, oldest first; no names and no addresses."""
        rows = (
            OutgoingMail.objects.needing_a_person().annotate(trouble=troubles.named()).order_by("due", "pk")
        )
        fields = ("pk", "kind", "state", "trouble", "last_error_code", "last_error", "attempts", "due")
        return [{**row, "due": row["due"].isoformat()} for row in rows.values(*fields)]

    def _kinds(self):
        counts = OutgoingMail.objects.order_by("kind", "state").values_list("kind", "state")
        kinds = {}
        for kind, state, count in counts.annotate(count=Count("pk")):
            kinds.setdefault(kind, {})[state] = count
        return kinds


def _as_json(report):
    return json.dumps(report, indent=2, sort_keys=True)


def _as_text(report):
    apart = ("kinds", "states", "needing_a_person")
    lines = [f"{name.replace('_', ' ')}: {value}" for name, value in report.items() if name not in apart]
    for kind, states in report["kinds"].items():
        lines.append(f"{kind}: " + ", ".join(f"{count} {state}" for state, count in states.items()))
    for row in report["needing_a_person"]:
        lines.append(f"#{row['pk']} {row['kind']}: {row['state']}, {row['trouble']}, {row['last_error']}")
    return "\n".join(lines)
