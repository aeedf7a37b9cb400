"""An enrollment's way: nominated → accepted, reserve or rejected; accepted → in training → completed or not."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Hospital
from participants.models import Graduation
from participants.workflow import followups
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.approximate import ApproximateDate
from portal.records.transitions import NotNow, record, transition
from programs import completion, eligibility, rules
from programs.models import Certificate, Cohort, Enrollment

from . import letters, offers, placements

State = Enrollment.State


@transaction.atomic
def nominate(cohort, trainee, *, by, **facts):
    """Put a trainee's name forward for the cohort; `facts` say who nominates and recommends, and what is wished.

    Raises PermissionDenied, or NotNow once the cohort takes nobody.
    """
    if not by.has(Permission.RUN_COHORTS):
        raise PermissionDenied
    # The cohort is locked: a name put forward twice at once is told so in words, and a closed door stays closed.
    if not Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk).takes_nominations:
        raise NotNow(_("The cohort takes no nominations now."))
    if cohort.enrollments.filter(trainee=trainee).exists():
        raise NotNow(_("%(name)s is in this cohort already.") % {"name": trainee})
    enrollment = Enrollment(cohort=cohort, trainee=trainee, **facts)
    enrollment.save()
    record(enrollment, "nominate", by=by, target=State.NOMINATED)
    letters.tell(enrollment, "nomination_received")
    return enrollment


def _lock_cohort(enrollment):
    Cohort.objects.select_for_update(no_key=True).get(pk=enrollment.cohort_id)


@transition(
    Enrollment,
    source=[State.NOMINATED, State.RESERVE],
    target=State.ACCEPTED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Accept"),
    lock_first=_lock_cohort,
)
def accept(enrollment, *, by, note=""):
    """The trainee comes, as far as there are seats and the rules allow. The cohort is locked: a seat is given once."""
    refused = eligibility.against(enrollment)
    if refused:
        raise NotNow(refused)
    offers.settle(enrollment, by=by, taken=True)
    offers.leave_list(enrollment)
    letters.tell(enrollment, "nomination_accepted")


@transition(
    Enrollment,
    source=[State.NOMINATED],
    target=State.RESERVE,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Put on the reserve list"),
    lock_first=_lock_cohort,
)
def put_on_reserve(enrollment, *, by, note=""):
    """The trainee comes if somebody else does not; last on the list, whose order staff may change."""
    enrollment.reserve_rank = offers.last_place(enrollment.cohort)
    letters.tell(enrollment, "nomination_reserve")


@transition(
    Enrollment,
    source=[State.NOMINATED, State.RESERVE],
    target=State.REJECTED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Reject"),
    lock_first=_lock_cohort,
)
def reject(enrollment, *, by, reason):
    """The trainee does not come this time."""
    offers.settle(enrollment, by=by, taken=False)
    offers.leave_list(enrollment)
    letters.tell(enrollment, "nomination_rejected", reason=reason)


@transition(
    Enrollment,
    source=[State.ACCEPTED],
    target=State.IN_TRAINING,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Start training"),
)
def start_training(enrollment, *, by):
    """The trainee has arrived, not before the cohort's first day."""
    early = rules.not_begun(enrollment.cohort)
    if early:
        raise NotNow(early)


def _end(enrollment, ended_on=None):
    """The actual last day: the one given, else the cohort's, or today where that is earlier. Raises NotNow."""
    cohort, today = enrollment.cohort, clock.today()
    day = ended_on or min(cohort.last_day, today)
    if not cohort.first_day <= day <= min(cohort.last_day, today):
        raise NotNow(
            _("The actual end lies in the cohort’s dates, %(dates)s, and not after today.")
            % {"dates": cohort.dates}
        )
    return day


def _settle_placements(enrollment, *, by, reason):
    """With the training its placements end: what is over is completed, what is not over or answered is cancelled."""
    today = clock.today()
    for placement in enrollment.placements.filter(state__in=placements.cancel.verb.sources).order_by("pk"):
        seated = placement.state in placements.complete.verb.sources
        if seated and placement.last_day <= today:
            placements.complete(placement, by=by)
        else:
            placements.cancel(placement, by=by, reason=reason)


@transition(
    Enrollment,
    source=[State.IN_TRAINING],
    target=State.COMPLETED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Complete"),
)
def complete(enrollment, *, by, ended_on=None):
    """The training is over and done: a line in the alumni register, follow-ups, and an eligible certificate.

    Only where every rule of the program is met, or staff have made an exception.
    """
    enrollment.ended_on = _end(enrollment, ended_on)
    refused = completion.against(enrollment)
    if refused:
        raise NotNow(refused)
    _settle_placements(enrollment, by=by, reason=_("The training is over."))
    program = enrollment.cohort.program
    name, name_ko = enrollment.cohort.program_names  # of that year, as the certificate prints it
    graduation = Graduation.objects.create(
        trainee=enrollment.trainee,
        program_name=name,
        program_name_ko=name_ko,
        program_kind=program.kind,
        completed=ApproximateDate.of(enrollment.ended_on),
    )
    graduation.hospitals.set(
        Hospital.objects.filter(departments__placements__in=enrollment.placements.taking_seats()).distinct()
    )
    enrollment.graduation = graduation
    followups.plan(graduation, enrollment.ended_on, program.follow_up_months)
    Certificate.objects.create(enrollment=enrollment)


def move_end(enrollment, day, *, by):
    """The cohort's end has moved after this training was completed with it: the register and follow-ups go along.

    A certificate that was issued keeps what is printed on it.
    """
    enrollment.ended_on = day
    enrollment.save(update_fields=["ended_on"])
    graduation = enrollment.graduation
    graduation.completed = ApproximateDate.of(day)
    graduation.save(update_fields=["completed"])
    record(enrollment, "change", by=by, data={"fields": ["ended_on"]})
    followups.move(graduation, day, by=by)


@transition(
    Enrollment,
    source=[State.IN_TRAINING],
    target=State.NOT_COMPLETED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Not completed"),
)
def fail(enrollment, *, by, reason):
    """The training ended without its completion: no certificate, no follow-up."""
    cohort = enrollment.cohort
    enrollment.ended_on = max(cohort.first_day, min(cohort.last_day, clock.today()))
    _settle_placements(enrollment, by=by, reason=reason)


@transition(
    Enrollment,
    source=[State.NOMINATED, State.RESERVE, State.ACCEPTED, State.IN_TRAINING],
    target=State.WITHDRAWN,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Withdraw"),
    lock_first=_lock_cohort,
)
def withdraw(enrollment, *, by, reason):
    """The trainee does not come or leaves. Placements that are not over are cancelled, and the seats are free.

    The seat of an accepted one is offered to the first on the reserve list.
    """
    gave_up_seat = enrollment.state == State.ACCEPTED
    offers.settle(enrollment, by=by, taken=False)
    offers.leave_list(enrollment)
    for placement in enrollment.placements.filter(state__in=placements.cancel.verb.sources).order_by("pk"):
        placements.cancel(placement, by=by, reason=reason)
    outbox.cancel_about(enrollment, reason=_("withdrawn"), by=by)
    if gave_up_seat:
        offers.offer_next(enrollment.cohort, enrollment, by=by)
