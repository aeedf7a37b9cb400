"""The plan of a cohort: what staff enter to begin one, and change as it becomes clearer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import visible_or_404
from programs.forms.cohorts import CohortForm
from programs.models import Cohort
from programs.workflow import cohorts


@requires(Permission.RUN_COHORTS)
def cohort_create(request):
    form = CohortForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            cohort = cohorts.plan(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is planned.") % {"name": cohort})
            return redirect("programs:cohort-detail", pk=cohort.pk)
    return render(
        request, "programs/cohort_create.html", {"form": form}, status=422 if form.is_bound else 200
    )


@requires(Permission.RUN_COHORTS)
def cohort_edit(request, pk):
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    form = CohortForm(request.POST or None, user=request.user, instance=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            cohorts.change(cohort, by=request.user, **form.changed_facts)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("programs:cohort-detail", pk=pk)
    page = {"form": form, "cohort": cohort}
    return render(request, "programs/cohort_edit.html", page, status=422 if form.is_bound else 200)
