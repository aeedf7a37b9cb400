"""One thing done to several trainees of a cohort: first said for how many, then done."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.screens import use_on_each
from portal.ui.selection import Selection
from programs import bulk
from programs.forms.papers import RosterFilter
from programs.workspace import workspace

NAMED = 100


@requires(Permission.RUN_COHORTS)
def cohort_bulk(request, pk, action):
    if action not in bulk.ACTIONS:
        raise Http404
    page, action = workspace(request, pk, "trainees"), bulk.ACTIONS[action]
    selection = Selection(request, page["cohort"].enrollments.for_roster(), RosterFilter)
    back = reverse("programs:cohort-trainees", args=[pk]) + selection.back_query
    rows = list(selection.rows) if selection.count else []
    fitting = [enrollment for enrollment in rows if action.fits(enrollment)]
    form = action.form(request.POST if request.method == "POST" else None) if action.form else None
    if request.method == "POST" and selection.has_moved:
        messages.warning(request, _("Meanwhile the selection has changed. Please look at it again."))
    elif request.method == "POST" and (form is None or form.is_valid()):
        _use(request, action, fitting, form.cleaned_data if form else {})
        return redirect(back)
    page |= _asked(request, action, rows, fitting) | {"form": form, "back": back}
    wrong = form is not None and form.is_bound and not form.is_valid()
    return render(request, "programs/cohort_bulk.html", page, status=422 if wrong else 200)


def _asked(request, action, rows, fitting):
    """What the page says: the question with its number, what happens, who is in it, and whom it does not fit."""
    return {
        "action": action,
        "question": action.question(len(fitting)) % {"count": len(fitting)},
        "effects": action.told(fitting, request.user) if fitting else [],
        "fitting": fitting[:NAMED],
        "more": max(0, len(fitting) - NAMED),
        "left_alone": [enrollment for enrollment in rows if not action.fits(enrollment)][:NAMED],
        "expected": len(rows),
    }


def _use(request, action, enrollments, details):
    """Do it for each, and say for how many."""

    def verb(enrollment, *, by):
        return action.verb(enrollment, by=by, **details)

    done = use_on_each(request, enrollments, verb)
    words = ngettext("Done for %(count)s trainee.", "Done for %(count)s trainees.", done)
    messages.success(request, words % {"count": done}) if done else messages.info(request, bulk.SETTLED)
