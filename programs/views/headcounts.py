"""The lines that count people of a cohort without naming them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import visible_or_404
from programs.forms.planning import HeadCountForm
from programs.models import Cohort, HeadCount
from programs.workflow import headcounts


def _line_or_404(request, pk):
    """A line of a cohort that the user may see."""
    cohorts = Cohort.objects.visible_to(request.user)
    return get_object_or_404(HeadCount.objects.select_related("cohort"), pk=pk, cohort__in=cohorts)


@requires(Permission.RUN_COHORTS)
def headcount_create(request, cohort):
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=cohort)
    form = HeadCountForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        headcounts.keep(form, by=request.user)
        messages.success(request, _("The line is added."))
        return redirect("programs:cohort-detail", pk=cohort.pk)
    page = {"form": form, "cohort": cohort}
    return render(request, "programs/headcount_create.html", page, status=422 if form.is_bound else 200)


@requires(Permission.RUN_COHORTS)
def headcount_edit(request, pk):
    line = _line_or_404(request, pk)
    form = HeadCountForm(request.POST or None, cohort=line.cohort, instance=line)
    if request.method == "POST" and form.is_valid():
        headcounts.keep(form, by=request.user)
        messages.success(request, _("The changes are kept."))
        return redirect("programs:cohort-detail", pk=line.cohort_id)
    page = {"form": form, "cohort": line.cohort, "line": line}
    return render(request, "programs/headcount_edit.html", page, status=422 if form.is_bound else 200)


@requires(Permission.RUN_COHORTS)
def headcount_delete(request, pk):
    line = _line_or_404(request, pk)
    if request.method == "POST":
        headcounts.remove(line, by=request.user)
        messages.success(request, _("The line is removed."))
        return redirect("programs:cohort-detail", pk=line.cohort_id)
    page = {
        "cohort": line.cohort,
        "line": line,
        "effects": [
            _("The cohort’s page and its reports count these people no longer."),
            _("The history keeps what the line said. No mail is sent."),
        ],
    }
    return render(request, "programs/headcount_delete.html", page)
