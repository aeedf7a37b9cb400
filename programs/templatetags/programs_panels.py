"""What programs know about records of the apps below, for those records' pages."""

from django import template

from programs.models import Enrollment, Placement

register = template.Library()


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
