"""Choosing among the nominees of a cohort: scores, rules, decisions on many at once, and the reserve list."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import hold
from portal.mail.rehearsal import rehearse
from portal.records.lookup import key_in, visible_or_404
from portal.records.screens import verb_screen
from portal.records.transitions import NotNow
from programs import effects, selection
from programs.eligibility import verdicts, with_facts
from programs.forms.reasons import NoteForm, ReasonForm
from programs.forms.selection import ReviewersForm, ReviewForm, WaiverForm
from programs.models import Enrollment, Offer
from programs.workflow import offers
from programs.workflow import selection as verbs
from programs.workspace import workspace

EXAMPLES = 3  # of a decision on many, whose letters are shown

# All nominees --------------------------------------------------------------------------------------


@requires(Permission.SEE_COHORTS)
def cohort_selection(request, pk):
    page = workspace(request, pk, "selection")
    cohort, user = page["cohort"], request.user
    rows = selection.nominees(cohort, user)
    reviewers = list(cohort.reviewers.select_related("user"))
    page |= {
        "rows": rows,
        "reserve": sorted((row for row in rows if row.reserve_rank), key=lambda row: row.reserve_rank),
        "reviewers": reviewers,
        "criteria": list(cohort.program.criteria.all()),
        "offers": selection.offers_of(cohort),
        "is_reviewer": any(reviewer.user_id == user.pk for reviewer in reviewers),
        "mine_left": sum(not row.standing.is_mine_given for row in rows),
    }
    return render(request, "programs/cohort_selection.html", page)


# Decisions -----------------------------------------------------------------------------------------


@requires(Permission.RUN_COHORTS)
def cohort_decide(request, pk):
    """First what will happen and the letters; then, with `confirmed`, the deed. Nobody chosen means nobody."""
    page = workspace(request, pk, "selection")
    cohort, back = page["cohort"], reverse("programs:cohort-selection", args=[pk])
    decision, keys = request.POST.get("decision"), _keys_of(request, cohort)
    if decision not in verbs.DECISIONS or not verbs.chosen(cohort, keys):
        messages.warning(
            request, _("Nobody is chosen, so nobody is decided on. Tick the people it is about.")
        )
        return redirect(back)
    confirmed = "confirmed" in request.POST
    form = (ReasonForm if decision == "reject" else NoteForm)(request.POST if confirmed else None)
    refused, status = [], 200
    if confirmed and form.is_valid():
        try:
            reason = next(iter(form.cleaned_data.values()))
            held = verbs.decide(cohort, keys, decision, by=request.user, reason=reason)
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            messages.success(request, format_html("{}\n{}", _done(decision, len(keys)), hold.in_words(held)))
            return redirect(back)
    elif confirmed:
        status = 422
    page |= _preview(request, cohort, keys, decision, refused) | {"form": form, "back": back}
    return render(request, "programs/cohort_decide.html", page, status=status)


def _keys_of(request, cohort):
    """Those ticked; with `all` everybody of the list to whom the decision can be done, in the order of the page."""
    decision = request.POST.get("decision")
    if request.POST.get("all") != "1" or decision not in verbs.DECISIONS:
        return _keys(request)
    sources = verbs.DECISIONS[decision].verb.sources
    return [row.pk for row in selection.nominees(cohort, request.user) if row.state in sources]


def _keys(request):
    """The chosen enrollments in the order of the page, each once."""
    keys = (key_in(value) for value in request.POST.getlist("chosen"))
    return list(dict.fromkeys(key for key in keys if key is not None))


def _preview(request, cohort, keys, decision, refused):
    """Who it is about, why it cannot be done where that is so, and the letters of the first few as they will read."""
    people = verbs.chosen(cohort, keys)
    refused = refused or verbs.refusals(cohort, people, decision)
    examples = [person.pk for person in people[:EXAMPLES]]
    act = partial(
        verbs.decide, cohort, examples, decision, by=request.user, reason=request.POST.get("reason", "")
    )
    return {
        "decision": decision,
        "people": people,
        "verb": verbs.DECISIONS[decision].verb,
        "question": _question(decision, len(people)),
        "effects": [] if refused else effects.of_letters(people),
        "refused": refused,
        "rehearsed": [] if refused else rehearse(act, by=request.user),
        "examples": len(examples) if len(people) > len(examples) else 0,
    }


def _question(decision, count):
    words = {
        "accept": ngettext("Accept %(count)s nominee?", "Accept %(count)s nominees?", count),
        "put-on-reserve": ngettext(
            "Put %(count)s nominee on the reserve list?", "Put %(count)s nominees on the reserve list?", count
        ),
        "reject": ngettext("Reject %(count)s nominee?", "Reject %(count)s nominees?", count),
    }
    return words[decision] % {"count": count}


def _done(decision, count):
    words = {
        "accept": ngettext("%(count)s nominee is accepted.", "%(count)s nominees are accepted.", count),
        "put-on-reserve": ngettext(
            "%(count)s nominee is on the reserve list.", "%(count)s nominees are on the reserve list.", count
        ),
        "reject": ngettext("%(count)s nominee is rejected.", "%(count)s nominees are rejected.", count),
    }
    return words[decision] % {"count": count}


@requires(Permission.RUN_COHORTS)
def cohort_reserve(request, pk):
    """The reserve list with a place to write beside each; whoever gets the same place keeps the order of before."""
    page, refused, status = workspace(request, pk, "selection"), [], 200
    rows = list(offers.reserve_of(page["cohort"]).select_related("trainee__institution"))
    if request.method == "POST":
        places = {key: key_in(request.POST.get(f"place_{key}")) for key in _keys(request)}
        keys = sorted(places, key=lambda key: places[key] if places[key] is not None else len(places) + 1)
        try:
            verbs.order_reserve(page["cohort"], keys, by=request.user)
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            messages.success(request, _("The reserve list stands in this order."))
            return redirect("programs:cohort-reserve", pk=pk)
    page |= {"rows": rows, "refused": refused}
    return render(request, "programs/cohort_reserve.html", page, status=status)


@requires(Permission.RUN_COHORTS)
def cohort_reviewers(request, pk):
    page = workspace(request, pk, "selection")
    now = list(page["cohort"].reviewers.values_list("user", flat=True))
    form = ReviewersForm(request.POST if request.method == "POST" else None, initial={"reviewers": now})
    if request.method == "POST" and form.is_valid():
        try:
            facts = form.cleaned_data
            verbs.name_reviewers(page["cohort"], facts["reviewers"], by=request.user, reason=facts["reason"])
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The reviewers are named."))
            return redirect("programs:cohort-selection", pk=pk)
    page |= {"form": form}
    return render(request, "programs/cohort_reviewers.html", page, status=422 if form.is_bound else 200)


# One nominee ---------------------------------------------------------------------------------------


@requires(Permission.SEE_SCORES)
def enrollment_review(request, pk):
    """The nominee as a reviewer reads them, the form for the scores, and what others gave once one has given."""
    enrollment = _nominee(request, pk)
    form = _form(request, enrollment)
    if request.method == "POST" and form and form.is_valid():
        try:
            verbs.review(enrollment, by=request.user, **form.given)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your scores for %(name)s are kept.") % {"name": enrollment.trainee})
            return redirect(_next_to_score(enrollment, request.user))
    page = {
        "enrollment": enrollment,
        "trainee": enrollment.trainee,
        "cohort": enrollment.cohort,
        "verdicts": verdicts(enrollment),
        "standing": selection.standings([enrollment], request.user)[enrollment.pk],
        "form": form,
        "may_run": request.user.has(Permission.RUN_COHORTS),
    }
    wrong = form is not None and form.is_bound
    return render(request, "programs/enrollment_review.html", page, status=422 if wrong else 200)


def _nominee(request, pk):
    rows = with_facts(Enrollment.objects.all()).select_related(
        "trainee__institution__region", "trainee__specialty", "nominated_by"
    )
    return visible_or_404(rows, request.user, pk=pk)


def _form(request, enrollment):
    """The form of somebody who was asked to score and has not yet; None for everybody else."""
    asked = enrollment.cohort.reviewers.filter(user=request.user).exists()
    given = enrollment.reviews.filter(reviewer=request.user).exists()
    if not asked or given or enrollment.state not in verbs.SCORED_IN:
        return None
    criteria = list(enrollment.cohort.program.criteria.all())
    return ReviewForm(request.POST if request.method == "POST" else None, criteria=criteria)


def _next_to_score(enrollment, user):
    """The page of the next nominee whom the reviewer has not scored, or the list when all are."""
    left = enrollment.cohort.enrollments.filter(state__in=verbs.SCORED_IN).exclude(reviews__reviewer=user)
    following = left.order_by("trainee__passport_name", "pk").values_list("pk", flat=True).first()
    if following is None:
        return reverse("programs:cohort-selection", args=[enrollment.cohort_id])
    return reverse("programs:enrollment-review", args=[following])


@requires(Permission.RUN_COHORTS)
def enrollment_waive_rules(request, pk):
    enrollment = _nominee(request, pk)
    form = WaiverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.waive_rules(enrollment, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
        else:
            words = _("The exception for %(name)s is recorded.") % {"name": enrollment.trainee}
            messages.success(request, words)
            return redirect("programs:cohort-selection", pk=enrollment.cohort_id)
    page = {
        "enrollment": enrollment,
        "cohort": enrollment.cohort,
        "form": form,
        "effects": [found.words for found in verdicts(enrollment) if found.met == "not_met"],
        "back": reverse("programs:cohort-selection", args=[enrollment.cohort_id]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "programs/enrollment_waive_rules.html", page, status=status)


@requires(Permission.RUN_COHORTS)
def offer_pass_over(request, pk):
    rows = Offer.objects.select_related("enrollment__cohort", "enrollment__trainee", "freed_by__trainee")
    offer = visible_or_404(rows, request.user, pk=pk)
    cohort = offer.enrollment.cohort
    back = reverse("programs:cohort-selection", args=[cohort.pk])
    return verb_screen(
        request,
        offer,
        offers.pass_over,
        question=_("Pass over %(name)s?") % {"name": offer.enrollment.trainee},
        done=_("%(name)s is passed over for this seat.") % {"name": offer.enrollment.trainee},
        effects=[
            _("The seat is offered to the next on the reserve list."),
            _("The person stays on the list at their place. No mail is sent."),
        ],
        back=back,
        crumbs=[
            (str(cohort), reverse("programs:cohort-detail", args=[cohort.pk])),
            (_("Selection"), back),
        ],
        form=ReasonForm,
    )
