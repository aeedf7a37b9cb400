"""Attendance and evaluations in Django's admin: read there, and kept on the portal's own pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.records.stateful_admin import StatefulAdmin
from portal.ui.admin_pages import ReadOnlyAdmin, ReadOnlyInline

from .models import (
    Attendance,
    CheckIn,
    Evaluation,
    Exemption,
    HospitalFeedback,
    Objective,
    ObjectiveRating,
    ProgramFeedback,
    ResultBlock,
)


@admin.register(Attendance)
class AttendanceAdmin(ReadOnlyAdmin):
    list_display = ["person", "day", "status", "reason", "of", "channel", "noted_name", "noted_at"]
    list_filter = ["status", "channel", "enrollment__cohort"]
    list_select_related = [
        "enrollment__trainee",
        "session",
        "placement__department__hospital",
        "placement__department__specialty",
    ]
    search_fields = [
        "enrollment__trainee__passport_name",
        "enrollment__trainee__local_name",
        "enrollment__trainee__korean_name",
        "session__title",
        "placement__department__hospital__name",
    ]
    date_hierarchy = "day"

    @admin.display(description=_("trainee"), ordering="enrollment__trainee__passport_name")
    def person(self, attendance):
        return attendance.enrollment.trainee

    @admin.display(description=_("at"))
    def of(self, attendance):
        return attendance.session or attendance.placement.department


@admin.register(CheckIn)
class CheckInAdmin(ReadOnlyAdmin):
    list_display = ["session", "opened_by", "opened_at", "closes_at"]
    list_filter = ["session__cohort"]
    list_select_related = ["session", "opened_by"]
    search_fields = ["session__title", "opened_by__name", "opened_by__email"]
    date_hierarchy = "opened_at"


# What was said of a training ------------------------------------------------------------------------


@admin.register(Evaluation)
class EvaluationAdmin(StatefulAdmin):
    add_hint = _("Supervisors are asked when a placement ends.")
    list_display = ["placement", "state", "due", "answered_name", "answered_at"]
    list_filter = ["state", "placement__enrollment__cohort"]
    list_select_related = [
        "placement__trainee",
        "placement__department__hospital",
        "placement__department__specialty",
    ]
    search_fields = [
        "placement__trainee__passport_name",
        "placement__trainee__local_name",
        "placement__trainee__korean_name",
        "placement__department__hospital__name",
    ]
    date_hierarchy = "due"
    readonly_fields = [
        "placement", "opened_at", "due", *Evaluation.MARKS, "strengths", "advice",
    ]  # fmt: skip


class UnreadAdmin(ReadOnlyAdmin):
    """That somebody answered, not what: nobody reads it by name, an administrator neither."""

    list_filter = ["enrollment__cohort__program"]
    date_hierarchy = "answered_at"


@admin.register(HospitalFeedback)
class HospitalFeedbackAdmin(UnreadAdmin):
    list_display = ["hospital", "cohort", "answered_at"]
    fields = ["hospital", "answered_at"]
    list_select_related = ["hospital", "enrollment__cohort"]
    search_fields = ["hospital__name", "hospital__name_ko"]

    @admin.display(description=_("cohort"), ordering="enrollment__cohort__code")
    def cohort(self, feedback):
        return feedback.enrollment.cohort


@admin.register(ProgramFeedback)
class ProgramFeedbackAdmin(UnreadAdmin):
    list_display = ["cohort", "answered_at"]
    fields = ["answered_at"]
    list_select_related = ["enrollment__cohort"]
    search_fields = ["enrollment__cohort__name", "enrollment__cohort__code"]

    @admin.display(description=_("cohort"), ordering="enrollment__cohort__code")
    def cohort(self, feedback):
        return feedback.enrollment.cohort


@admin.register(ResultBlock)
class ResultBlockAdmin(ReadOnlyAdmin):
    list_display = ["about", "count", "published_at"]
    list_select_related = ["hospital", "program"]
    search_fields = ["hospital__name", "hospital__name_ko", "program__name", "program__name_ko"]
    date_hierarchy = "published_at"

    @admin.display(description=_("hospital or program"))
    def about(self, block):
        return block.hospital or block.program


class ObjectiveRatingInline(ReadOnlyInline):
    model = ObjectiveRating
    fields = ["followup", "rating", "rated_at"]
    show_change_link = False


@admin.register(Objective)
class ObjectiveAdmin(ReadOnlyAdmin):
    list_display = ["text", "enrollment", "position", "set_at"]
    list_filter = ["enrollment__cohort"]
    list_select_related = ["enrollment__trainee", "enrollment__cohort"]
    search_fields = ["text", "enrollment__trainee__passport_name", "enrollment__trainee__local_name"]
    date_hierarchy = "set_at"
    inlines = [ObjectiveRatingInline]


@admin.register(Exemption)
class ExemptionAdmin(ReadOnlyAdmin):
    list_display = ["enrollment", "rules", "reason", "given_by", "given_at"]
    list_filter = ["enrollment__cohort"]
    list_select_related = ["enrollment__trainee", "enrollment__cohort", "given_by"]
    search_fields = [
        "enrollment__trainee__passport_name",
        "enrollment__trainee__local_name",
        "enrollment__trainee__korean_name",
        "reason",
    ]
    date_hierarchy = "given_at"
