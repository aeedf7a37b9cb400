"""A certificate's way: eligible → approved → issued → revoked or superseded. Issued bytes never change."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.models import PrivateFile
from portal.records.transitions import NotNow, transition
from programs import pdf
from programs.models import Certificate, CertificateCounter

State = Certificate.State
PREFIX = "GG"


@transition(
    Certificate,
    source=[State.ELIGIBLE],
    target=State.APPROVED,
    permission=Permission.APPROVE_CERTIFICATES,
    label=gettext_lazy("Approve"),
)
def approve(certificate, *, by, note=""):
    """A named manager stands for it."""
    certificate.approved_by = by
    certificate.approved_at = clock.now()


def _printed(certificate, number, day):
    """Every word on the paper, as it stands now; kept with the certificate, whatever changes later."""
    enrollment = certificate.enrollment
    trainee, cohort = enrollment.trainee, enrollment.cohort
    seated = enrollment.placements.taking_seats().select_related("department__hospital").order_by("first_day")
    # In the order of the rotation, each hospital once.
    hospitals = dict.fromkeys(placement.department.hospital for placement in seated)
    period = {}
    for language in ("en", "ko"):
        with translation.override(language):
            period[language] = cohort.dates
    return {
        "number": number,
        "name": trainee.name_on_certificate,
        "local_name": trainee.local_name,
        "korean_name": trainee.korean_name,
        "program_en": cohort.program.name,
        "program_ko": cohort.program.name_ko or cohort.program.name,
        "period_en": period["en"],
        "period_ko": period["ko"],
        "hospitals": [[hospital.name, hospital.name_ko or hospital.name] for hospital in hospitals],
        "home_institution": trainee.institution.name if trainee.institution else "",
        "issued_on": day.isoformat(),
        "verify_url": settings.SITE_URL + reverse("public:verify-code", args=[certificate.code]),
        "demo": trainee.is_invented,
        **settings.CERTIFICATE_SIGNATORY,
    }


def _content(printed):
    """The kept words as what the PDF is made of."""
    return pdf.CertificateContent(
        **{
            **printed,
            "hospitals": tuple(tuple(names) for names in printed["hospitals"]),
            "issued_on": date.fromisoformat(printed["issued_on"]),
        }
    )


@transition(
    Certificate,
    source=[State.APPROVED],
    target=State.ISSUED,
    permission=Permission.ISSUE_CERTIFICATES,
    label=gettext_lazy("Issue"),
)
def issue(certificate, *, by):
    """Give the number, render the paper, keep it, and put the mail; all of it or nothing, so that no number is lost.

    Raises NotNow naming the letter when the fonts cannot print the name.
    """
    day = clock.today()
    certificate.year = day.year
    certificate.serial = CertificateCounter.take(day.year)
    certificate.number = f"{PREFIX}-{day.year}-{certificate.serial:04d}"
    certificate.issued_on = day
    certificate.printed = _printed(certificate, certificate.number, day)
    try:
        content = pdf.render(_content(certificate.printed))
    except pdf.MissingGlyph as error:
        letters = ", ".join(f"“{letter}”" for letter in error.letters)
        raise NotNow(
            _(
                "The certificate cannot be printed: the fonts have no letter %(letters)s. Correct the name first."
            )
            % {"letters": letters}
        ) from error
    certificate.file = PrivateFile.objects.store(
        content, name=f"{certificate.number}.pdf", content_type="application/pdf"
    )
    outbox.put(
        "certificate",
        to=certificate.enrollment.trainee,
        about=certificate,
        key=f"certificate:{certificate.pk}",
        attachments=[certificate.file],
    )


@transition(
    Certificate,
    source=[State.ISSUED],
    target=State.REVOKED,
    permission=Permission.APPROVE_CERTIFICATES,
    label=gettext_lazy("Revoke"),
)
def revoke(certificate, *, by, reason):
    """The certificate is not valid any more; verification says so. Nothing is deleted."""
    certificate.revoked_reason = reason
    outbox.cancel_about(certificate, reason=_("revoked"), by=by)
