"""What is printed on a certificate, word for word, and the sealed file it becomes."""

import functools
import tempfile
from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from pypdf import PdfWriter

from portal.records.approximate import span_words
from portal.records.transitions import NotNow

from . import pdf, sealing, transcript
from .models import Placement, Signatory, SignatoryMark

DAYS_A_WEEK = 7


def words_of(certificate, number, day):
    """Every word on the paper, as it stands now; kept with the certificate, whatever changes later."""
    [words] = words_of_all([certificate], day)
    return {**words, "number": number}


def words_of_all(certificates, day):
    """The same of several certificates of one cohort, in their order, but for the number. Ten queries."""
    enrollments = [certificate.enrollment for certificate in certificates]
    cohort = enrollments[0].cohort
    common = {**_words_of_cohort(cohort), "issued_on": day.isoformat(), **_signed(day)}
    seated, attended = _seated(enrollments), transcript.attended(cohort, enrollments)
    return [
        {**common, **_own_words(one, seated[one.enrollment_id]), "attended": attended[one.enrollment_id]}
        for one in certificates
    ]


def _words_of_cohort(cohort):
    name_en, name_ko = cohort.program_names
    return {
        "program_en": name_en,
        "program_ko": name_ko or name_en,
        "statement_en": cohort.program.certificate_text,
        "statement_ko": cohort.program.certificate_text_ko,
        **_in_both("period", lambda: cohort.dates),
        "topics": cohort.topics,
    }


def _own_words(certificate, seated):
    """What is printed of the one person."""
    trainee = certificate.enrollment.trainee
    # In the order of the rotation, each hospital once.
    hospitals = dict.fromkeys(placement.department.hospital for placement in seated)
    return {
        "name": trainee.name_on_certificate,
        "local_name": trainee.local_name,
        "korean_name": trainee.korean_name,
        "hospitals": [[hospital.name, hospital.name_ko or hospital.name] for hospital in hospitals],
        "home_institution": trainee.institution.name if trainee.institution else "",
        "verify_url": settings.SITE_URL + reverse("public:verify-code", args=[certificate.code]),
        "demo": trainee.is_invented,
        "rotation": [_line(placement) for placement in seated],
    }


def _seated(enrollments):
    """The placements in which each of them was, by the key of the enrollment. One query."""
    found = {enrollment.pk: [] for enrollment in enrollments}
    rows = Placement.objects.taking_seats().filter(enrollment__in=found).order_by("first_day", "pk")
    for placement in rows.select_related("department__hospital", "department__specialty", "supervisor"):
        found[placement.enrollment_id].append(placement)
    return found


def _signed(day):
    """Who signs on the day: names, and which versions of signature and seal. The office where nobody is entered."""
    signatory = Signatory.objects.on(day)
    if signatory is None:
        return settings.CERTIFICATE_SIGNATORY
    marks = SignatoryMark.objects.filter(signatory=signatory).latest_of_each()
    return {**signatory.printed, "marks": {mark.kind: mark.pk for mark in marks}}


@functools.lru_cache(maxsize=16)
def _picture(mark):
    """The bytes of a version of a signature or a seal, which never change."""
    return SignatoryMark.objects.select_related("file").get(pk=mark).file.read()


def _in_both(name, words):
    """The words in English and in Korean, as `name`_en and `name`_ko."""
    found = {}
    for language in ("en", "ko"):
        with translation.override(language):
            found[f"{name}_{language}"] = str(words())
    return found


def _line(placement):
    """A line of the transcript: when, where, in which department, for how many weeks."""
    hospital = placement.department.hospital
    days = (placement.last_day - placement.first_day).days + 1
    return {
        **_in_both("dates", lambda: span_words(placement.first_day, placement.last_day)),
        "hospital_en": hospital.name,
        "hospital_ko": hospital.name_ko or hospital.name,
        **_in_both("department", lambda: placement.department.label),
        **_in_both(
            "half", lambda: "" if placement.half == Placement.Half.WHOLE else placement.get_half_display()
        ),
        "weeks": -(-days // DAYS_A_WEEK),
        "supervisor_en": placement.supervisor.name if placement.supervisor else "",
        "supervisor_ko": placement.supervisor.name_ko if placement.supervisor else "",
    }


def sealed(printed):
    """The words as a sealed PDF. Raises NotNow, in words, where they cannot be printed or there is no seal."""
    try:
        content = pdf.render(_content(printed))
    except pdf.MissingGlyph as error:
        letters = ", ".join(f"“{letter}”" for letter in error.letters)
        words = _(
            "The certificate cannot be printed: the fonts have no letter %(letters)s. Correct the name first."
        )
        raise NotNow(words % {"letters": letters}) from error
    try:
        return sealing.seal(content, number=printed["number"])
    except ImproperlyConfigured as error:
        raise NotNow(_("The portal has no seal it can read. An administrator has to set it up.")) from error


def _content(printed):
    """The kept words as what the PDF is made of."""
    words = {name: value for name, value in printed.items() if name != "marks"}
    return pdf.CertificateContent(
        **{
            **words,
            **{kind: _picture(mark) for kind, mark in printed.get("marks", {}).items()},
            "hospitals": tuple(tuple(names) for names in printed["hospitals"]),
            "rotation": tuple(printed["rotation"]),
            "issued_on": date.fromisoformat(printed["issued_on"]),
        }
    )


def together(files):
    """Several stored certificates as one PDF for the printer, as an open file at its beginning.

    The seals do not survive being put together: what a holder keeps is the file of each.
    """
    writer = PdfWriter()
    for file in files:
        with file.open() as stored:
            writer.append(stored, import_outline=False)
    found = tempfile.TemporaryFile()  # noqa: SIM115 - on disk, as pages may be many; gone when the answer is closed
    writer.write(found)
    found.seek(0)
    return found
