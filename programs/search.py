"""By what names programs, cohorts and certificates are found, and what the search page offers of them."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.records.approximate import span_words
from portal.search.kinds import Kind
from portal.search.names import named

from .models import Certificate, Cohort, Placement, Program

named(Program, "name", "name_ko", "aliases")
named(Cohort, "name", "name_ko", "code")
named(Certificate, "number")


def _list(**filters):
    return f"{reverse('programs:cohort-list')}?{urlencode(filters)}"


def _sees_cohorts(user):
    return user.has(Permission.SEE_COHORTS)


COHORTS = Kind(
    label=_("Cohorts"),
    rows=lambda user: Cohort.objects.visible_to(user).for_list(),
    url=lambda cohort: reverse("programs:cohort-detail", args=[cohort.pk]),
    about=lambda cohort: f"{cohort.program_name}, {cohort.dates}",
    paths=("", "program"),
    order=("-starts", "pk"),
    allowed=_sees_cohorts,
    list_url=lambda typed: _list(q=typed),
)
PROGRAMS = Kind(
    label=_("Programs"),
    rows=Program.objects.visible_to,
    url=lambda program: _list(program=program.pk),
    about=lambda program: program.get_kind_display(),
    order=("name",),
    allowed=_sees_cohorts,
)


def _certificate_url(certificate):
    return reverse("programs:certificate-detail", args=[certificate.pk])


CERTIFICATES = Kind(
    label=_("Certificates"),
    rows=lambda user: Certificate.objects.visible_to(user).for_list(),
    title=lambda certificate: certificate.number,
    url=_certificate_url,
    about=lambda certificate: certificate.enrollment.trainee.display_name,
    order=("-year", "-serial", "pk"),
    allowed=_sees_cohorts,
    list_url=lambda typed: f"{reverse('programs:certificate-list')}?{urlencode({'q': typed})}",
)
OWN_CERTIFICATES = Kind(
    label=_("Your certificates"),
    rows=lambda user: Certificate.objects.visible_to(user).for_owner(),
    title=CERTIFICATES.title,
    url=lambda certificate: reverse("programs:my-certificates"),
    about=lambda certificate: certificate.enrollment.cohort.program_name,
    paths=("", "enrollment__cohort__program"),
    order=CERTIFICATES.order,
    allowed=lambda user: user.has(Permission.OWN_TRAINING) and not _sees_cohorts(user),
)


# For whoever sees no page of a trainee: a hospital finds whom it was asked to take, and nobody else.
TRAINEES_HERE = Kind(
    label=_("Trainees at your hospital"),
    rows=lambda user: Placement.objects.visible_to(user).for_board(),
    title=lambda placement: placement.trainee.display_name,
    url=lambda placement: reverse("programs:placement-detail", args=[placement.pk]),
    about=lambda placement: f"{placement.department}, {span_words(placement.first_day, placement.last_day)}",
    paths=("trainee",),
    order=("-first_day", "pk"),
    allowed=lambda user: user.has(Permission.ANSWER_PLACEMENTS) and not _sees_cohorts(user),
)
KINDS = [COHORTS, PROGRAMS, CERTIFICATES, OWN_CERTIFICATES, TRAINEES_HERE]
