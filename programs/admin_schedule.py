"""The schedule in Django's admin: sessions, what was released of them, and who reads it where."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.ui.admin_pages import KeptAdmin, ReadOnlyAdmin

from .models import CalendarFeed, ScheduleLook, ScheduleRelease, Session, SessionFile


@admin.register(Session)
class SessionAdmin(KeptAdmin):
    """Sessions come, are called off and go on the schedule: what trainees know of does not vanish unseen."""

    add_hint = _("Sessions are planned and called off on the schedule of their cohort.")
    list_display = [
        "title",
        "cohort",
        "kind",
        "starts_at",
        "ends_at",
        "time_zone",
        "hospital",
        "department",
        "whole_cohort",
    ]
    list_filter = ["kind", "cohort", "whole_cohort"]
    list_select_related = ["cohort", "hospital", "department__hospital", "department__specialty"]
    search_fields = ["title", "title_ko", "cohort__name", "lecturer", "place"]
    autocomplete_fields = ["cohort", "hospital", "department", "trainees"]
    date_hierarchy = "starts_at"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "online_link":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(SessionFile)
class SessionFileAdmin(ReadOnlyAdmin):
    """What is to be read before which session. Files come and go on the page of their session."""

    list_display = ["file", "session", "added_at", "added_by", "is_released", "removed_at"]
    list_select_related = ["file", "session", "added_by"]
    search_fields = ["file__name", "session__title"]
    date_hierarchy = "added_at"


@admin.register(ScheduleRelease)
class ScheduleReleaseAdmin(ReadOnlyAdmin):
    """What went out of a schedule, when. Schedules are released on the page of their cohort."""

    list_display = ["cohort", "number", "at", "by", "note"]
    list_filter = ["cohort"]
    list_select_related = ["cohort", "by"]
    search_fields = ["cohort__name", "cohort__code", "note"]
    date_hierarchy = "at"


@admin.register(ScheduleLook)
class ScheduleLookAdmin(ReadOnlyAdmin):
    list_display = ["trainee", "at", "before"]
    list_select_related = ["trainee"]
    search_fields = ["trainee__passport_name"]


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    """Who has a calendar address. The address itself is shown to its owner alone."""

    list_display = ["user", "made_at", "ended_at"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__email"]
    exclude = ["nonce"]
