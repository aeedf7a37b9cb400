"""What the files of the lists of people hold. Needs, emergency contacts and passport data never leave in one."""

from django.utils.translation import gettext_lazy as _

from portal.records.exports import Column, DateColumn, Export

from .register import Reach, present_post
from .templatetags.participants_panels import language_names, program_words


def names(path=""):
    """The columns that say who it is, in each script; `path` leads to the trainee, as in “enrollment.trainee.”."""
    return [
        Column(_("Name as in the passport"), f"{path}passport_name", 32),
        Column(_("Name in the local script"), f"{path}local_name", 32),
        Column(_("Name in Korean"), f"{path}korean_name", 16),
    ]


def home(path=""):
    """The columns that say where somebody comes from."""
    return [
        Column(_("Home institution"), f"{path}institution", 40),
        Column(_("Region"), f"{path}institution.region"),
    ]


def invented(path=""):
    return Column(_("Invented for the demo"), f"{path}is_invented", 12)


TRAINEES = Export(
    _("Trainees"),
    [
        *names(),
        Column(_("Name for the certificate"), "certificate_name", 32),
        DateColumn(_("Birth date"), "birth_date"),
        Column(_("Nationality"), "nationality", 12),
        *home(),
        Column(_("Profession"), "profession"),
        Column(_("Position"), "position"),
        Column(_("Specialty"), "specialty"),
        Column(_("Languages"), language_names),
        Column(_("E-mail"), "email", 32),
        Column(_("Phone"), "phone", 18),
        invented(),
    ],
    personal=True,
)


def _post(row):
    return str(present_post(row.trainee) or "")


def _of_post(row, name):
    return getattr(present_post(row.trainee), name, None)


GRADUATIONS = Export(
    _("Alumni register"),
    [
        *names("trainee."),
        Column(_("Program"), program_words, 40),
        DateColumn(_("Completed"), "completed"),
        Column(
            _("Host hospitals"), lambda row: "; ".join(hospital.short for hospital in row.hospitals.all()), 40
        ),
        *home("trainee."),
        Column(_("Specialty"), "trainee.specialty"),
        Column(_("Present post"), _post, 40),
        DateColumn(_("Post since"), lambda row: _of_post(row, "since")),
        DateColumn(_("Post last verified"), lambda row: _of_post(row, "verified_on")),
        Column(_("Can be reached"), lambda row: Reach(row.reach).label, 20),
        invented("trainee."),
    ],
    personal=True,
)

FOLLOWUPS = Export(
    _("Follow-ups"),
    [
        *names("graduation.trainee."),
        *home("graduation.trainee."),
        Column(_("Months after the end"), "months", 12),
        DateColumn(_("Due"), "due"),
        Column(_("State"), "get_state_display", 14),
        DateColumn(_("Answered"), "answered_at"),
        Column(_("What is used at work"), "applied", 48),
        Column(_("Introduced at home"), "procedures", 48),
        Column(_("Colleagues taught"), "taught", 12),
        Column(_("Patients"), "patients", 12),
        Column(_("What stands in the way"), "obstacles", 48),
        Column(_("What to learn next"), "wishes", 48),
        invented("graduation.trainee."),
    ],
    personal=True,
)
