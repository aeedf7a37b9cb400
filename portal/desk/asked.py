"""What somebody outside the team has asked for and waits to hear about, for Today."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.approximate import span_words
from programs.models import Certificate, Placement
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


def proposed_dates(user):
    """Hospitals that propose other dates instead of an answer: it is ours to take them over or to say no."""
    if not user.has(Permission.SEE_COHORTS):
        return []
    rows = Placement.objects.visible_to(user).awaiting_answer().exclude(proposal_at=None)
    rows = rows.select_related("trainee", "department__hospital").order_by("proposal_at", "pk")
    return [_proposal(one) for one in rows.prefetch_related(branded("enrollment__cohort"))]


def _proposal(placement):
    facts = {
        "hospital": placement.department.hospital.short,
        "name": placement.trainee.display_name,
        "cohort": full_name(placement.enrollment.cohort),
        "days": span_words(placement.proposal_first_day, placement.proposal_last_day),
        "asked": span_words(placement.first_day, placement.last_day),
    }
    return Todo(
        due=localdate(placement.proposal_at, clock.SEOUL),
        title=_("%(hospital)s proposes other dates for %(name)s") % facts,
        text=_("%(cohort)s. Asked for: %(asked)s; proposed: %(days)s.") % facts,
        url=reverse("programs:placement-detail", args=[placement.pk]),
        icon="calendar",
        action=_("Decide on the proposal"),
        permission=Permission.PLACE_TRAINEES,
        blocks=True,
    )
