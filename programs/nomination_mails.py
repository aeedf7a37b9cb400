"""The letters about nominations: to the trainee, and to the contact about all of theirs in one."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import Consent
from participants.models.consents import refused
from portal.mail.kinds import NoLongerWanted, kind

from . import calls, nomination_mail_words
from .models import Call, Enrollment

State = Enrollment.State
# In which states a letter still says what is true.
TRUE_IN = {
    "nomination_received": (State.NOMINATED,),
    "nomination_accepted": (State.ACCEPTED, State.IN_TRAINING),
    "nomination_reserve": (State.RESERVE,),
    "nomination_rejected": (State.REJECTED,),
}


def _to_trainee(mail):
    enrollment = Enrollment.objects.select_related(
        "cohort__program", "cohort__lead_officer", "trainee", "nominated_by"
    ).get(pk=mail.about_id)
    if enrollment.state not in TRUE_IN[mail.kind]:
        raise NoLongerWanted(_("it is decided otherwise by now"))
    return {
        "enrollment": enrollment,
        "cohort": enrollment.cohort,
        "reason": mail.context.get("reason", ""),
    }


def _to_contact(mail):
    outcome = mail.kind.removesuffix("_contact")
    reasons = {item["enrollment"]: item["reason"] for item in mail.context["items"]}
    theirs = Enrollment.objects.filter(pk__in=reasons, nominated_by__contacts=mail.recipient_id)
    still = theirs.filter(state__in=TRUE_IN[outcome])
    if outcome != "nomination_received":  # that a name has arrived is no news about the person
        still = still.exclude(refused(Consent.Purpose.ABROAD, "trainee"))
    enrollments = list(still.select_related("trainee").order_by("reserve_rank", "trainee__passport_name"))
    if not enrollments:
        raise NoLongerWanted(_("it is decided otherwise by now, or the people do not want it told"))
    for enrollment in enrollments:
        enrollment.reason = reasons[enrollment.pk]
    return {
        "enrollments": enrollments,
        "cohort": mail.about,
        "institution": mail.recipient.institution,
    }


LABELS = {
    "nomination_received": (
        gettext_lazy("Nomination received, to the trainee"),
        gettext_lazy("Nominations received, to the contact"),
    ),
    "nomination_accepted": (
        gettext_lazy("Accepted, to the trainee"),
        gettext_lazy("Accepted, to the contact"),
    ),
    "nomination_reserve": (
        gettext_lazy("Reserve list, to the trainee"),
        gettext_lazy("Reserve list, to the contact"),
    ),
    "nomination_rejected": (
        gettext_lazy("Not selected, to the trainee"),
        gettext_lazy("Not selected, to the contact"),
    ),
}
for name, (to_trainee, to_contact) in LABELS.items():
    kind(
        name,
        template=f"programs/{name}",
        for_readers=True,
        label=to_trainee,
        variables=nomination_mail_words.TO_TRAINEE[name],
    )(_to_trainee)
    kind(
        f"{name}_contact",
        template=f"programs/{name}_contact",
        for_readers=True,
        label=to_contact,
        variables=nomination_mail_words.TO_CONTACT[name],
    )(_to_contact)


@kind(
    "nomination_call",
    template="programs/nomination_call",
    for_readers=True,
    label=gettext_lazy("Invitation to nominate"),
    variables=nomination_mail_words.CALL,
)
def nomination_call(mail):
    """To a partner contact: the link by which they nominate, until the deadline."""
    call = Call.objects.for_list().filter(pk=mail.context["call"]).first()
    if call is None or not calls.is_open(call):
        raise NoLongerWanted(_("nobody can nominate by this invitation any more"))
    return {
        "call": call,
        "cohort": call.cohort,
        "institution": call.contact.institution,
        "nominate_by": calls.closes(call.cohort),
        "path": reverse("programs:call-open", args=[calls.token_for(call)]),
    }
