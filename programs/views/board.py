"""The placement board of a cohort, and what is done on it: place, move, split, swap.

Each act is a page with a form. Where htmx asks, the form alone is answered, into the panel over the board; what was
done is answered with the board as it stands then, so that no page is loaded.
"""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import reswap, retarget, trigger_client_event

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept
from programs import rules
from programs.board.pages import BoardPage
from programs.forms.drafts import SplitForm, SwapForm
from programs.forms.placements import PlacementForm
from programs.models import Cohort, Enrollment, Placement
from programs.workflow import drafts, placements
from programs.workspace import workspace

PANEL = "board-panel"
PAPERS = [("a4", gettext_lazy("A4, landscape")), ("a3", gettext_lazy("A3, landscape"))]


@requires(Permission.SEE_COHORTS)
def cohort_placements(request, pk):
    page = workspace(request, pk, "placements")
    rights = _rights(request.user)
    page |= {"page": BoardPage(page["cohort"], request.GET, may_place=rights["may_place"]), **rights}
    return render(request, "programs/cohort_placements.html", page)


@requires(Permission.SEE_COHORTS)
def cohort_print_placements(request, pk):
    """The whole board on paper: nothing to click, and what is said about conflicts only where it is wanted."""
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    paper = request.GET.get("paper", "")
    page = {
        "cohort": cohort,
        "page": BoardPage(cohort, request.GET, is_whole=True),
        "papers": PAPERS,
        "paper": paper if paper in dict(PAPERS) else PAPERS[0][0],
        "notes": bool(request.GET.get("notes")),
        "now": clock.now(),
    }
    return render(request, "programs/cohort_print_placements.html", page)


@requires(Permission.PLACE_TRAINEES)
def placement_create(request, enrollment):
    enrollment = visible_or_404(
        Enrollment.objects.select_related("trainee", "cohort"), request.user, pk=enrollment
    )
    cohort, refused = enrollment.cohort, rules.not_placeable(enrollment)
    form = PlacementForm(
        request.POST or None, cohort=cohort, user=request.user, initial=_asked_for(request, cohort)
    )
    placed = kept(form, lambda: placements.draft(enrollment, by=request.user, **form.cleaned_data))
    if placed:
        words = _("The placement at %(place)s is drafted.") % {"place": placed.department}
        return _done(request, cohort, words, placed)
    page = {
        "enrollment": enrollment,
        "form": form,
        "refused": refused,
        "stays": _stays(enrollment, form.asked_days),
        "wished": enrollment.places_wished.select_related("hospital", "specialty"),
    }
    return _panel(request, "programs/placement_create.html", page, 409 if refused else form_status(form))


@requires(Permission.PLACE_TRAINEES)
def placement_move(request, pk):
    placement = _draft(request, pk)
    form = _move_form(request, placement)
    if kept(form, lambda: drafts.move(placement, by=request.user, **form.cleaned_data)):
        words = _("%(name)s: the draft is rearranged.") % {"name": placement.trainee.display_name}
        return _done(request, placement.enrollment.cohort, words, placement)
    return _rearrange(request, placement, form, move=form)


@requires(Permission.PLACE_TRAINEES)
def placement_split(request, pk):
    placement = _draft(request, pk)
    form = SplitForm(request.POST or None, placement=placement)
    second = kept(form, lambda: drafts.split(placement, by=request.user, **form.cleaned_data))
    if second:
        words = _("%(name)s: two drafts stand in place of one. Now the second can be moved.")
        words %= {"name": placement.trainee.display_name}
        return _done(request, placement.enrollment.cohort, words, second)
    return _rearrange(request, placement, form, split=form)


@requires(Permission.PLACE_TRAINEES)
def placement_swap(request, pk):
    placement = _draft(request, pk)
    form = SwapForm(request.POST or None, placement=placement)
    if kept(form, lambda: drafts.swap(placement, form.cleaned_data["other"], by=request.user)):
        words = _swapped(placement.trainee, form.cleaned_data["other"].trainee)
        return _done(request, placement.enrollment.cohort, words, placement)
    return _rearrange(request, placement, form, swap=form)


def _swapped(trainee, other):
    names = {"name": trainee.display_name, "other": other.display_name}
    if trainee == other:
        return _("%(name)s: the two drafts have changed departments.") % names
    return _("%(name)s and %(other)s: the drafts have changed places.") % names


# What they share -----------------------------------------------------------------------------------


def _rights(user):
    return {
        "may_answer": user.has(Permission.ANSWER_PLACEMENTS),
        "may_place": user.has(Permission.PLACE_TRAINEES),
    }


def _draft(request, pk):
    placements = Placement.objects.for_board().select_related("enrollment__cohort__lead_officer")
    return visible_or_404(placements, request.user, pk=pk)


def _move_form(request, placement, *, posted=True):
    """The draft's place and days, or those a link asks for; what was posted only where it was posted to this form."""
    fields = ("department", "first_day", "last_day", "half")
    initial = {name: request.GET.get(name) or getattr(placement, name) for name in fields}
    data = (request.POST or None) if posted else None
    cohort = placement.enrollment.cohort
    return PlacementForm(data, cohort=cohort, user=request.user, initial=initial, instead_of=placement)


def _rearrange(request, placement, sent, *, move=None, split=None, swap=None):
    """The page of a draft with its three forms, one of which may have been sent and come back."""
    is_draft = placement.state == Placement.State.DRAFT
    mondays, halves = drafts.parts_of(placement)
    swap = swap or SwapForm(placement=placement)
    page = {
        "placement": placement,
        "is_draft": is_draft,
        "move": move or _move_form(request, placement, posted=False),
        "split": (split or SplitForm(placement=placement)) if mondays or halves else None,
        "swap": swap if swap.fields["other"].queryset.exists() else None,
    }
    return _panel(request, "programs/placement_move.html", page, form_status(sent) if is_draft else 409)


def _panel(request, template, page, status):
    """The whole page, or only its partial `panel` where the board asks for it."""
    part = "#panel" if request.htmx and request.htmx.target == PANEL else ""
    response = render(request, f"{template}{part}", page, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _done(request, cohort, words, placement):
    """Back to the board, or for htmx the board as it stands now; the placement has the focus."""
    if not request.htmx:
        messages.success(request, words)
        return redirect("programs:cohort-placements", pk=cohort.pk)
    cohort = Cohort.objects.for_list().get(pk=cohort.pk)
    shown = QueryDict((request.htmx.current_url or "").partition("?")[2].partition("#")[0])
    page = {"cohort": cohort, "page": BoardPage(cohort, shown), "done": words, **_rights(request.user)}
    response = render(request, "programs/cohort_placements.html#board", page)
    response = trigger_client_event(response, "board:focus", {"id": f"slot-{placement.pk}"}, after="settle")
    return reswap(retarget(response, "#board"), "outerHTML")


def _stays(enrollment, days):
    """What the trainee has already in the cohort's days; each knows whether it is in the way in the days asked for."""
    cohort = enrollment.cohort
    stays = list(rules.stays_of(enrollment.trainee).overlapping(cohort.first_day, cohort.last_day))
    for stay in stays:
        stay.in_the_way = bool(days) and stay.first_day <= days[1] and stay.last_day >= days[0]
    return stays


def _asked_for(request, cohort):
    """The days in the query string, as links from the board carry them, else the cohort's."""
    initial = {"first_day": cohort.first_day, "last_day": cohort.last_day, "half": Placement.Half.WHOLE}
    for name in ("first_day", "last_day", "department"):
        if request.GET.get(name):
            initial[name] = request.GET[name]
    return initial
