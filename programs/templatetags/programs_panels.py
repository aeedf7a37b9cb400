"""What programs know about records of the apps below, for those records' pages."""

from django import template

from portal.accounts.roles import Permission
from portal.mail.models import OutgoingMail
from programs.models import Enrollment, Placement

register = template.Library()


@register.filter
def in_blocks(code):
    """A certificate's code in blocks of four, as it is read out; the check takes it with its blanks."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


@register.inclusion_tag("programs/_enrollments_of.html", takes_context=True)
def enrollments_of(context, trainee):
    """The cohorts a person was nominated for, with the departments they were placed in. Two queries."""
    user = context["user"]
    enrollments = list(
        Enrollment.objects.visible_to(user)
        .filter(trainee=trainee)
        .select_related("cohort")
        .order_by("-cohort__starts")
    )
    rotations = {}
    placements = (
        Placement.objects.visible_to(user)
        .filter(trainee=trainee)
        .select_related("department__hospital", "department__specialty")
    )
    for placement in placements:
        rotations.setdefault(placement.enrollment_id, []).append(placement)
    return {"lines": [(enrollment, rotations.get(enrollment.pk, [])) for enrollment in enrollments]}


@register.inclusion_tag("mail/_mails_about.html", takes_context=True)
def mails_about_placement(context, placement):
    """The mails about a placement: its own, and those about its cohort that name it, such as the request. One query."""
    user = context["user"]
    about = OutgoingMail.objects.about(placement.enrollment.cohort)
    mails = about.filter(context__placements__contains=[placement.pk]) | OutgoingMail.objects.about(placement)
    return {"mails": mails.visible_to(user).for_list(), "may_open": user.has(Permission.SEE_MAILS)}
