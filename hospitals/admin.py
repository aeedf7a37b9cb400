"""Host hospitals in Django's admin."""

from django.contrib import admin
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from portal.records.queries import counted
from portal.search.admin import FoundByName
from portal.ui.admin_pages import KeptAdmin

from .models import Clinician, Closure, Coordinator, Department, Hospital, Specialty


class DepartmentInline(admin.TabularInline):
    model = Department
    extra = 0
    fields = ["specialty", "name", "name_ko", "seats", "languages"]
    autocomplete_fields = ["specialty"]
    show_change_link = True
    can_delete = False


class CoordinatorInline(admin.TabularInline):
    model = Coordinator
    extra = 0
    autocomplete_fields = ["user"]
    can_delete = False


class ClinicianInline(admin.TabularInline):
    model = Clinician
    extra = 0
    fields = ["name", "name_ko", "title", "department", "is_supervisor", "is_lecturer"]
    autocomplete_fields = ["department"]
    show_change_link = True
    can_delete = False


class ClosureInline(admin.TabularInline):
    model = Closure
    extra = 0


@admin.register(Hospital)
class HospitalAdmin(FoundByName, KeptAdmin):
    list_display = ["name", "name_ko", "city", "department_count", "seat_count", "coordinator_count"]
    list_filter = [
        "city",
        ("departments__specialty", admin.RelatedOnlyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["name", "name_ko", "short_name", "short_name_ko", "aliases", "city", "city_ko"]
    autocomplete_fields = ["sources"]
    readonly_fields = ["archived_at", "merged_into"]
    inlines = [DepartmentInline, CoordinatorInline, ClinicianInline]

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    @admin.display(description=_("departments"), ordering="department_count")
    def department_count(self, hospital):
        return hospital.department_count

    @admin.display(description=_("seats"), ordering="seat_count")
    def seat_count(self, hospital):
        return hospital.seat_count

    @admin.display(description=_("coordinators"), ordering="coordinator_count")
    def coordinator_count(self, hospital):
        return hospital.coordinator_count


@admin.register(Specialty)
class SpecialtyAdmin(FoundByName, KeptAdmin):
    list_display = ["name", "name_ko", "parent", "department_count"]
    list_filter = [
        ("parent", admin.RelatedOnlyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["parent"]
    search_fields = ["name", "name_ko", "aliases"]
    readonly_fields = ["archived_at", "merged_into"]
    autocomplete_fields = ["parent"]

    def get_queryset(self, request):
        departments = Department.objects.filter(specialty=OuterRef("pk"))
        return super().get_queryset(request).annotate(department_count=counted(departments))

    @admin.display(description=_("departments"), ordering="department_count")
    def department_count(self, specialty):
        return specialty.department_count


@admin.register(Department)
class DepartmentAdmin(KeptAdmin):
    list_display = ["label", "hospital", "specialty", "seats", "languages", "is_invented"]
    list_filter = [
        "hospital",
        ("specialty", admin.RelatedOnlyFieldListFilter),
        ("archived_at", admin.EmptyFieldListFilter),
        "is_invented",
    ]
    readonly_fields = ["archived_at", "merged_into"]
    list_select_related = ["hospital", "specialty"]
    search_fields = [
        "name",
        "name_ko",
        "specialty__name",
        "specialty__name_ko",
        "hospital__name",
        "hospital__name_ko",
    ]
    autocomplete_fields = ["hospital", "specialty"]
    inlines = [ClosureInline]

    def get_queryset(self, request):
        return super().get_queryset(request).with_names()


@admin.register(Closure)
class ClosureAdmin(admin.ModelAdmin):
    list_display = ["department", "first_day", "last_day", "reason"]
    list_filter = ["department__hospital"]
    list_select_related = ["department__hospital", "department__specialty"]
    search_fields = [
        "department__name",
        "department__specialty__name",
        "department__hospital__name",
        "reason",
    ]
    autocomplete_fields = ["department"]
    date_hierarchy = "first_day"


@admin.register(Coordinator)
class CoordinatorAdmin(KeptAdmin):
    """Somebody who stops serving gets a last day; the row stays."""

    list_display = ["user", "hospital", "title", "until"]
    list_filter = ["hospital", ("until", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "hospital"]
    search_fields = ["user__name", "user__email", "hospital__name", "title"]
    autocomplete_fields = ["user", "hospital"]


@admin.register(Clinician)
class ClinicianAdmin(KeptAdmin):
    list_display = ["name", "name_ko", "title", "hospital", "department", "is_supervisor", "is_lecturer"]
    list_filter = ["hospital", "is_supervisor", "is_lecturer", ("archived_at", admin.EmptyFieldListFilter)]
    list_select_related = ["hospital", "department__hospital", "department__specialty"]
    search_fields = ["name", "name_ko", "title", "title_ko", "hospital__name", "hospital__name_ko"]
    autocomplete_fields = ["hospital", "department"]
