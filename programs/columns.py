"""What the files of the cohorts' lists hold."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participants.columns import home, invented, names
from participants.templatetags.participants_panels import program_words
from portal.records import trail
from portal.records.approximate import span_words
from portal.records.exports import Column, CountColumn, DateColumn, Export

from .numbers import published_of
from .objectives import mark_words
from .roster import stays_of


def _stays(enrollment):
    """Where and when, and how it stands, of each placement (read with the list's rows)."""
    return "; ".join(
        f"{stay.hospital}, {span_words(stay.first_day, stay.last_day)}, {stay.get_state_display()}"
        for stay in stays_of(enrollment)
    )


def _certificate(fact):
    """A fact of the latest certificate, of those the list has prefetched."""

    def read(enrollment):
        own = list(enrollment.certificates.all())
        return fact(own[0]) if own else None

    return read


COHORTS = Export(
    _("Cohorts"),
    [
        Column(_("Name"), "name", 32),
        Column(_("Name in Korean"), "name_ko"),
        Column(_("Code"), "code", 16),
        Column(_("Program"), "program_name", 40),
        Column(_("State"), "get_state_display", 14),
        DateColumn(_("First day"), "starts"),
        DateColumn(_("Last day"), "ends"),
        Column(_("Seats"), "seats", 10),
        Column(_("Trainees"), "named", 10),
        CountColumn(_("Published, nobody named"), lambda row: published_of(row.head_counts.all()), 18),
        Column(_("Hospitals"), "hosts", 10),
        Column(_("Lead officer"), "lead_officer"),
        Column(_("Invented for the demo"), "is_invented", 12),
    ],
)

ROSTER = Export(
    _("Trainees of the cohort"),
    [
        *names("trainee."),
        *home("trainee."),
        Column(_("Specialty"), "trainee.specialty"),
        Column(_("State"), "get_state_display", 14),
        Column(_("Place on the reserve list"), "reserve_rank", 12),
        Column(_("Placements"), _stays, 60),
        invented("trainee."),
    ],
    personal=True,
)

CERTIFICATES = Export(
    _("Certificates of the cohort"),
    [
        *names("trainee."),
        Column(_("Name for the certificate"), "trainee.name_on_certificate", 32),
        Column(_("Certificate"), _certificate(lambda own: own.get_state_display()), 14),
        Column(_("Number"), _certificate(lambda own: own.number), 16),
        DateColumn(_("Issued"), _certificate(lambda own: own.issued_on)),
        Column(_("Approved by"), _certificate(lambda own: own.approved_by)),
        invented("trainee."),
    ],
    personal=True,
)

EVENTS = Export(
    _("History of the cohort"),
    [
        DateColumn(_("Time"), "at", 26),
        Column(_("Record"), "subject_name", 40),
        Column(_("What was done"), lambda event: trail.lines([event])[0].label, 28),
        Column(_("By"), "who"),
        Column(_("Reason"), "reason", 48),
    ],
    personal=True,
)


def _printed(name):
    """What stands on the paper, in the reader's language where both are printed."""

    def read(certificate):
        korean = certificate.printed.get(f"{name}_ko", "") if get_language() == "ko" else ""
        return korean or certificate.printed.get(f"{name}_en", certificate.printed.get(name, ""))

    return read


REGISTER = Export(
    _("Register of certificates"),
    [
        Column(_("Number"), "number", 16),
        DateColumn(_("Issued"), "issued_on"),
        Column(_("Name as printed"), _printed("name"), 32),
        Column(_("In the local script"), _printed("local_name"), 32),
        Column(_("Name in Korean"), _printed("korean_name"), 16),
        Column(_("Program"), _printed("program"), 40),
        Column(_("Dates"), _printed("period"), 28),
        Column(_("Home institution"), _printed("home_institution"), 40),
        Column(_("Approved by"), "approved_by"),
        DateColumn(_("Handed over"), "handed_over_at"),
        Column(_("Handed over by"), "handed_over_by"),
        Column(_("State"), "get_state_display", 14),
        Column(_("Superseded by"), "superseded_by", 16),
        Column(_("Revoked because"), "revoked_reason", 32),
        Column(_("Code"), "code", 36),
        Column("SHA-256", "file.sha256", 66),
        invented("enrollment.trainee."),
    ],
    personal=True,
)


def _cohort_of(followup):
    enrollment = getattr(followup.graduation, "enrollment", None)
    return str(enrollment.cohort) if enrollment else ""


def _objectives_of(followup):
    ratings = followup.objective_ratings.all()
    return "; ".join(f"{rating.objective.text}: {mark_words(rating)}" for rating in ratings)


# Without names: it is for reports.
OUTCOMES = Export(
    _("Outcomes"),
    [
        Column(_("Cohort"), _cohort_of, 32),
        Column(_("Program"), lambda row: program_words(row.graduation), 40),
        DateColumn(_("Completed"), "graduation.completed"),
        Column(
            _("Host hospitals"),
            lambda row: "; ".join(hospital.short for hospital in row.graduation.hospitals.all()),
            40,
        ),
        Column(_("Region"), "graduation.trainee.institution.region"),
        Column(_("Months after the end"), "months", 12),
        DateColumn(_("Answered"), "answered_at"),
        Column(_("What is used at work"), "applied", 48),
        Column(_("Introduced at home"), "procedures", 48),
        Column(_("Colleagues taught"), "taught", 12),
        Column(_("Patients"), "patients", 12),
        Column(_("Objectives, how far reached"), _objectives_of, 48),
        Column(_("What stands in the way"), "obstacles", 48),
        Column(_("What to learn next"), "wishes", 48),
        invented("graduation.trainee."),
    ],
    personal=True,
)
