"""Attendance in Django's admin: read there, noted on the lists of the day, where corrections keep their reason."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.ui.admin_pages import ReadOnlyAdmin

from .models import Attendance, CheckIn


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
