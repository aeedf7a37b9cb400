"""Programs, cohorts and what happens in them in Django's admin. States move by the verbs; nothing goes round them."""

from django.contrib import admin
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from partners.models import Mou
from portal.records.queries import counted
from portal.records.stateful_admin import StatefulAdmin
from portal.ui.admin_pages import KeptAdmin, ReadOnlyAdmin, ReadOnlyInline

from . import admin_schedule, admin_training  # noqa: F401 - they register their own
from .models import (
    Brand,
    Call,
    Certificate,
    CertificateCounter,
    Cohort,
    Criterion,
    Enrollment,
    HeadCount,
    Hosting,
    HostingRequest,
    HostingSeats,
    Offer,
    Placement,
    Program,
    Proposal,
    ProposedLine,
    Quota,
    Release,
    Review,
    Reviewer,
    Score,
    Signatory,
    SignatoryMark,
    Waiver,
    Wish,
    WithdrawnBadge,
)

PLANNED = [Cohort.State.PLANNING, Cohort.State.NOMINATING, Cohort.State.SELECTING]


class HeadCountInline(admin.TabularInline):
    model = HeadCount
    extra = 0
    fields = ["count", "regions", "profession", "note"]
    autocomplete_fields = ["regions"]


class PlacementInline(ReadOnlyInline):
    model = Placement
    fields = ["department", "first_day", "last_day", "half", "state"]
    readonly_fields = ["state"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_board()


class QuotaInline(admin.TabularInline):
    model = Quota
    extra = 0
    autocomplete_fields = ["region"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("region")


class BrandInline(admin.TabularInline):
    model = Brand
    extra = 0


class CriterionInline(admin.TabularInline):
    model = Criterion
    extra = 0


@admin.register(Program)
class ProgramAdmin(KeptAdmin):
    list_display = ["name", "name_ko", "kind", "part_of", "usual_weeks", "cohort_count"]
    list_filter = ["kind"]
    list_select_related = ["part_of"]
    search_fields = ["name", "name_ko", "aliases", "brands__name", "brands__name_ko"]
    autocomplete_fields = ["part_of", "sources"]
    readonly_fields = ["archived_at"]
    inlines = [BrandInline, CriterionInline]

    def get_queryset(self, request):
        cohorts = Cohort.objects.filter(program=OuterRef("pk"))
        return super().get_queryset(request).annotate(cohort_count=counted(cohorts))

    @admin.display(description=_("cohorts"), ordering="cohort_count")
    def cohort_count(self, program):
        return program.cohort_count


@admin.register(Cohort)
class CohortAdmin(StatefulAdmin):
    add_hint = _("New cohorts are planned on the portal’s page of cohorts.")
    list_display = ["name", "program", "state", "dates", "seats", "enrollment_count", "code", "lead_officer"]
    list_filter = ["state", "program", "is_invented"]
    list_select_related = ["program", "lead_officer"]
    search_fields = ["name", "name_ko", "code", "program__name"]
    autocomplete_fields = [
        "mous", "hospitals", "home_institutions", "specialties", "lead_officer", "sources",
    ]  # fmt: skip
    readonly_fields = ["program"]
    # Placements are held to the cohort's dates: once there are any, the dates stand.
    editable_in = {"starts": PLANNED, "ends": PLANNED, "code": PLANNED}
    inlines = [HeadCountInline, QuotaInline]

    def get_queryset(self, request):
        enrollments = Enrollment.objects.filter(cohort=OuterRef("pk"))
        return super().get_queryset(request).annotate(enrollment_count=counted(enrollments))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "mous":
            kwargs["queryset"] = Mou.objects.with_parties()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("dates"), ordering="starts")
    def dates(self, cohort):
        return cohort.dates

    @admin.display(description=_("enrollments"), ordering="enrollment_count")
    def enrollment_count(self, cohort):
        return cohort.enrollment_count


@admin.register(HeadCount)
class HeadCountAdmin(admin.ModelAdmin):
    list_display = ["cohort", "count_words", "profession", "note"]
    list_filter = [("regions", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["cohort"]
    search_fields = ["cohort__name", "cohort__code", "profession", "note"]
    autocomplete_fields = ["cohort", "regions", "sources"]

    @admin.display(description=_("people"), ordering="count")
    def count_words(self, head_count):
        return head_count.count.words()


@admin.register(Enrollment)
class EnrollmentAdmin(StatefulAdmin):
    add_hint = _("Trainees are nominated on the page of their cohort.")
    list_display = ["trainee", "cohort", "state", "nominated_by", "nominated_at", "placement_count"]
    list_filter = ["state", "cohort"]
    list_select_related = ["trainee", "cohort", "nominated_by"]
    search_fields = [
        "trainee__passport_name",
        "trainee__local_name",
        "trainee__korean_name",
        "cohort__name",
        "cohort__code",
    ]
    autocomplete_fields = ["nominated_by"]
    date_hierarchy = "nominated_at"
    readonly_fields = ["cohort", "trainee", "nominated_at", "reserve_rank"]
    inlines = [PlacementInline]

    def get_queryset(self, request):
        placements = Placement.objects.filter(enrollment=OuterRef("pk"))
        return super().get_queryset(request).annotate(placement_count=counted(placements))

    @admin.display(description=_("placements"), ordering="placement_count")
    def placement_count(self, enrollment):
        return enrollment.placement_count


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    """Who was asked to nominate. Calls are sent and revoked on the page of their cohort."""

    list_display = ["cohort", "contact", "sent_at", "revoked_at", "revoked_reason"]
    list_filter = ["cohort", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["cohort", "contact__institution"]
    search_fields = [
        "cohort__name",
        "cohort__code",
        "contact__name",
        "contact__office",
        "contact__institution__name",
    ]
    date_hierarchy = "sent_at"


@admin.register(Reviewer)
class ReviewerAdmin(ReadOnlyAdmin):
    list_display = ["user", "cohort", "asked_at"]
    list_filter = ["cohort"]
    list_select_related = ["user", "cohort"]
    search_fields = ["user__name", "user__email", "cohort__name", "cohort__code"]
    date_hierarchy = "asked_at"


class ScoreInline(ReadOnlyInline):
    model = Score
    fields = ["criterion", "points"]
    show_change_link = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("criterion")


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Who scored whom. An administrator who is asked to score reads others' scores no earlier than anybody else."""

    list_display = ["enrollment", "reviewer", "has_conflict", "given_at"]
    list_filter = ["has_conflict", "enrollment__cohort"]
    list_select_related = ["enrollment__trainee", "enrollment__cohort", "reviewer"]
    search_fields = [
        "enrollment__trainee__passport_name",
        "enrollment__trainee__local_name",
        "enrollment__trainee__korean_name",
        "reviewer__name",
        "reviewer__email",
    ]
    date_hierarchy = "given_at"
    inlines = [ScoreInline]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)


@admin.register(Waiver)
class WaiverAdmin(ReadOnlyAdmin):
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


@admin.register(Offer)
class OfferAdmin(StatefulAdmin):
    add_hint = _("A seat is offered when somebody withdraws and others are on the reserve list.")
    list_display = ["enrollment", "state", "freed_by", "offered_at"]
    list_filter = ["state", "enrollment__cohort"]
    list_select_related = [
        "enrollment__trainee",
        "enrollment__cohort",
        "freed_by__trainee",
        "freed_by__cohort",
    ]
    search_fields = [
        "enrollment__trainee__passport_name",
        "enrollment__trainee__local_name",
        "enrollment__trainee__korean_name",
        "enrollment__cohort__name",
        "enrollment__cohort__code",
    ]
    date_hierarchy = "offered_at"
    readonly_fields = ["enrollment", "freed_by", "offered_at"]


@admin.register(Placement)
class PlacementAdmin(StatefulAdmin):
    add_hint = _("Placements are drafted on the board of their cohort.")
    list_display = [
        "trainee",
        "state",
        "department",
        "first_day",
        "last_day",
        "half",
        "answer_due",
        "answered_name",
    ]
    list_filter = ["state", ("department__hospital", admin.RelatedOnlyFieldListFilter), "enrollment__cohort"]
    list_select_related = ["trainee", "department__hospital", "department__specialty"]
    search_fields = [
        "trainee__passport_name", "trainee__local_name", "trainee__korean_name",
        "department__hospital__name", "department__hospital__name_ko", "department__specialty__name",
    ]  # fmt: skip
    autocomplete_fields = ["department"]
    date_hierarchy = "first_day"
    readonly_fields = ["enrollment"]
    # A draft binds nobody, and the verbs check it again; what a hospital was asked stands.
    editable_in = {name: [Placement.State.DRAFT] for name in ["department", "first_day", "last_day", "half"]}


class HostingSeatsInline(ReadOnlyInline):
    model = HostingSeats
    fields = ["department", "monday", "seats"]


@admin.register(Hosting)
class HostingAdmin(ReadOnlyAdmin):
    """Entered on its own page, by the hospital or by staff."""

    list_display = ["hospital", "cohort", "interest", "said_name", "said_at", "channel"]
    list_filter = ["interest", "channel", "cohort"]
    list_select_related = ["hospital", "cohort"]
    search_fields = ["hospital__name", "hospital__name_ko", "cohort__name", "cohort__code"]
    inlines = [HostingSeatsInline]


@admin.register(HostingRequest)
class HostingRequestAdmin(ReadOnlyAdmin):
    list_display = ["hospital", "cohort", "asked_at", "asked_by", "answer_by"]
    list_filter = ["cohort"]
    list_select_related = ["hospital", "cohort", "asked_by"]
    search_fields = ["hospital__name", "hospital__name_ko", "cohort__name", "cohort__code"]


@admin.register(Wish)
class WishAdmin(ReadOnlyAdmin):
    list_display = ["enrollment", "rank", "hospital", "specialty"]
    list_filter = ["rank", "enrollment__cohort"]
    list_select_related = ["enrollment__trainee", "enrollment__cohort", "hospital", "specialty"]
    search_fields = ["enrollment__trainee__passport_name", "hospital__name", "specialty__name"]


class ProposedLineInline(ReadOnlyInline):
    model = ProposedLine
    fields = readonly_fields = ["enrollment", "department", "first_day", "last_day", "placement"]


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ["cohort", "asked_by", "asked_at", "done_at", "value", "bound", "seconds", "problem"]
    list_filter = ["together", "cohort"]
    list_select_related = ["cohort", "asked_by"]
    search_fields = ["cohort__name", "cohort__code", "asked_by__name"]
    inlines = [ProposedLineInline]


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    """What went out of a plan, when. Plans are released on the page of their cohort."""

    list_display = ["cohort", "kind", "number", "released_at", "released_by", "note"]
    list_filter = ["kind", "cohort"]
    list_select_related = ["cohort", "released_by"]
    search_fields = ["cohort__name", "cohort__code", "note"]
    date_hierarchy = "released_at"


@admin.register(Certificate)
class CertificateAdmin(StatefulAdmin):
    add_hint = _("Certificates become eligible when an enrollment completes.")
    list_display = ["__str__", "enrollment", "state", "number", "issued_on", "approved_by"]
    list_filter = ["state", "year", "enrollment__cohort"]
    list_select_related = ["enrollment__trainee", "enrollment__cohort", "approved_by"]
    search_fields = [
        "number",
        "code",
        "enrollment__trainee__passport_name",
        "enrollment__trainee__local_name",
    ]
    date_hierarchy = "issued_on"
    readonly_fields = ["enrollment"]


@admin.register(CertificateCounter)
class CertificateCounterAdmin(ReadOnlyAdmin):
    list_display = ["year", "last"]
    search_fields = ["year"]


@admin.register(WithdrawnBadge)
class WithdrawnBadgeAdmin(ReadOnlyAdmin):
    list_display = ["identifier"]
    search_fields = ["identifier"]


class SignatoryMarkInline(ReadOnlyInline):
    model = SignatoryMark
    fields = ["kind", "version", "at", "by"]
    show_change_link = False


@admin.register(Signatory)
class SignatoryAdmin(ReadOnlyAdmin):
    list_display = ["name", "name_ko", "title", "since"]
    search_fields = ["name", "name_ko"]
    inlines = [SignatoryMarkInline]


@admin.register(SignatoryMark)
class SignatoryMarkAdmin(ReadOnlyAdmin):
    list_display = ["signatory", "kind", "version", "by", "at"]
    list_filter = ["kind"]
    list_select_related = ["signatory", "by", "file"]
    search_fields = ["signatory__name", "signatory__name_ko"]
    date_hierarchy = "at"
