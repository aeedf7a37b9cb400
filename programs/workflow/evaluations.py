"""An evaluation's way: asked at the end of a placement → answered, missed or waived. A missed one may still come in.

Arithmetic over the database: a round twice, twice at once or after a pause of days asks nobody twice.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record, transition
from programs.evaluating import ANSWER_WITHIN_DAYS, evaluators_of, heard_until, step_of
from programs.models import Cohort, Evaluation, Placement

State = Evaluation.State
KIND = "evaluation_request"


@transition(
    Evaluation,
    source=[State.OPEN, State.MISSED, State.ANSWERED],
    target=State.ANSWERED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Record the answer"),
)
def answer(evaluation, *, by, who, channel, on=None, **marks):
    """The supervisor answers by the link, or staff enter what came by phone or on paper, and on which day.

    By the link it may be corrected until the day it is due, and given for the first time for four weeks more: a late
    answer counts. The trail keeps each.
    """
    by_link, today = channel == Placement.Channel.LINK, clock.today()
    if by_link and today > (evaluation.due if evaluation.answered_at else heard_until(evaluation)):
        raise NotNow(_("The day for answering is over. Please call the province."))
    for name, value in marks.items():
        setattr(evaluation, name, value)
    evaluation.answered_at = clock.start_of(on) if on and on < today else clock.now()
    evaluation.answered_name, evaluation.answer_channel = who[:120], channel
    outbox.cancel_about(evaluation, reason=_("answered"), by=by)


@transition(
    Evaluation,
    source=[State.OPEN],
    target=State.MISSED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Count as not answered"),
)
def miss(evaluation, *, by):
    """Nobody answered in time: nobody is reminded any more, and staff call."""
    outbox.cancel_about(evaluation, reason=_("the day for answering is over"), by=by)


@transition(
    Evaluation,
    source=[State.OPEN, State.MISSED],
    target=State.WAIVED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Waive"),
)
def waive(evaluation, *, by, reason):
    """Nobody is asked about this placement, and staff say why."""
    evaluation.waived_reason = reason
    outbox.cancel_about(evaluation, reason=_("waived"), by=by)


# Asking --------------------------------------------------------------------------------------------


def _to_open(today):
    """Settled placements that have ended, as far as an answer could still come in time."""
    ended = Placement.objects.taking_seats().filter(evaluation=None, last_day__lte=today)
    in_time = ended.filter(last_day__gt=today - timedelta(days=ANSWER_WITHIN_DAYS))
    running = (Cohort.State.RUNNING, Cohort.State.COMPLETED, Cohort.State.CLOSED)
    return in_time.filter(enrollment__cohort__state__in=running).order_by("pk")


@transaction.atomic
def _open(pk, *, by):
    """The placement's row is locked: of two rounds at once one asks."""
    placement = Placement.objects.for_board().select_for_update(of=("self",), no_key=True).get(pk=pk)
    if not placement.is_seated or Evaluation.objects.filter(placement=placement).exists():
        return
    evaluation = Evaluation(placement=placement, due=placement.last_day + timedelta(days=ANSWER_WITHIN_DAYS))
    evaluation.save()
    record(evaluation, "ask_evaluation", by=by, target=State.OPEN)


def _key(evaluation, person, step):
    return f"{KIND}:{evaluation.pk}:{evaluation.due.isoformat()}:{step}:{person.email}"


@transaction.atomic
def _ask(pk, people, *, by, say):
    """Ask about one placement, again where its day has come; count the long silent as missed."""
    rows = Evaluation.objects.for_list().select_for_update(of=("self",), no_key=True)
    evaluation, today, count = rows.get(pk=pk), clock.today(), 0
    if evaluation.state != State.OPEN:
        return 0
    if today > evaluation.due:
        miss(evaluation, by=by)
        say(f"missed: {evaluation}")
        return 0
    step = step_of(evaluation.placement.last_day, today)
    for person in people:
        key = _key(evaluation, person, step)
        due = outbox.next_working_morning(today, person.time_zone)
        mail = outbox.put(
            KIND, to=person, about=evaluation, key=key, due=due, context={"reminder": step > 0}, reminder=True
        )
        if mail.key == key:
            say(f"{mail.due:%Y-%m-%d %H:%M} {KIND} → {mail.address}: {evaluation}")
            count += 1
    return count


def due_work(*, say):
    """One round: open what has ended, ask and ask again, count what is over as missed. Returns how many mails it put.

    Two queries where nothing is due.
    """
    by, today = System("due work"), clock.today()
    for pk in list(_to_open(today).values_list("pk", flat=True)):
        _open(pk, by=by)
    waiting = list(Evaluation.objects.unanswered().for_list().order_by("due", "pk"))
    if not waiting:
        return 0
    asked = evaluators_of([evaluation.placement for evaluation in waiting])
    steps = {one.pk: step_of(one.placement.last_day, today) for one in waiting}
    keys = [_key(one, person, steps[one.pk]) for one in waiting for person in asked[one.placement_id]]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    found = 0
    for one in waiting:
        people = [person for person in asked[one.placement_id] if _key(one, person, steps[one.pk]) not in put]
        if people or today > one.due:
            found += _ask(one.pk, people, by=by, say=say)
    return found
