"""Trainees, the register of graduates and their follow-ups in Django's admin."""

from django.contrib import admin
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from portal.records.queries import counted
from portal.records.stateful_admin import StatefulAdmin
from portal.search.admin import FoundByName
from portal.ui.admin_pages import KeptAdmin, ReadOnlyAdmin, ReadOnlyInline

from .duplicates import words_of
from .models import Consent, Document, Duplicate, FollowUp, Graduation, Passport, Post, Trainee, Visit
from .workflow import trainees


class GraduationInline(ReadOnlyInline):
    model = Graduation
    fields = ["program_name", "completed"]


class FollowUpInline(ReadOnlyInline):
    model = FollowUp
    fields = ["months", "due", "state", "answered_at"]
    readonly_fields = ["state", "answered_at"]


@admin.register(Trainee)
class TraineeAdmin(FoundByName, KeptAdmin):
    list_display = [
        "passport_name",
        "local_name",
        "nationality",
        "institution",
        "specialty",
        "email",
        "graduation_count",
    ]
    list_filter = [
        "nationality",
        "profession",
        ("specialty", admin.RelatedOnlyFieldListFilter),
        "is_invented",
    ]
    list_select_related = ["institution", "specialty"]
    search_fields = ["passport_name", "local_name", "korean_name", "certificate_name", "email"]
    autocomplete_fields = ["institution", "specialty", "user"]
    readonly_fields = ["certificate_name_confirmed_at", "photo"]
    inlines = [GraduationInline]

    def get_queryset(self, request):
        graduations = Graduation.objects.filter(trainee=OuterRef("pk"))
        return super().get_queryset(request).annotate(graduation_count=counted(graduations))

    @admin.display(description=_("graduations"), ordering="graduation_count")
    def graduation_count(self, trainee):
        return trainee.graduation_count

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The page carries what it showed, so that only what was typed there is written."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.show_hidden_initial = True
        return field

    def save_model(self, request, obj, form, change):
        """As on the portal's own screens: with a line in the trail, and a changed name is confirmed again."""
        if change:
            trainees.change(obj, by=request.user, fields=form.changed_data)
        else:
            trainees.register(obj, by=request.user)


@admin.register(Passport)
class PassportAdmin(ReadOnlyAdmin):
    """Which passports are kept, and why. A whole number is shown by the portal's own screen, to who gives a reason."""

    list_display = ["trainee", "masked_number", "issuing_country", "expires", "basis", "stored_at", "key_id"]
    list_filter = ["basis", "key_id"]
    list_select_related = ["trainee"]
    search_fields = ["trainee__passport_name", "trainee__local_name", "trainee__korean_name"]
    fields = [
        "trainee",
        "masked_number",
        "issuing_country",
        "expires",
        "basis",
        "sent_by",
        "stored_at",
        "key_id",
    ]

    @admin.display(description=_("number"))
    def masked_number(self, passport):
        return passport.masked


@admin.register(Document)
class DocumentAdmin(StatefulAdmin):
    """Which papers there are. The bytes are opened on the portal's own page, which keeps who opened them."""

    add_hint = _("Papers are handed in on the page of the person, or by the person.")
    list_display = ["trainee", "kind", "state", "received_at", "expires", "checked_by", "erased_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["trainee", "checked_by"]
    search_fields = ["trainee__passport_name", "trainee__local_name", "trainee__korean_name"]
    date_hierarchy = "received_at"
    readonly_fields = ["trainee", "kind", "file", "received_at", "received_from"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["at", "trainee", "purpose", "action", "version", "language", "by_name"]
    list_filter = ["purpose", "action", "version"]
    list_select_related = ["trainee"]
    search_fields = ["trainee__passport_name", "trainee__local_name", "trainee__korean_name", "by_name"]
    date_hierarchy = "at"


@admin.register(Duplicate)
class DuplicateAdmin(ReadOnlyAdmin):
    """Who looks like whom. People are merged, or told apart, on the portal's own page of the two."""

    list_display = ["one", "other", "strength", "evidence_words", "found_at", "not_same_at", "not_same_by"]
    list_filter = ["strength", ("not_same_at", admin.EmptyFieldListFilter)]
    list_select_related = ["one", "other", "not_same_by"]
    search_fields = [
        f"{side}__{name}"
        for side in ("one", "other")
        for name in ("passport_name", "local_name", "korean_name", "certificate_name")
    ]
    date_hierarchy = "found_at"
    fields = [
        "one",
        "other",
        "strength",
        "evidence_words",
        "found_at",
        "not_same_at",
        "not_same_by",
        "not_same_reason",
    ]

    @admin.display(description=_("evidence"))
    def evidence_words(self, duplicate):
        return ", ".join(words_of(duplicate.evidence))


@admin.register(Graduation)
class GraduationAdmin(FoundByName, KeptAdmin):
    list_display = ["trainee", "program_name", "completed_words", "program_kind"]
    list_filter = ["program_kind", ("hospitals", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["trainee"]
    search_fields = ["trainee__passport_name"]
    search_paths = ("trainee",)
    autocomplete_fields = ["trainee", "hospitals", "sources"]
    inlines = [FollowUpInline]

    @admin.display(description=_("completed"), ordering="completed")
    def completed_words(self, graduation):
        return graduation.completed.words()


@admin.register(FollowUp)
class FollowUpAdmin(FoundByName, StatefulAdmin):
    add_hint = _("Follow-ups are planned when an enrollment completes.")
    list_display = ["graduation", "months", "state", "due", "opened_at", "answered_at"]
    list_filter = ["state", "months"]
    list_select_related = ["graduation__trainee"]
    search_fields = ["graduation__trainee__passport_name"]
    search_paths = ("graduation__trainee",)
    date_hierarchy = "due"
    readonly_fields = [
        "graduation",
        "months",
        "applied",
        "procedures",
        "taught",
        "patients",
        "obstacles",
        "wishes",
    ]
    editable_in = {"due": [FollowUp.State.SCHEDULED]}


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    """Where graduates work, as they told it; entered on the page of the graduate."""

    list_display = ["trainee", "position", "workplace", "since", "verified_on", "told_by"]
    list_select_related = ["trainee"]
    search_fields = ["trainee__passport_name", "position", "workplace"]
    date_hierarchy = "verified_on"


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    """Visits to graduates at work; written down on the page of the graduate."""

    list_display = ["graduation", "visited_on", "place", "visitors", "written_by"]
    list_select_related = ["graduation__trainee", "written_by"]
    search_fields = ["graduation__trainee__passport_name", "place"]
    date_hierarchy = "visited_on"
