"""The mails about a schedule: to each trainee and each hospital, what a release changes for them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Coordinator, Hospital
from portal.mail.kinds import NoLongerWanted, Variable, kind
from portal.mail.links import absolute_url

from .models import Enrollment, ScheduleRelease
from .session_changes import change_lines, for_hospital, for_trainee, merged, places_of

# More than these stand in the portal only: a mail is read on a phone.
NAMED_IN_A_MAIL = 30


def _notes(releases):
    return [release.note for release in releases if release.note]


def _shown(changes):
    return {"changes": changes[:NAMED_IN_A_MAIL], "more": max(0, len(changes) - NAMED_IN_A_MAIL)}


def _link(context):
    return absolute_url(context["path"])


def _variables(button):
    return [
        Variable(
            "changes",
            gettext_lazy("what changes, session by session"),
            lambda context: change_lines(context["changes"]),
            required=True,
        ),
        Variable("link", gettext_lazy("the page of the schedule"), _link, required=True, button=button),
        Variable("cohort", gettext_lazy("the cohort"), lambda context: context["cohort"]),
    ]


@kind(
    "schedule_changed",
    template="programs/schedule_changed",
    for_readers=True,
    label=gettext_lazy("Schedule, to a trainee"),
    variables=_variables(gettext_lazy("Open my schedule")),
)
def schedule_changed(mail):
    """To a trainee: what is new or different for them since the last mail of this kind."""
    enrollment = mail.about
    if not Enrollment.objects.taking_part().filter(pk=enrollment.pk).exists():
        raise NoLongerWanted(_("this person does not come any more"))
    releases = list(ScheduleRelease.objects.filter(pk__in=mail.context["items"]).order_by("number"))
    changed = merged(releases)
    changes = for_trainee(changed, enrollment.trainee_id, places_of(changed))
    if not changes:
        raise NoLongerWanted(_("nothing of it is different for this person any more"))
    first = not ScheduleRelease.objects.filter(
        cohort=enrollment.cohort, number__lt=releases[0].number
    ).exists()
    return {
        "cohort": enrollment.cohort,
        "is_first": first,
        "notes": _notes(releases),
        "path": reverse("programs:my-schedule"),
        **_shown(changes),
    }


@kind(
    "schedule_changed_hospital",
    template="programs/schedule_changed_hospital",
    label=gettext_lazy("Schedule, to a hospital"),
    variables=[
        *_variables(gettext_lazy("Open the schedule")),
        Variable("hospital", gettext_lazy("the hospital"), lambda context: context["hospital"].short),
    ],
)
def schedule_changed_hospital(mail):
    """To a coordinator: what takes place at their hospital, and what is otherwise now."""
    hospital = Hospital.objects.get(pk=mail.context["hospital"])
    if not Coordinator.objects.serving().filter(hospital=hospital, user=mail.recipient_id).exists():
        raise NoLongerWanted(_("this person does not answer for the hospital any more"))
    releases = list(ScheduleRelease.objects.filter(pk=mail.context["release"]))
    changed = merged(releases)
    changes = for_hospital(changed, hospital.pk, places_of(changed))
    if not changes:
        raise NoLongerWanted(_("nothing of it takes place at the hospital any more"))
    return {
        "cohort": mail.about,
        "hospital": hospital,
        "notes": _notes(releases),
        "path": reverse("programs:session-list"),
        **_shown(changes),
    }
