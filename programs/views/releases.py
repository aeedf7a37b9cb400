"""A plan that staff work on, and its numbered releases: what is different for whom, and giving it out."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import hold, outbox
from portal.mail.rehearsal import rehearse
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status
from portal.records.transitions import NotNow
from programs import release_words, releasing, workflow
from programs.forms.reasons import NoteForm
from programs.models import Release
from programs.workspace import workspace


@requires(Permission.SEE_COHORTS)
def cohort_releases(request, pk, kind):
    """What is not given out yet, and what was; who may place trainees gives it out here."""
    if kind not in releasing.kinds():
        raise Http404
    page = workspace(request, pk, kind)  # the tab of a plan is called like its kind
    cohort, may_release = page["cohort"], request.user.has(Permission.PLACE_TRAINEES)
    form = NoteForm(request.POST if request.method == "POST" and may_release else None)
    if form.is_bound and form.is_valid() and _give_out(request, cohort, kind, form):
        return redirect("programs:cohort-releases", pk=pk, kind=kind)
    changes = workflow.releases.not_released(cohort, kind)
    act = partial(workflow.releases.release, cohort, kind, by=request.user)
    page |= {
        "form": form,
        "kind": Release.Kind(kind),
        "plan_url": releasing.plan_of(kind).path(cohort.pk),
        "changed": release_words.for_staff(kind, changes),
        "releases": Release.objects.for_list().filter(cohort=cohort, kind=kind),
        "may_release": may_release,
        "rehearsed": rehearse(act, by=request.user) if changes and may_release else [],
    }
    return render(request, "programs/cohort_releases.html", page, status=form_status(form))


def _give_out(request, cohort, kind, form):
    """Release the plan and say so. Why not stands in the form."""
    label = _("Release: %s") % cohort
    try:
        with outbox.hold(label, by=request.user) as held:
            given = workflow.releases.release(cohort, kind, by=request.user, note=form.cleaned_data["note"])
    except NotNow as error:
        form.add_error(None, error)
        return False
    words = _("Release %(number)s is out.") % {"number": given.number}
    messages.success(request, format_html("{}\n{}", words, hold.in_words(held)))
    return True


@requires(Permission.SEE_COHORTS)
def release_detail(request, pk):
    release = visible_or_404(Release.objects.for_list(), request.user, pk=pk)
    changes = workflow.releases.changes_of(release)
    page = {"release": release, "changed": release_words.for_staff(release.kind, changes)}
    return render(request, "programs/release_detail.html", page)
