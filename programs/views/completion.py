"""Who has completed the training by the program's rules, and the exceptions staff make."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing
from programs.completion import against, rules_of, standings_of
from programs.eligibility import Met
from programs.forms.evaluations import ExemptionForm
from programs.forms.training import CompletionFilter
from programs.models import Enrollment
from programs.training_columns import completion_file
from programs.workflow import exemptions
from programs.workspace import workspace


@requires(Permission.SEE_COHORTS)
def cohort_completion(request, pk):
    page = workspace(request, pk, "completion")
    cohort = page["cohort"]
    standings = standings_of(cohort)
    found = listing(
        request,
        cohort.enrollments.taking_part().for_roster().annotate(objective_count=Count("objectives")),
        filterset=CompletionFilter.over(standings),
        sorts={"name": ["trainee__passport_name"]},
        default_sort="name",
        per_page=15,
        export=completion_file(cohort, standings),
    )
    if found.is_for_download:
        return render_listing(request, "programs/cohort_completion.html", found)
    for enrollment in found.rows:
        enrollment.standing = standings[enrollment.pk]
    page |= {
        "rules": [rule.label for rule in rules_of(cohort.program)],
        "met": sum(standing.is_met for standing in standings.values()),
        "count": len(standings),
        "is_over": clock.today() >= cohort.last_day,
        "unknown": any(standing.met == Met.UNKNOWN for standing in standings.values()),
    }
    return render_listing(request, "programs/cohort_completion.html", found, page)


@requires(Permission.RUN_COHORTS)
def enrollment_exempt(request, pk):
    rows = Enrollment.objects.select_related("trainee", "cohort__program")
    enrollment = visible_or_404(rows, request.user, pk=pk)
    back = reverse("programs:cohort-completion", args=[enrollment.cohort_id])
    form = ExemptionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            exemptions.exempt(enrollment, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
        else:
            words = _("The exception for %(name)s is recorded.") % {"name": enrollment.trainee.display_name}
            messages.success(request, words)
            return redirect(back)
    page = {
        "enrollment": enrollment,
        "cohort": enrollment.cohort,
        "form": form,
        "effects": against(enrollment),
        "back": back,
    }
    return render(request, "programs/enrollment_exempt.html", page, status=form_status(form))
