"""The main navigation: what each person may open, and nothing else."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.ui.components import NavItem


@dataclass(frozen=True)
class Entry:
    """One entry: the screen it opens, and the screens on which it is the current one."""

    name: str
    label: str | Promise
    permission: Permission | None = None
    area: tuple = ()  # namespaces, or beginnings of “namespace:name”
    besides: tuple = ()  # beginnings within the area where another entry is the current one
    anchor: str = ""

    def item(self, request):
        """The entry as the template prints it."""
        url = reverse(self.name) + self.anchor
        match = request.resolver_match
        here = match.view_name if match else ""
        inside = here.startswith(self.area) and not here.startswith(self.besides)
        current = bool(here) and not self.anchor and (here == self.name or inside)
        return NavItem(url, str(self.label), current)


# Screens of programs that stand among the people.
PEOPLE = ("programs:outcome-", "programs:trainee-")

TEAM = (
    Entry("desk:today", _("Today")),
    Entry("programs:cohort-list", _("Cohorts"), Permission.SEE_COHORTS, ("programs:",), besides=PEOPLE),
    Entry("participants:trainee-list", _("People"), Permission.SEE_PEOPLE, ("participants:", *PEOPLE)),
    Entry("partners:region-list", _("Partners"), Permission.SEE_PARTNERS, ("partners:",)),
    Entry("hospitals:hospital-list", _("Hospitals"), Permission.SEE_HOSPITALS, ("hospitals:",)),
    Entry("mail:outgoingmail-list", _("Mails"), Permission.SEE_MAILS, ("mail:",)),
    Entry("desk:user-list", _("Users"), Permission.INVITE_USERS, ("desk:user-",)),
    Entry("desk:access-list", _("Access"), Permission.REVIEW_ACCESS, ("desk:access-",)),
)
COORDINATOR = (
    Entry(
        "programs:placement-to-answer", _("To answer"), Permission.ANSWER_PLACEMENTS, ("programs:placement-",)
    ),
    Entry("programs:attendance-day", _("Attendance"), Permission.NOTE_ATTENDANCE, ("programs:attendance-",)),
    Entry("programs:session-list", _("Schedule"), Permission.EDIT_OWN_SESSIONS, ("programs:session-",)),
    Entry("programs:result-list", _("Results"), Permission.NOTE_ATTENDANCE, ("programs:result-",)),
    Entry("programs:hosting-list", _("Offers"), Permission.ANSWER_PLACEMENTS, ("programs:hosting-",)),
    Entry("hospitals:hospital-list", _("Hospital"), Permission.SEE_HOSPITALS, ("hospitals:",)),
)
MY_RECORD = (
    "programs:my-papers",
    "participants:my-profile",
    "participants:my-passport",
    "participants:my-consents",
)
MY_TRAINING = (
    "programs:my-training",
    "programs:my-objectives",
    "programs:my-feedback",
    "programs:my-check-in",
)
TRAINEE = (
    Entry("programs:my-schedule", _("Today"), Permission.OWN_TRAINING, ("programs:my-schedule",)),
    Entry("programs:my-training", _("My training"), Permission.OWN_TRAINING, MY_TRAINING),
    Entry("programs:my-papers", _("My papers"), Permission.OWN_TRAINING, MY_RECORD),
    Entry("programs:my-wishes", _("My wishes"), Permission.OWN_TRAINING, ("programs:my-wishes",)),
    Entry(
        "programs:my-certificates", _("Certificate"), Permission.OWN_TRAINING, ("programs:my-certificate",)
    ),
    Entry(
        "participants:my-followups",
        _("Follow-ups"),
        Permission.OWN_TRAINING,
        ("participants:my-followup",),
    ),
)
CONTACT = (Entry("desk:today", _("Your institution"), Permission.SEE_PARTNERS),)
PUBLIC = (
    Entry("public:home", _("Programs"), anchor="#programs"),
    Entry("public:home", _("Figures"), anchor="#figures"),
    Entry("public:home", _("News"), anchor="#news"),
    Entry("public:verify", _("Check a certificate"), area=("public:verify",)),
)


def nav(request):
    """The entries for who asks: by permission for the signed-in, the public pages for everyone else."""
    return [entry.item(request) for entry in _entries(request.user)]


def _entries(user):
    if not user.is_authenticated:
        return PUBLIC
    if user.is_team:
        entries = TEAM
    elif user.has(Permission.ANSWER_PLACEMENTS) or user.has(Permission.OWN_TRAINING):
        entries = COORDINATOR + TRAINEE
    else:
        entries = CONTACT
    return [entry for entry in entries if entry.permission is None or user.has(entry.permission)]
