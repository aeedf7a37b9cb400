"""Who may do what: the one table from roles to permissions, a sentence each."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is here. Someone may hold several: a manager may also administer."""

    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", _("Province manager")
    OFFICER = "officer", _("Province officer")
    VIEWER = "viewer", _("Province viewer")
    COORDINATOR = "coordinator", _("Hospital coordinator")
    CONTACT = "contact", _("Partner contact")
    TRAINEE = "trainee", _("Trainee")


class Permission(TextChoices):
    """One thing that may be done. The label is the sentence an administrator reads."""

    SEE_PARTNERS = "see_partners", _("See partner regions, institutions and MOUs")
    SEE_CONTACTS = "see_contacts", _("See who holds which office at our partners")
    EDIT_PARTNERS = "edit_partners", _("Change partner regions, institutions and MOUs")
    SEE_HOSPITALS = "see_hospitals", _("See host hospitals, departments and seats")
    EDIT_HOSPITALS = "edit_hospitals", _("Change host hospitals, departments and seats")
    EDIT_OWN_HOSPITAL = (
        "edit_own_hospital",
        _("Change departments, seats, closed periods and clinicians of one’s own hospital"),
    )
    SEE_PEOPLE = "see_people", _("See trainees and graduates")
    EDIT_PEOPLE = "edit_people", _("Change trainees and graduates")
    DOWNLOAD_PEOPLE = (
        "download_people",
        _("Download lists of people and of mails to them, with a reason that is recorded"),
    )
    ERASE_PEOPLE = "erase_people", _("Erase a person at their wish, for good")
    SEE_PAPERS = "see_papers", _("See papers, consents and the last characters of passport numbers")
    CHECK_PAPERS = "check_papers", _("Enter passports, and check, refuse and ask for papers")
    REVEAL_PASSPORTS = (
        "reveal_passports",
        _("See a whole passport number, with a reason that is recorded"),
    )
    REVIEW_ACCESS = (
        "review_access",
        _("Review each month who looked at protected data, and who got which role"),
    )
    SEE_OWN_GRADUATES = "see_own_graduates", _("See who of one’s own institution completed a training")
    NOMINATE = "nominate", _("Nominate people of one’s own institution, and see what became of them")
    SEE_SCORES = "see_scores", _("Read how nominees were scored, and score them where one is asked to")
    SEE_COHORTS = "see_cohorts", _("See cohorts, placements and schedules")
    EDIT_PROGRAMS = "edit_programs", _("Change programs and the rules their cohorts go by")
    RUN_COHORTS = "run_cohorts", _("Lead a cohort from planning to closing, and decide on enrollments")
    PLACE_TRAINEES = "place_trainees", _("Draft, request, move and cancel placements")
    ANSWER_PLACEMENTS = (
        "answer_placements",
        _("Answer a placement request, or record an answer given by phone"),
    )
    NOTE_ATTENDANCE = "note_attendance", _("Note who was present, at one’s own hospital or everywhere")
    EDIT_OWN_SESSIONS = (
        "edit_own_sessions",
        _("Plan and release the sessions at one’s own hospital, and read what its cohorts do"),
    )
    OVERBOOK = "overbook", _("Confirm a placement beyond the seats, with a reason that is recorded")
    APPROVE_CERTIFICATES = "approve_certificates", _("Approve certificates by name")
    ISSUE_CERTIFICATES = "issue_certificates", _("Issue approved certificates")
    KEEP_SIGNATORIES = "keep_signatories", _("Enter who signs certificates, and upload signature and seal")
    FOLLOW_UP = "follow_up", _("Settle follow-ups of graduates")
    OWN_TRAINING = "own_training", _("See one's own schedule, certificate and follow-ups")
    SEE_MAILS = "see_mails", _("Read the mails the portal sends")
    MANAGE_MAILS = "manage_mails", _("Send again, cancel and settle mails")
    IMPORT_FILES = "import_files", _("Bring in spreadsheets of what one may change")
    REWORD_MAILS = "reword_mails", _("Change the words that the mails of a kind are written in")
    INVITE_USERS = "invite_users", _("Invite people to the portal and deactivate them")
    ASSIGN_ROLES = "assign_roles", _("Give and take roles")


_READ = {
    Permission.SEE_PARTNERS,
    Permission.SEE_CONTACTS,
    Permission.SEE_HOSPITALS,
    Permission.SEE_PEOPLE,
    Permission.SEE_COHORTS,
    Permission.SEE_SCORES,
}
_OFFICER = _READ | {
    Permission.EDIT_PARTNERS,
    Permission.EDIT_HOSPITALS,
    Permission.EDIT_PEOPLE,
    Permission.DOWNLOAD_PEOPLE,
    Permission.SEE_PAPERS,
    Permission.CHECK_PAPERS,
    Permission.REVEAL_PASSPORTS,
    Permission.EDIT_PROGRAMS,
    Permission.RUN_COHORTS,
    Permission.PLACE_TRAINEES,
    Permission.ANSWER_PLACEMENTS,
    Permission.NOTE_ATTENDANCE,
    Permission.OVERBOOK,
    Permission.ISSUE_CERTIFICATES,
    Permission.FOLLOW_UP,
    Permission.SEE_MAILS,
    Permission.MANAGE_MAILS,
    Permission.IMPORT_FILES,
    Permission.REWORD_MAILS,
    Permission.INVITE_USERS,
}

ROLE_PERMISSIONS = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.MANAGER: frozenset(
        _OFFICER
        | {
            Permission.APPROVE_CERTIFICATES,
            Permission.KEEP_SIGNATORIES,
            Permission.REVIEW_ACCESS,
            Permission.ERASE_PEOPLE,
        }
    ),
    Role.OFFICER: frozenset(_OFFICER),
    Role.VIEWER: frozenset(_READ),
    Role.COORDINATOR: frozenset(
        {
            Permission.ANSWER_PLACEMENTS,
            Permission.NOTE_ATTENDANCE,
            Permission.SEE_HOSPITALS,
            Permission.EDIT_OWN_HOSPITAL,
            Permission.EDIT_OWN_SESSIONS,
        }
    ),
    Role.CONTACT: frozenset({Permission.SEE_PARTNERS, Permission.SEE_OWN_GRADUATES, Permission.NOMINATE}),
    Role.TRAINEE: frozenset({Permission.OWN_TRAINING}),
}

# The province's own people: they see the whole desk, and need a second factor in production.
TEAM = frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.OFFICER, Role.VIEWER})


def permissions_of(roles):
    """Every permission that any of the roles gives, as a frozenset; unknown roles give none."""
    return frozenset().union(*(ROLE_PERMISSIONS.get(role, frozenset()) for role in roles))
