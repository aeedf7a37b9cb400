"""What placements say against changes of hospitals and departments, which know nothing of them."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospitals.models import Department, Hospital
from portal.records import clock
from portal.records.approximate import span_words
from portal.records.objections import objects_to

from .models import Placement
from .seat_count import SeatCount


def _to_come(**where):
    """Placements that are drafted, asked for or confirmed, and not over."""
    return Placement.objects.filter(
        state__in=Placement.UNDER_WAY, last_day__gte=clock.today(), **where
    ).order_by("-last_day")


@objects_to(Department, "archive")
def placed_in_department(department):
    return _words_for(_to_come(department=department))


@objects_to(Hospital, "archive")
def placed_in_hospital(hospital):
    return _words_for(_to_come(department__hospital=hospital))


def _words_for(placements):
    number = placements.count()
    if not number:
        return []
    words = ngettext(
        "%(number)s trainee is still to be here, until %(day)s. Move or cancel that placement first.",
        "%(number)s trainees are still to be here, the last until %(day)s. Move or cancel those placements first.",
        number,
    )
    return [words % {"number": number, "day": date_format(placements[0].last_day)}]


@objects_to(Department, "merge")
def more_than_the_seats(keep, lose):
    """Two departments together never have more confirmed trainees than the one that stays has seats (invariant 1)."""
    seated = list(
        Placement.objects.taking_seats().filter(department__in=[keep, lose], last_day__gte=clock.today())
    )
    if not seated:
        return []
    first_day, last_day = min(one.first_day for one in seated), max(one.last_day for one in seated)
    count = SeatCount(first_day, last_day)
    for placement in seated:
        placement.department_id = keep.pk
        count.take(placement)
    fullest = count.fullest(keep.pk, first_day, last_day)
    if fullest <= keep.seats:
        return []
    words = _(
        "Together they have %(people)s confirmed trainees on one day; seats of %(name)s: %(seats)s. "
        "Change the seats first."
    )
    return [words % {"people": fullest, "name": keep, "seats": keep.seats}]


@objects_to(Department, "seats")
def confirmed_beyond(department, *, seats):
    """Fewer seats than are confirmed on some day from today on."""
    seated = _seated(department, clock.today(), None)
    if not seated:
        return []
    first_day, last_day = max(seated[0].first_day, clock.today()), max(one.last_day for one in seated)
    count = SeatCount(first_day, last_day)
    for placement in seated:
        count.take(placement)
    fullest = count.fullest(department.pk, first_day, last_day)
    if fullest <= seats:
        return []
    words = _("Confirmed on one day: %(people)s. Seats there would be: %(seats)s.")
    return [words % {"people": fullest, "seats": seats}, *_people(seated)]


@objects_to(Department, "closure")
def confirmed_in_closed_days(department, *, first_day, last_day):
    """Who is confirmed on days on which the department would be closed."""
    seated = _seated(department, max(first_day, clock.today()), last_day)
    return [_("On these days the following are confirmed:"), *_people(seated)] if seated else []


def _seated(department, first_day, last_day):
    placements = Placement.objects.taking_seats().filter(department=department, last_day__gte=first_day)
    if last_day is not None:
        placements = placements.filter(first_day__lte=last_day)
    return list(placements.select_related("trainee").order_by("first_day", "pk"))


def _people(placements):
    return [
        _("%(name)s, %(days)s")
        % {"name": one.trainee.display_name, "days": span_words(one.first_day, one.last_day)}
        for one in placements
    ]
