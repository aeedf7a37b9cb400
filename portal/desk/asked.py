"""What somebody outside the team has asked for and waits to hear about, for Today."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.records import clock
from programs.models import Certificate
from programs.models.cohorts import branded

from .items import Todo, full_name


def name_corrections(user):
    """Holders of certificates who ask for another spelling of their name: due since they asked."""
    if not user.has(Permission.SEE_COHORTS):
        return []
    rows = Certificate.objects.visible_to(user).to_be_corrected().select_related("enrollment__trainee")
    return [_correction(one) for one in rows.prefetch_related(branded("enrollment__cohort"))]


def _correction(certificate):
    facts = {
        "name": certificate.enrollment.trainee,
        "number": certificate.number,
        "cohort": full_name(certificate.enrollment.cohort),
        "wanted": certificate.correction_name,
    }
    return Todo(
        due=localdate(certificate.correction_asked_at, clock.SEOUL),
        title=_("%(name)s asks for a correction of the name on %(number)s") % facts,
        text=_("%(cohort)s. It should read “%(wanted)s”.") % facts,
        url=reverse("programs:certificate-detail", args=[certificate.pk]),
        icon="check-badge",
        action=_("Settle the correction"),
        permission=Permission.APPROVE_CERTIFICATES,
    )
