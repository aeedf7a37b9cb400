"""By what names regions, institutions, contacts and MOUs are found, and what the search page offers of them."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.search.kinds import Kind
from portal.search.names import named

from .models import Contact, Institution, Mou, Region
from .timeline import expiry_words

named(Region, "name", "name_ko", "name_local", "aliases")
named(Institution, "name", "name_ko", "name_local", "short_name", "aliases")
named(Contact, "name", "office", "email")
named(Mou, "title", "title_ko")


def _sees_partners(user):
    return user.has(Permission.SEE_PARTNERS)


def _list(name, typed):
    return f"{reverse(name)}?{urlencode({'q': typed})}"


REGIONS = Kind(
    label=_("Partner regions"),
    rows=lambda user: Region.objects.visible_to(user).select_related("parent"),
    url=lambda region: reverse("partners:region-detail", args=[region.pk]),
    about=lambda region: region.parent or region.get_level_display(),
    order=("name",),
    allowed=_sees_partners,
    list_url=lambda typed: _list("partners:region-list", typed),
)
INSTITUTIONS = Kind(
    label=_("Institutions"),
    rows=lambda user: Institution.objects.visible_to(user).select_related("region"),
    url=lambda institution: reverse("partners:institution-detail", args=[institution.pk]),
    about=lambda institution: institution.region,
    order=("name", "pk"),
    allowed=_sees_partners,
    list_url=lambda typed: _list("partners:institution-list", typed),
)
CONTACTS = Kind(
    label=_("Contacts"),
    rows=lambda user: Contact.objects.visible_to(user).select_related("institution"),
    title=lambda contact: contact.name or contact.office,
    url=lambda contact: reverse("partners:institution-detail", args=[contact.institution_id]),
    about=lambda contact: contact.institution,
    order=("name", "pk"),
    allowed=_sees_partners,
)
MOUS = Kind(
    label=_("MOUs"),
    rows=lambda user: Mou.objects.visible_to(user).with_parties(),
    url=lambda mou: reverse("partners:mou-detail", args=[mou.pk]),
    about=lambda mou: f"{mou.signed.words()}. {expiry_words(mou)}" if mou.signed else expiry_words(mou),
    paths=("", "parties__hospital", "parties__region", "parties__institution"),
    order=("-signed", "pk"),
    allowed=_sees_partners,
    list_url=lambda typed: _list("partners:mou-list", typed),
)
KINDS = [INSTITUTIONS, REGIONS, MOUS, CONTACTS]
