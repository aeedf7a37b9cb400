"""What is still open of what hospitals ask trainees to bring or show, in sentences."""

from django.utils.translation import gettext as _

from .models import Placement


def still_open(**of):
    """A sentence for each placement of these (`enrollment__cohort=…`) that has something open. One query."""
    rows = Placement.objects.for_board().with_conditions().filter(**of).order_by("first_day", "pk")
    return [_sentence(placement) for placement in rows if placement.open_conditions]


def _sentence(placement):
    facts = {
        "name": placement.trainee.display_name,
        "hospital": placement.department.hospital.short,
        "words": ", ".join(placement.open_conditions),
    }
    return _("Still open: %(name)s has to show %(hospital)s: %(words)s") % facts
