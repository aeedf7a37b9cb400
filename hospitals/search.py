"""By what names hospitals and what is in them are found, and what the search page offers of them."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.search.kinds import Kind
from portal.search.names import named

from .models import Clinician, Department, Hospital, Specialty

named(Hospital, "name", "short_name", "name_ko", "short_name_ko", "aliases", "city", "city_ko")
named(Department, "name", "name_ko")
named(Specialty, "name", "name_ko", "aliases")
named(Clinician, "name", "name_ko", "email")


HOSPITALS = Kind(
    label=_("Host hospitals"),
    rows=Hospital.objects.visible_to,
    url=lambda hospital: reverse("hospitals:hospital-detail", args=[hospital.pk]),
    about=lambda hospital: hospital.city_name,
    order=("name",),
    allowed=lambda user: user.has(Permission.SEE_HOSPITALS),
    list_url=lambda typed: f"{reverse('hospitals:hospital-list')}?{urlencode({'q': typed})}",
)
DEPARTMENTS = Kind(
    label=_("Departments"),
    rows=lambda user: Department.objects.visible_to(user).with_names(),
    title=lambda department: department.label,
    url=lambda department: reverse("hospitals:hospital-detail", args=[department.hospital_id]),
    about=lambda department: department.hospital,
    paths=("", "specialty", "hospital"),
    own=("", "specialty"),
    order=("hospital__name", "specialty__name", "pk"),
    allowed=lambda user: user.has(Permission.SEE_HOSPITALS),
)
CLINICIANS = Kind(
    label=_("Clinicians"),
    rows=lambda user: Clinician.objects.visible_to(user).select_related("hospital"),
    url=lambda clinician: reverse("hospitals:hospital-detail", args=[clinician.hospital_id]),
    about=lambda clinician: ", ".join(filter(None, [clinician.shown_title, clinician.hospital.short])),
    order=("name", "pk"),
    allowed=lambda user: user.has(Permission.SEE_HOSPITALS),
)
SPECIALTIES = Kind(
    label=_("Specialties"),
    rows=lambda user: Specialty.objects.select_related("parent"),
    url=lambda specialty: reverse("hospitals:specialty-detail", args=[specialty.pk]),
    about=lambda specialty: specialty.parent or "",
    order=("name",),
    allowed=lambda user: user.has(Permission.SEE_HOSPITALS) and user.is_team,
)
KINDS = [HOSPITALS, DEPARTMENTS, CLINICIANS, SPECIALTIES]
