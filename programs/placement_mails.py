"""The mails about placements: to hospitals, to whoever they hand a request on to, and to the lead officer."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Coordinator, Hospital
from portal.accounts.roles import Permission
from portal.mail.kinds import NoLongerWanted, kind
from portal.records import clock

from . import answer_links, mail_words
from .models import Placement


def _hospital(mail):
    """The hospital a mail was put for, or the one it was merged into since."""
    hospital = Hospital.objects.select_related("merged_into").get(pk=mail.context["hospital"])
    return hospital.merged_into or hospital


def _require_serving(mail, hospital):
    """A mail may wait for hours: trainees' names go to nobody who has left the hospital meanwhile."""
    if not Coordinator.objects.serving().filter(hospital=hospital, user=mail.recipient_id).exists():
        raise NoLongerWanted(_("this person does not answer for the hospital any more"))


def _asked(mail):
    return Placement.objects.for_board().filter(pk__in=mail.context["placements"]).order_by("first_day", "pk")


def _waits_for_an_answer(mail):
    _require_serving(mail, _hospital(mail))
    if not _asked(mail).awaiting_answer().exists():
        raise NoLongerWanted(_("everything asked for here is answered or cancelled"))


@kind(
    "placement_request",
    template="programs/placement_request",
    label=gettext_lazy("Request to a hospital"),
    wanted=_waits_for_an_answer,
    variables=mail_words.PLACEMENT_REQUEST,
)
def placement_request(mail):
    """One mail to a coordinator about everything their hospital is asked for in a cohort and has not answered."""
    return _request(mail, _asked(mail).awaiting_answer())


def _request(mail, waiting):
    # An example of such a mail, for who words them, may be answered altogether.
    placements, hospital = list(waiting) or list(_asked(mail)), _hospital(mail)
    return {
        "cohort": mail.about,
        "hospital": hospital,
        "placements": placements,
        "answer_due": min(placement.answer_due for placement in placements),
        "words": mail.context.get("words", ""),
        "path": _path(mail, hospital),
    }


def _path(mail, hospital):
    """The page that opens without an account, for a coordinator; the one behind the sign-in for an old example."""
    serving = Coordinator.objects.serving().filter(hospital=hospital, user=mail.recipient_id).first()
    if serving is None:
        return reverse("programs:placement-to-answer")
    return reverse("programs:placement-answer", args=[answer_links.token_for(serving, mail.about)])


def _is_still_silent(mail):
    _require_serving(mail, _hospital(mail))
    if not _asked(mail).silent().exists():
        raise NoLongerWanted(_("the hospital has said something about all of it"))


@kind(
    "placement_reminder",
    template="programs/placement_reminder",
    label=gettext_lazy("Reminder to a silent hospital"),
    wanted=_is_still_silent,
    variables=mail_words.PLACEMENT_REQUEST,
)
def placement_reminder(mail):
    """To a coordinator of a hospital that has not said a word: what still waits there, and until when."""
    found = _request(mail, _asked(mail).silent())
    return found | {"is_late": found["answer_due"] < clock.today()}


def _forwarded(mail):
    rows = Placement.objects.for_board().filter(pk__in=mail.context["items"])
    return rows.order_by("first_day", "pk")


def _waits_for_the_supervisor(mail):
    clinician = mail.recipient
    if clinician is None or clinician.is_archived or not clinician.is_supervisor:
        raise NoLongerWanted(_("this person does not supervise trainees any more"))
    if not _forwarded(mail).awaiting_answer().filter(forwarded_to=clinician).exists():
        raise NoLongerWanted(_("everything asked for here is answered or cancelled"))


@kind(
    "placement_forwarded",
    template="programs/placement_forwarded",
    label=gettext_lazy("Request handed on to a supervisor"),
    wanted=_waits_for_the_supervisor,
    variables=mail_words.PLACEMENT_FORWARDED,
)
def placement_forwarded(mail):
    """To a supervisor: what their coordinator wants them to decide on. One mail for all that was handed on together."""
    waiting = list(_forwarded(mail).awaiting_answer().filter(forwarded_to=mail.recipient_id))
    placements = waiting or list(_forwarded(mail))
    return {
        "cohort": mail.about,
        "hospital": placements[0].department.hospital,
        "placements": placements,
        "answer_due": min(placement.answer_due for placement in placements),
        "path": reverse(
            "programs:placement-answer",
            args=[answer_links.token_for_supervisor(mail.recipient, mail.about)],
        ),
    }


@kind(
    "placement_changed",
    template="programs/placement_changed",
    label=gettext_lazy("Change to a hospital"),
    variables=mail_words.PLACEMENT_CHANGED,
)
def placement_changed(mail):
    """To a coordinator: what was agreed or asked for, and how it stands now. One mail for all that one act changed."""
    serves = Coordinator.objects.serving().filter(user=mail.recipient_id)
    houses = set(serves.values_list("hospital", flat=True))
    rows = Placement.objects.for_board().filter(pk__in=mail.context["placements"]).order_by("first_day", "pk")
    changed = []
    for placement in rows.prefetch_related(
        "replaced_by__department__hospital", "replaced_by__department__specialty"
    ):
        now = [one for one in placement.replaced_by.all() if one.department.hospital_id in houses]
        was_here = placement.department.hospital_id in houses
        if now or was_here:
            changed.append({"was": placement if was_here else None, "now": now, "who": placement.trainee})
    if not changed:
        raise NoLongerWanted(_("this person does not answer for the hospital any more"))
    return {"cohort": mail.about, "changed": changed, "reason": mail.context["reason"]}


@kind(
    "placement_cancelled",
    template="programs/placement_cancelled",
    label=gettext_lazy("Cancellation to a hospital"),
    variables=mail_words.PLACEMENT_CANCELLED,
)
def placement_cancelled(mail):
    """To a coordinator who had been asked: who does not come. One mail for all that was cancelled together."""
    serves = Coordinator.objects.serving().filter(user=mail.recipient_id).values("hospital")
    cancelled = list(
        Placement.objects.for_board()
        .filter(pk__in=mail.context["placements"], department__hospital__in=serves)
        .order_by("first_day", "pk")
    )
    if not cancelled:
        raise NoLongerWanted(_("this person does not answer for the hospital any more"))
    return {
        "placements": cancelled,
        "hospitals": list(dict.fromkeys(placement.department.hospital for placement in cancelled)),
        "reason": mail.context["reason"],
    }


@kind(
    "placement_answered",
    template="programs/placement_answered",
    label=gettext_lazy("Answers of hospitals, once a day"),
    variables=mail_words.PLACEMENT_ANSWERED,
)
def placement_answered(mail):
    """A digest for the lead officer: what the hospitals answered and proposed on one day."""
    cohort = mail.about
    if mail.recipient is None or not mail.recipient.has(Permission.SEE_COHORTS):
        raise NoLongerWanted(_("this person does not read about cohorts any more"))
    answered = list(
        Placement.objects.for_board()
        .filter(enrollment__cohort=cohort)
        .filter(Q(answered_at__date=mail.context["day"]) | Q(proposal_at__date=mail.context["day"]))
        .select_related("proposal_department__hospital", "proposal_department__specialty")
        .order_by("department__hospital__name", "answered_at", "pk")
    )
    if not answered:
        raise NoLongerWanted(_("no answer of that day stands any more"))
    return {
        "cohort": cohort,
        "answered": answered,
        "path": reverse("programs:cohort-placements", args=[cohort.pk]),
    }
