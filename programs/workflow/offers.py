"""The reserve list in its order, and seats that become free: each is offered to the first whom nothing is offered yet.

An offer is open → taken | passed. Whoever calls these holds the lock of the cohort: two seats that become free at
once are offered to two people.
"""

from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.records.transitions import record, transition
from programs.models import Cohort, Enrollment, Offer

State = Offer.State
# While the training has not begun, somebody else can still come.
OFFERED_IN = (Cohort.State.NOMINATING, Cohort.State.SELECTING, Cohort.State.PLACING)


def reserve_of(cohort):
    """The reserve list in its order."""
    waiting = cohort.enrollments.filter(state=Enrollment.State.RESERVE)
    return waiting.order_by(F("reserve_rank").asc(nulls_last=True), "pk")


def last_place(cohort):
    """The place of whoever comes onto the list next."""
    return (reserve_of(cohort).order_by().aggregate(last=Max("reserve_rank"))["last"] or 0) + 1


def leave_list(enrollment):
    """Take the enrollment off the list, to be saved by its verb; those behind move up."""
    if enrollment.reserve_rank is not None:
        behind = reserve_of(enrollment.cohort).filter(reserve_rank__gt=enrollment.reserve_rank)
        behind.update(reserve_rank=F("reserve_rank") - 1)
    enrollment.reserve_rank = None


def offer_next(cohort, freed_by, *, by):
    """Offer the seat that `freed_by` left to the first on the list whom nothing is offered yet; None if nobody is.

    Who was passed over for this very seat is not asked again.
    """
    if cohort.state not in OFFERED_IN:
        return None
    busy = Offer.objects.waiting().filter(enrollment__cohort=cohort).values("enrollment")
    asked = Offer.objects.filter(freed_by=freed_by).values("enrollment")
    first = reserve_of(cohort).exclude(pk__in=busy).exclude(pk__in=asked).first()
    if first is None:
        return None
    offer = Offer.objects.create(enrollment=first, freed_by=freed_by)
    record(offer, "offer", by=by, target=State.OPEN)
    return offer


def open_offer(enrollment):
    """The seat that is offered to the person now, or None."""
    return Offer.objects.filter(enrollment=enrollment, state=State.OPEN).select_related("freed_by").first()


def settle(enrollment, *, by, taken):
    """With the decision on the person the seat that was offered to them is taken, or goes to the next."""
    offer = open_offer(enrollment)
    if offer is None:
        return
    if taken:
        take(offer, by=by)
    else:
        pass_over(offer, by=by, reason=_("no longer on the reserve list"))


def _lock_cohort(offer):
    Cohort.objects.select_for_update(no_key=True).get(pk=offer.enrollment.cohort_id)


@transition(
    Offer,
    source=[State.OPEN],
    target=State.TAKEN,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Take the seat"),
    lock_first=_lock_cohort,
)
def take(offer, *, by):
    """The person comes: part of accepting them, which is what staff ask for."""


@transition(
    Offer,
    source=[State.OPEN],
    target=State.PASSED,
    permission=Permission.RUN_COHORTS,
    label=gettext_lazy("Pass over"),
    lock_first=_lock_cohort,
)
def pass_over(offer, *, by, reason):
    """The person does not take the seat: it is offered to the next. They stay where they are on the list."""
    offer_next(offer.enrollment.cohort, offer.freed_by, by=by)
