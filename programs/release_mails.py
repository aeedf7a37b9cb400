"""The mails of a release: what is new, gone or different now for one trainee, or for one hospital."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Coordinator, Hospital
from portal.mail.kinds import NoLongerWanted, kind

from . import mail_words, releasing
from .models import Enrollment, Release
from .workflow import releases

COMING = [Enrollment.State.ACCEPTED, Enrollment.State.IN_TRAINING]


def _release(mail):
    return Release.objects.select_related("cohort__program").get(pk=mail.context["release"])


def _told(mail, who):
    """What the release changed for one of the "trainees" or "hospitals", in words."""
    release, pk = _release(mail), mail.context[who[:-1]]
    changes = releasing.by_concerned(releases.changes_of(release), who).get(pk, [])
    if not changes:
        raise NoLongerWanted(_("nothing is different for this person after all"))
    # In the language of the mail, not in that of the worker who sends it or of the officer who looks at it before.
    with translation.override(mail.reading_language):
        told = releasing.in_words(release.kind, changes, who)
    return {
        "release": release,
        "cohort": release.cohort,
        "changes": told,
        "note": release.note,
    }


def _trainee_comes(mail):
    if not Enrollment.objects.filter(
        cohort=mail.about_id, trainee=mail.context["trainee"], state__in=COMING
    ).exists():
        raise NoLongerWanted(_("this person does not come any more"))


@kind(
    "release_trainee",
    template="programs/release_trainee",
    for_readers=True,
    label=gettext_lazy("What changed, to a trainee"),
    wanted=_trainee_comes,
    variables=mail_words.RELEASE_TRAINEE,
)
def release_trainee(mail):
    """To a trainee: what is different for them in a plan that was given out."""
    return _told(mail, "trainees") | {"path": reverse("programs:my-schedule")}


def _serves(mail):
    serving = Coordinator.objects.serving().filter(user=mail.recipient_id, hospital=mail.context["hospital"])
    if not serving.exists():
        raise NoLongerWanted(_("this person does not answer for the hospital any more"))


@kind(
    "release_hospital",
    template="programs/release_hospital",
    label=gettext_lazy("What changed, to a hospital"),
    wanted=_serves,
    variables=mail_words.RELEASE_HOSPITAL,
)
def release_hospital(mail):
    """To a coordinator: what is different for their hospital in a plan that was given out."""
    hospital = Hospital.objects.get(pk=mail.context["hospital"])
    found = _told(mail, "hospitals")
    return found | {"hospital": hospital, "path": reverse("programs:placement-to-answer")}
