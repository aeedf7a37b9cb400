"""Partners in Django's admin."""

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Prefetch
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from portal.records.queries import counted
from portal.records.uploads import UploadField
from portal.search.admin import FoundByName
from portal.ui.admin_pages import KeptAdmin, ReadOnlyAdmin

from . import rules
from .counts import counted_institutions, counted_regions
from .models import STATUSES, Contact, Institution, Mou, MouParty, MouScan, Region
from .workflow import mous


class ContactInline(admin.TabularInline):
    model = Contact
    extra = 0
    autocomplete_fields = ["user"]
    can_delete = False


class MouPartyInline(admin.TabularInline):
    model = MouParty
    extra = 0
    autocomplete_fields = ["hospital", "region", "institution"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("hospital", "region", "institution")


@admin.register(Region)
class RegionAdmin(FoundByName, admin.ModelAdmin):
    list_display = [
        "name",
        "name_ko",
        "level",
        "parent",
        "country",
        "time_zone",
        "institution_count",
        "mou_count",
    ]
    list_filter = ["level", "country"]
    list_select_related = ["parent"]
    search_fields = ["name", "name_ko", "name_local", "aliases"]
    autocomplete_fields = ["parent", "sources"]

    def get_queryset(self, request):
        return counted_regions(super().get_queryset(request), request.user)

    @admin.display(description=_("institutions"), ordering="institution_count")
    def institution_count(self, region):
        return region.institution_count

    @admin.display(description=_("MOUs"), ordering="mou_count")
    def mou_count(self, region):
        return region.mou_count


@admin.register(Institution)
class InstitutionAdmin(FoundByName, admin.ModelAdmin):
    list_display = ["name", "name_ko", "kind", "region", "parent", "contact_count", "mou_count"]
    list_filter = ["kind", ("region", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["region", "parent"]
    search_fields = ["name", "name_ko", "name_local", "short_name", "aliases"]
    autocomplete_fields = ["region", "parent", "sources"]
    inlines = [ContactInline]

    def get_queryset(self, request):
        contacts = Contact.objects.filter(institution=OuterRef("pk"))
        return counted_institutions(
            super().get_queryset(request).annotate(contact_count=counted(contacts)), request.user
        )

    @admin.display(description=_("contacts"), ordering="contact_count")
    def contact_count(self, institution):
        return institution.contact_count

    @admin.display(description=_("MOUs"), ordering="mou_count")
    def mou_count(self, institution):
        return institution.mou_count


@admin.register(Contact)
class ContactAdmin(FoundByName, KeptAdmin):
    """Somebody who leaves the office gets a last day; the row stays."""

    list_display = [
        "office",
        "name",
        "institution",
        "email",
        "language",
        "since_words",
        "until_words",
        "user",
    ]
    list_filter = [
        "language",
        ("until", admin.EmptyFieldListFilter),
        ("institution__region", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["institution", "user"]
    search_fields = ["office", "name", "email", "institution__name", "institution__aliases"]
    search_paths = ("", "institution")
    autocomplete_fields = ["institution", "user"]

    @admin.display(description=_("since"), ordering="since")
    def since_words(self, contact):
        return contact.since.words() if contact.since else None

    @admin.display(description=_("until"), ordering="until")
    def until_words(self, contact):
        return contact.until.words() if contact.until else None


class MouForm(forms.ModelForm):
    scan = UploadField(label=_("add a scan"), required=False)

    class Meta:
        model = Mou
        exclude = ()  # noqa: DJ006 - the admin lists what is shown; scans come in by `scan` alone

    def clean(self):
        cleaned = super().clean()
        for field, words in rules.objections_to_mou(self.instance).items():
            if field in self.fields and field not in self.errors:
                self.add_error(field, words)
        return cleaned


class StatusFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return list(STATUSES.items())

    def queryset(self, request, queryset):
        return queryset.with_status().filter(status_key=self.value()) if self.value() else queryset


@admin.register(Mou)
class MouAdmin(FoundByName, KeptAdmin):
    form = MouForm
    list_display = [
        "title_or_parties",
        "kind",
        "signed_words",
        "expires_words",
        "status_word",
        "seats_a_year",
        "owner",
    ]
    list_select_related = ["owner"]
    list_filter = [
        StatusFilter,
        "kind",
        ("expires", admin.EmptyFieldListFilter),
        ("terminated", admin.EmptyFieldListFilter),
    ]
    search_fields = [
        "title",
        "title_ko",
        "parties__hospital__name",
        "parties__region__name",
        "parties__institution__name",
        "parties__institution__aliases",
    ]
    autocomplete_fields = ["renews", "owner", "sources"]
    # What came in its place follows from the renewal's signature.
    readonly_fields = ["superseded_by", "scans"]
    search_paths = ("", "parties__hospital", "parties__region", "parties__institution")
    inlines = [MouPartyInline]

    def get_queryset(self, request):
        return super().get_queryset(request).with_parties()

    @admin.display(description=_("MOU"))
    def title_or_parties(self, mou):
        return str(mou)

    @admin.display(description=_("signed"), ordering="signed")
    def signed_words(self, mou):
        return mou.signed.words() if mou.signed else None

    @admin.display(description=_("expires"), ordering="expires")
    def expires_words(self, mou):
        return mou.expires.words() if mou.expires else None

    @admin.display(description=_("status"))
    def status_word(self, mou):
        return mou.status.label

    @admin.display(description=_("scanned files"))
    def scans(self, mou):
        if not mou.pk:
            return ""
        links = [
            (reverse("partners:mou-download", args=[mou.pk, scan.pk]), scan, scan.file)
            for scan in mou.scans.select_related("file")
        ]
        return format_html_join(", ", '<a href="{}">{}: {}</a>', links)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.cleaned_data.get("scan"):
            mous.add_scan(form.instance, by=request.user, scan=form.cleaned_data["scan"])


@admin.register(MouScan)
class MouScanAdmin(ReadOnlyAdmin):
    """Every version of the signed papers. A new one is added on the page of its MOU."""

    list_display = ["mou", "number", "file", "note", "added_by"]
    list_filter = [("added_by", admin.RelatedOnlyFieldListFilter)]
    search_fields = [
        "mou__title",
        "mou__title_ko",
        "mou__parties__hospital__name",
        "mou__parties__region__name",
        "mou__parties__institution__name",
        "file__name",
        "note",
    ]

    def get_queryset(self, request):
        mous_by_name = Prefetch("mou", Mou.objects.with_parties())
        return super().get_queryset(request).select_related("file", "added_by").prefetch_related(mous_by_name)
