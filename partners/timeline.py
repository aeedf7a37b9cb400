"""MOUs, and cooperation before them, as entries of a time line."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.records.timeline import recorded

from .models import Region, joined


def mou_entry(mou, source=""):
    """The signing of an MOU (read by `with_parties()`), dated as precisely as it is known."""
    return recorded(
        mou.signed,
        title=_mou_title(mou),
        body=expiry_words(mou),
        url=reverse("partners:mou-detail", args=[mou.pk]),
        about=mou,
        source=source,
        lane=_("Agreements"),
        short=joined(map(str, mou.partner_side)),
    )


def cooperation_entry(place, source=""):
    """Where the cooperation with a region or an institution began without an MOU, or before one."""
    return recorded(
        place.cooperation_since,
        title=_("Cooperation with %(place)s begins") % {"place": place},
        url=_page_of(place),
        source=source,
        lane=_("Cooperation"),
        short=str(place),
    )


def _page_of(place):
    name = "region" if isinstance(place, Region) else "institution"
    return reverse(f"partners:{name}-detail", args=[place.pk])


def _mou_title(mou):
    if mou.title:
        return str(mou)
    return _("MOU of %(gyeonggi)s with %(partners)s") % {
        "gyeonggi": joined(map(str, mou.gyeonggi_side)),
        "partners": joined(map(str, mou.partner_side)),
    }


def expiry_words(mou):
    """When it ends, or that nobody has published it."""
    if mou.terminated:
        return _("Terminated: %(date)s.") % {"date": mou.terminated.words()}
    if mou.expires:
        return _("Expires: %(date)s.") % {"date": mou.expires.words()}
    return _("Expiry not published.")
