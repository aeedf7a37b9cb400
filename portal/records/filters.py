"""Filters of lists of which some rows are put away."""

import django_filters
from django.utils.translation import gettext_lazy as _


class KeptFilterSet(django_filters.FilterSet):
    """Leaves out what is archived, unless the reader asks for the archive or for all."""

    kept = django_filters.ChoiceFilter(
        label=_("Archive"),
        choices=[("archived", _("archived")), ("all", _("all, archived too"))],
        empty_label=_("in use"),
        method="by_archive",
    )

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return queryset if self.form.cleaned_data.get("kept") else queryset.in_use()

    def by_archive(self, rows, name, value):
        return rows.archived() if value == "archived" else rows
