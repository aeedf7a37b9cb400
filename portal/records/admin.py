"""The trail, the sources and the private files in Django's admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.ui.admin_pages import KeptAdmin, ReadOnlyAdmin

from .access import in_words
from .imports.models import ColumnMapping, ImportBatch, ImportRow
from .models import AccessRecord, AccessReview, Event, PrivateFile, Source


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "acted_by", "verb", "subject_name", "subject_type", "source", "target", "reason"]
    list_filter = [("subject_type", admin.RelatedOnlyFieldListFilter), "verb"]
    list_select_related = ["subject_type"]
    search_fields = ["actor_name", "subject_name", "reason"]
    date_hierarchy = "at"
    show_full_result_count = False  # the trail grows without end

    @admin.display(description=_("actor’s name then"), ordering="actor_name")
    def acted_by(self, event):
        return event.who


@admin.register(Source)
class SourceAdmin(KeptAdmin):
    list_display = ["title", "publisher", "published_words", "views", "key"]
    list_filter = ["publisher", "language"]
    search_fields = ["key", "title", "publisher"]

    @admin.display(description=_("published"), ordering="published")
    def published_words(self, source):
        return source.published.words()


@admin.register(PrivateFile)
class PrivateFileAdmin(ReadOnlyAdmin):
    """What is kept, and its hash. The bytes are served by the page of whoever they belong to, not here."""

    list_display = ["name", "content_type", "size", "stored_at"]
    list_filter = ["content_type"]
    search_fields = ["name", "sha256"]
    date_hierarchy = "stored_at"
    fields = ["name", "content_type", "size", "sha256", "stored_at"]


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin):
    list_display = ["at", "by_name", "what_in_words", "about_name", "reason", "ip"]
    list_filter = ["what"]
    search_fields = ["by_name", "about_name", "reason"]
    date_hierarchy = "at"
    show_full_result_count = False  # it grows without end

    @admin.display(description=_("what"), ordering="what")
    def what_in_words(self, record):
        return in_words(record.what)


@admin.register(AccessReview)
class AccessReviewAdmin(ReadOnlyAdmin):
    list_display = ["month", "reviewed_by", "reviewed_at", "note"]
    list_select_related = ["reviewed_by"]
    search_fields = ["reviewed_by__name", "note"]


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """Files that were brought in. They are written and reverted on their own pages."""

    list_display = ["file", "kind", "sender", "state", "row_count", "uploaded_by", "uploaded_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["file", "uploaded_by"]
    search_fields = ["file__name", "sender", "uploaded_by__name"]
    date_hierarchy = "uploaded_at"


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    list_display = ["batch", "number", "title", "verdict", "choice", "is_taken"]
    list_filter = ["verdict", "choice", "batch__kind"]
    list_select_related = ["batch__file"]
    search_fields = ["title", "batch__file__name"]
    # What the rows say is read in the preview: some of it is sealed.
    fields = ["batch", "number", "title", "subtitle", "verdict", "choice", "is_taken", "written_id"]


@admin.register(ColumnMapping)
class ColumnMappingAdmin(KeptAdmin):
    list_display = ["heading", "target", "sender", "kind"]
    list_filter = ["kind"]
    search_fields = ["heading", "sender"]
