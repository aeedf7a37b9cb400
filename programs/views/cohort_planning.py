"""The plan of a cohort: what staff enter to begin one, and change as it becomes clearer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import key_in, visible_or_404
from programs import copying
from programs.forms.cohorts import CohortForm
from programs.forms.planning import CopyForm, QuotaLines
from programs.lines import lines_screen
from programs.models import Cohort
from programs.workflow import cohort_copies, cohorts, lines


@requires(Permission.RUN_COHORTS)
def cohort_create(request):
    form = CohortForm(
        request.POST or None, user=request.user, initial={"program": key_in(request.GET.get("program"))}
    )
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
def cohort_copy(request, pk):
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    form = CopyForm(request.POST or None, cohort=cohort)
    only_look = "look" in request.POST
    if request.method == "POST" and form.is_valid() and not only_look:
        try:
            copy = cohort_copies.copy(cohort, by=request.user, **form.facts)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("%(name)s is planned after %(earlier)s.")
            messages.success(request, words % {"name": copy, "earlier": cohort})
            return redirect("programs:cohort-detail", pk=copy.pk)
    page = {"form": form, "cohort": cohort, "preview": copying.preview(cohort, *form.shown)}
    wrong = form.is_bound and not (form.is_valid() and only_look)
    return render(request, "programs/cohort_copy.html", page, status=422 if wrong else 200)


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


@requires(Permission.RUN_COHORTS)
def cohort_quotas(request, pk):
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    back, title = reverse("programs:cohort-detail", args=[pk]), _("Quotas")
    return lines_screen(
        request,
        QuotaLines(request.POST or None, instance=cohort),
        lambda formset: lines.keep(
            formset, "change_quotas", by=request.user, permission=Permission.RUN_COHORTS
        ),
        title=title,
        lede=_("How many seats each region may fill. What is put forward beyond it is shown, not refused."),
        back=back,
        crumbs=[(_("Cohorts"), reverse("programs:cohort-list")), (str(cohort), back), (title, "")],
        noun=_("quota"),
    )
