"""People who look like one: the list, the two side by side, and the decision."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from participants import duplicates, workflow
from participants.forms import DuplicateFilter, NotSameForm
from participants.models import Duplicate
from participants.presentation import side_by_side
from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records.lookup import visible_or_404
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing

SORTS = {
    "sure": ["strength", "one__passport_name"],
    "name": ["one__passport_name"],
    "found": ["-found_at"],
}


@requires(Permission.SEE_PEOPLE)
def duplicate_list(request):
    found = listing(
        request,
        Duplicate.objects.visible_to(request.user).for_list(),
        filterset=DuplicateFilter,
        sorts=SORTS,
        default_sort="sure",
    )
    for duplicate in found:
        duplicate.words = duplicates.words_of(duplicate.evidence)
    page = {"user_may_edit": request.user.has(Permission.EDIT_PEOPLE)}
    return render_listing(request, "participants/duplicate_list.html", found, page)


@requires(Permission.EDIT_PEOPLE)
@require_POST
def duplicate_look(request):
    count = workflow.duplicates.look_through()
    words = ngettext(
        "The register is looked through: %(count)s pair waits for a decision.",
        "The register is looked through: %(count)s pairs wait for a decision.",
        count,
    )
    messages.success(request, words % {"count": count})
    return redirect("participants:duplicate-list")


@requires(Permission.SEE_PEOPLE)
def duplicate_detail(request, pk):
    duplicate = visible_or_404(Duplicate.objects.for_list(), request.user, pk=pk)
    return _compared(request, duplicate)


def _compared(request, duplicate, form=None, refused=(), status=200):
    """The page of two people side by side, and what may be decided about them."""
    page = {
        "duplicate": duplicate,
        "people": [duplicate.one, duplicate.other],
        "words": duplicates.words_of(duplicate.evidence),
        "lines": side_by_side(duplicate.one, duplicate.other),
        "form": form or NotSameForm(),
        "refused": refused,
        "user_may_edit": request.user.has(Permission.EDIT_PEOPLE),
    }
    return render(request, "participants/duplicate_detail.html", page, status=status)


@requires(Permission.EDIT_PEOPLE)
@require_POST
def duplicate_not_same(request, pk):
    duplicate = visible_or_404(Duplicate.objects.for_list(), request.user, pk=pk)
    form = NotSameForm(request.POST)
    refused, status = [], 422
    if form.is_valid():
        try:
            workflow.duplicates.say_not_same(duplicate, by=request.user, **form.cleaned_data)
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            words = _("%(one)s and %(other)s are two people. It will not be asked again.")
            messages.success(request, words % {"one": duplicate.one, "other": duplicate.other})
            return redirect("participants:duplicate-list")
    return _compared(request, duplicate, form, refused, status)
