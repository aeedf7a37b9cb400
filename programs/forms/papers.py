"""How the table of papers is narrowed."""

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from participants.models import Document
from portal.search.matching import found_by
from programs.checklists import checklists
from programs.models import Enrollment


class PapersFilter(FilterSet):
    """By name, and by what somebody still owes."""

    name = CharFilter(label=_("Name, in any script"), method="by_name")
    owed = ChoiceFilter(
        label=_("Still owed"),
        choices=[("any", _("anything")), *Document.Kind.choices],
        method="by_owed",
        empty_label=_("Everybody"),
    )

    class Meta:
        model = Enrollment
        fields = []

    def by_name(self, enrollments, name, value):
        return found_by(enrollments, value, "trainee")

    def by_owed(self, enrollments, name, value):
        found = checklists(enrollments)
        wanted = [
            pk
            for pk, items in found.items()
            if any(item.is_owed and value in ("any", item.kind) for item in items)
        ]
        return enrollments.filter(pk__in=wanted)
