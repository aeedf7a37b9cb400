"""How the board is laid out: the weeks, a trainee's placements in lines of cells, and what each cell says."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.records import clock
from portal.records.approximate import span_words
from portal.ui.badges import look_of
from programs.models import Placement
from programs.rules import weeks_of

State = Placement.State


@dataclass(frozen=True)
class Cell:
    """Some weeks of one line of the board: a placement with its look and word, or days without a place."""

    weeks: int
    first_day: date
    last_day: date
    word: str
    placement: Placement | None = None
    role: str = ""
    icon: str = ""
    hospital: str = ""
    department: str = ""
    url: str = ""
    is_draft: bool = False
    is_proposed: bool = False

    @property
    def days(self):
        return span_words(self.first_day, self.last_day)


def board_weeks(cohort, placements):
    """The weeks to show, as (monday, friday) pairs: those of the cohort, and of any placement outside it.

    Where only the month or year of an end is known, the placements alone say where the weeks begin or end, so
    that the board never shows weeks in which perhaps nobody was there.
    """
    firsts = [placement.first_day for placement in placements]
    lasts = [placement.last_day for placement in placements]
    if cohort.starts.precision == "day" or not firsts:
        firsts.append(cohort.first_day)
    if cohort.ends.precision == "day" or not lasts:
        lasts.append(cohort.last_day)
    if "year" in (cohort.starts.precision, cohort.ends.precision) and not placements:
        return []
    return weeks_of(min(firsts), max(lasts))


def week_heads(weeks):
    """The days of each week in words."""
    return [span_words(monday, friday) for monday, friday in weeks]


def lines_of(placements, weeks, in_conflict, proposed=()):
    """The trainee's placements in as few lines as their weeks allow; a declined one yields to any other.

    What is proposed stands in the weeks of the first line that have no place.
    """
    live = [placement for placement in placements if placement.state != State.DECLINED]
    covered = {week for placement in live for week in weeks_touched(placement, weeks)}
    declined = [
        placement
        for placement in placements
        if placement.state == State.DECLINED and covered.isdisjoint(weeks_touched(placement, weeks))
    ]
    lines, until = [], []
    for placement in sorted(live + declined, key=lambda placement: (placement.first_day, placement.pk)):
        spans = weeks_touched(placement, weeks)
        place = next((index for index, week in enumerate(until) if week < spans[0]), None)
        if place is None:
            place = len(lines)
            lines.append([])
            until.append(-1)
        lines[place].append((spans, placement))
        until[place] = spans[-1]
    first, *others = lines or [[]]
    return [
        _cells(first, weeks, in_conflict, proposed),
        *(_cells(line, weeks, in_conflict) for line in others),
    ]


def weeks_touched(placement, weeks):
    """The indexes of the weeks a placement touches; a weekend counts to the week before it."""
    first = (placement.first_day - weeks[0][0]).days // 7
    last = (placement.last_day - weeks[0][0]).days // 7
    return range(first, last + 1)


def _cells(line, weeks, in_conflict, proposed=()):
    cells, week = [], 0
    for spans, placement in line:
        cells += _free(week, spans[0] - 1, weeks, proposed)
        cells.append(_stay(placement, len(spans), placement.pk in in_conflict))
        week = spans[-1] + 1
    return cells + _free(week, len(weeks) - 1, weeks, proposed)


def _free(first, last, weeks, proposed):
    """The cells of weeks without a placement: what is proposed for them, and days without a place."""
    cells = []
    for line in proposed:
        spans = weeks_touched(line, weeks)
        if first <= spans[0] and spans[-1] <= last:
            cells += [_gap(first, spans[0] - 1, weeks)] if spans[0] > first else []
            cells.append(_proposal(line, len(spans)))
            first = spans[-1] + 1
    return [*cells, _gap(first, last, weeks)] if first <= last else cells


def _proposal(line, weeks):
    return Cell(
        weeks=weeks,
        first_day=line.first_day,
        last_day=line.last_day,
        word=_("Proposed, not sent"),
        icon="light-bulb",
        hospital=line.department.hospital.short,
        department=line.department.label,
        url=reverse("programs:cohort-proposal", args=[line.proposal.cohort_id]),
        is_proposed=True,
    )


def _stay(placement, weeks, in_conflict):
    role, icon = look_of("placement", placement.state)
    word = _word(placement)
    if in_conflict:
        role, icon = "stop", "exclamation-triangle"
        word = _("%(state)s, in conflict") % {"state": word}
    return Cell(
        weeks=weeks,
        first_day=placement.first_day,
        last_day=placement.last_day,
        word=word,
        placement=placement,
        role=role,
        icon=icon,
        hospital=placement.department.hospital.short,
        department=placement.department.label,
        url=url_of(placement),
        is_draft=placement.state == State.DRAFT,
    )


def url_of(placement, may_place=True):
    """Where a click on a placement leads: a draft is rearranged by whoever may, anything else is read."""
    name = "placement-move" if may_place and placement.state == State.DRAFT else "placement-detail"
    return reverse(f"programs:{name}", args=[placement.pk])


def weeks_covered(placements, weeks):
    """The indexes of the weeks in which the trainee has a place; what a hospital declined is none."""
    live = (placement for placement in placements if placement.state != State.DECLINED)
    covered = {week for placement in live for week in weeks_touched(placement, weeks)}
    return covered.intersection(range(len(weeks)))


def _word(placement):
    """The state of a placement, with the day of what somebody waits for or was told; halves of days are named."""
    word = State(placement.state).label  # get_state_display() would look at every choice, thousands of times
    if placement.state == State.REQUESTED:
        word = _word_of_request(placement)
    elif placement.state == State.DECLINED:
        word = _("Declined %(day)s") % {"day": _month_day(placement.answered_at)}
    if placement.half != Placement.Half.WHOLE:
        word = _("%(state)s, %(half)s") % {"state": word, "half": placement.get_half_display()}
    return word


def _word_of_request(placement):
    """Whom it waits for, and since when: us, a supervisor, or the hospital."""
    if placement.proposal_at:
        return _("Other days proposed %(day)s") % {"day": _month_day(placement.proposal_at)}
    if placement.forwarded_at:
        return _("Handed on %(day)s") % {"day": _month_day(placement.forwarded_at)}
    silent = is_silent(placement, clock.today())
    word = _("Requested %(day)s, silent") if silent else _("Requested %(day)s")
    return word % {"day": _month_day(placement.requested_at)}


def _month_day(moment):
    return date_format(moment.astimezone(clock.SEOUL), "MONTH_DAY_FORMAT")


def _gap(first, last, weeks):
    """The weeks from one index to another, in which the trainee has no place."""
    word = _("Place in week %(first)s") if first == last else _("Place in weeks %(first)s to %(last)s")
    return Cell(
        last - first + 1, weeks[first][0], weeks[last][1], word % {"first": first + 1, "last": last + 1}
    )


def is_silent(placement, today):
    """Whether the hospital should have answered before `today` and has not said a word (Placement.silent)."""
    promised = placement.answer_promised
    if placement.proposal_at or placement.forwarded_at or (promised and promised >= today):
        return False
    return placement.state == State.REQUESTED and placement.answer_due < today
