"""What trainees say at the end, and what they set out to learn: asked by mail, answered once, on one page."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.transitions import NotNow, record
from programs.evaluating import ANSWER_WITHIN_DAYS, feedback_is_open, step_of
from programs.models import (
    Cohort,
    Enrollment,
    HospitalFeedback,
    Objective,
    ObjectiveRating,
    ProgramFeedback,
)

KIND = "feedback_request"


def _require_own(enrollment, by):
    if not by.has(Permission.RUN_COHORTS) and enrollment.trainee.user_id != getattr(by, "pk", None):
        raise PermissionDenied


@transaction.atomic
def give(enrollment, *, by, program, hospitals, objectives):
    """Keep what somebody says: of the program, of each hospital (by its key), and how far they came with each aim.

    Once given it stands: results are counted from five people on, and a change would tell whose it is.
    """
    kept = Enrollment.objects.select_for_update(no_key=True, of=("self",)).select_related("cohort", "trainee")
    kept = kept.get(pk=enrollment.pk)
    if not feedback_is_open(kept.cohort):
        raise NotNow(_("The time for this is over, or has not come yet."))
    if ProgramFeedback.objects.filter(enrollment=kept).exists():
        raise NotNow(_("You have answered already. Thank you."))
    ProgramFeedback.objects.create(enrollment=kept, **program)
    for hospital, marks in hospitals.items():
        HospitalFeedback.objects.create(enrollment=kept, hospital_id=hospital, **marks)
    for objective in kept.objectives.filter(pk__in=objectives):
        ObjectiveRating.objects.create(objective=objective, rating=objectives[objective.pk])
    # The trail says that, not what.
    record(kept, "give_feedback", by=by)
    outbox.cancel_about(kept, reason=_("answered"), by=by, kinds=[KIND])


@transaction.atomic
def set_objectives(enrollment, texts, *, by):
    """Keep up to three objectives. They stand once one of them is rated."""
    _require_own(enrollment, by)
    kept = Enrollment.objects.select_for_update(no_key=True).get(pk=enrollment.pk)
    standing = {one.position: one for one in kept.objectives.all()}
    if ObjectiveRating.objects.filter(objective__in=standing.values()).exists():
        raise NotNow(_("The objectives are rated already; they stand."))
    changed = False
    for position, text in enumerate(texts, start=1):
        before = standing.get(position)
        if before is not None and not text:
            before.delete()
        elif before is not None and before.text != text:
            before.text = text
            before.save(update_fields=["text"])
        elif before is None and text:
            Objective.objects.create(enrollment=kept, position=position, text=text)
        else:
            continue
        changed = True
    if changed:
        record(kept, "set_objectives", by=by)


# Asking --------------------------------------------------------------------------------------------


def _key(enrollment, step):
    return f"{KIND}:{enrollment.pk}:{enrollment.cohort.last_day.isoformat()}:{step}"


def _silent(today):
    """Who took part to the end, has not said how it was, and still can."""
    earliest = today - timedelta(days=ANSWER_WITHIN_DAYS)
    states = (Cohort.State.RUNNING, Cohort.State.COMPLETED, Cohort.State.CLOSED)
    rows = Enrollment.objects.filter(
        state__in=[Enrollment.State.IN_TRAINING, Enrollment.State.COMPLETED, Enrollment.State.NOT_COMPLETED],
        cohort__state__in=states,
        cohort__ends__latest__range=(earliest, today),
        program_feedback=None,
    )
    return rows.select_related("cohort", "trainee__institution__region").order_by("pk")


@transaction.atomic
def _ask(enrollment, key, step, *, say):
    due = outbox.morning_for(enrollment.trainee, clock.today())
    facts = {"key": key, "due": due, "context": {"reminder": step > 0}, "reminder": True}
    mail = outbox.put(KIND, to=enrollment.trainee, about=enrollment, **facts)
    if mail.key != key:
        return 0
    say(f"{mail.due:%Y-%m-%d %H:%M} {KIND} → {mail.address}: {enrollment}")
    return 1


def due_work(*, say):
    """One round: ask who is at the end of their training, and again who is silent. One query where nothing is due."""
    today = clock.today()
    asked = []
    for enrollment in _silent(today):
        step = step_of(enrollment.cohort.last_day, today)
        asked.append((enrollment, step, _key(enrollment, step)))
    if not asked:
        return 0
    keys = [key for _one, _step, key in asked]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(_ask(one, key, step, say=say) for one, step, key in asked if key not in put)
