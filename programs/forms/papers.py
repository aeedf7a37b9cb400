"""How lists of people are narrowed to those who still owe a paper."""

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from participants.models import Document
from portal.accounts.roles import Permission
from portal.records.lookup import visible_or_404
from portal.search.matching import found_by
from programs.checklists import owing
from programs.models import Cohort, Enrollment

from .cohorts import EnrollmentFilter

ANY = "any"


class OwedFilter(ChoiceFilter):
    """Who of the cohort owes something, or one kind of paper, judged by the database."""

    def __init__(self, **kwargs):
        super().__init__(choices=[(ANY, _("anything")), *Document.Kind.choices], **kwargs)

    def filter(self, enrollments, value):
        if not value:
            return enrollments
        request = self.parent.request
        cohort = visible_or_404(
            Cohort.objects.select_related("program"), request.user, pk=request.resolver_match.kwargs["pk"]
        )
        return owing(enrollments, cohort, "" if value == ANY else value)


class PapersFilter(FilterSet):
    """By name, and by what somebody still owes."""

    name = CharFilter(label=_("Name, in any script"), method="by_name")
    owed = OwedFilter(label=_("Still owed"), empty_label=_("Everybody"))

    class Meta:
        model = Enrollment
        fields = []

    def by_name(self, enrollments, name, value):
        return found_by(enrollments, value, "trainee")


class RosterFilter(EnrollmentFilter):
    """The cohort’s people; for who sees papers also by what is missing of them."""

    papers = OwedFilter(label=_("Papers missing"), empty_label=_("All"))

    class Meta(EnrollmentFilter.Meta):
        fields = ["q", "state", "region", "papers"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.request.user.has(Permission.SEE_PAPERS):
            del self.filters["papers"]
