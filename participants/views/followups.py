"""What came of the training: the team's list and screens, and the graduate's own form."""

from contextlib import suppress
from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from participants import replies, workflow
from participants.columns import FOLLOWUPS
from participants.forms import FollowUpAnswerForm, FollowUpFilter, WaiveForm
from participants.models import Consent, FollowUp
from portal.accounts.guards import public, requires
from portal.accounts.links import BadLink
from portal.accounts.roles import Permission
from portal.accounts.throttle import too_often_for
from portal.records import clock
from portal.records.actors import System
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, verb_screen
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing

SORTS = {
    "urgency": ["urgency", "due"],
    "due": ["due", "graduation__trainee__passport_name"],
    "name": ["graduation__trainee__passport_name", "due"],
}

# A save every few seconds for as long as somebody may write.
DRAFTS_AN_HOUR = 1200

# The team ------------------------------------------------------------------------------------------


@requires(Permission.SEE_PEOPLE)
def followup_list(request):
    followups = listing(
        request,
        FollowUp.objects.visible_to(request.user).for_list().by_urgency(),
        filterset=FollowUpFilter,
        sorts=SORTS,
        default_sort="urgency",
        export=FOLLOWUPS,
    )
    late = FollowUp.objects.visible_to(request.user).late().count()
    return render_listing(request, "participants/followup_list.html", followups, {"late": late})


def _followup(request, pk):
    return visible_or_404(FollowUp.objects.for_list(), request.user, pk=pk)


@requires(Permission.SEE_PEOPLE)
def followup_detail(request, pk):
    return render(request, "participants/followup_detail.html", {"followup": _followup(request, pk)})


@requires(Permission.FOLLOW_UP)
def followup_open_followup(request, pk):
    followup = _followup(request, pk)
    return _verb_screen(
        request,
        followup,
        workflow.followups.open_followup,
        question=_("Open this follow-up before its day?"),
        effects=[
            _("The form is open to the graduate now."),
            _("No mail is sent before the day it is due."),
        ],
        done=_("The follow-up is open."),
    )


@requires(Permission.FOLLOW_UP)
def followup_answer(request, pk):
    followup = _followup(request, pk)
    return _verb_screen(
        request,
        followup,
        workflow.followups.answer,
        form=partial(_answer_form, followup),
        question=_("What did %(name)s answer?") % {"name": followup.graduation.trainee},
        effects=[
            _("Your name stands beside the answer as the one who entered it."),
            _("No further reminder is sent."),
        ],
        done=_("The answer is recorded."),
    )


@requires(Permission.FOLLOW_UP)
def followup_miss(request, pk):
    return _verb_screen(
        request,
        _followup(request, pk),
        workflow.followups.miss,
        question=_("Count this follow-up as missed?"),
        effects=[_("No further reminder is sent."), _("The graduate can still answer.")],
        done=_("The follow-up counts as missed."),
    )


@requires(Permission.FOLLOW_UP)
def followup_waive(request, pk):
    return _verb_screen(
        request,
        _followup(request, pk),
        workflow.followups.waive,
        form=WaiveForm,
        danger=True,
        question=_("Not ask this graduate this time?"),
        effects=[
            _("Mails about it that have not left are cancelled."),
            _("The form closes for the graduate."),
        ],
        done=_("The follow-up is waived."),
    )


def _verb_screen(request, followup, verb, **page):
    back = reverse("participants:followup-detail", args=[followup.pk])
    crumbs = [(_("Follow-ups"), reverse("participants:followup-list")), (followup, back)]
    return verb_screen(request, followup, verb, back=back, crumbs=crumbs, **page)


def _answer_form(followup, data, initial=None):
    """The form over a copy: what is typed reaches the record through the verb alone."""
    return FollowUpAnswerForm(data, initial=initial, instance=FollowUp(graduation=followup.graduation))


# The graduate --------------------------------------------------------------------------------------


@requires(Permission.OWN_TRAINING)
def my_followups(request):
    own = FollowUp.objects.visible_to(request.user).filter(graduation__trainee__user=request.user).for_list()
    # What waits for an answer stands first.
    followups = sorted(own, key=lambda followup: not _may_answer(followup))
    return render(request, "participants/my_followups.html", {"followups": followups})


@requires(Permission.OWN_TRAINING)
def my_followup(request, pk):
    own = FollowUp.objects.for_list().filter(graduation__trainee__user=request.user)
    followup = visible_or_404(own, request.user, pk=pk)
    return _asked(request, followup, "participants/my_followup.html", by=request.user)


@public
@never_cache
@sensitive_variables("token")
def followup_reply(request, token):
    """The same form by the link in the mail: who has no account answers too. Only a POST acts."""
    try:
        followup = replies.followup_for(token)
    except BadLink:
        return _unlisted(render(request, "participants/followup_ended.html", status=410))
    # Nobody is signed in; the trail still names who answered.
    by = System(str(followup.graduation.trainee))
    if request.method == "POST" and "stop" in request.POST:
        return _unlisted(_stopped(request, followup, by=by))
    return _unlisted(_asked(request, followup, "participants/followup_reply.html", by=by))


def _stopped(request, followup, *, by):
    """Nobody writes to the graduate any more; doing it twice is no mistake."""
    facts = {"purpose": Consent.Purpose.GRADUATE, "language": get_language()}
    with suppress(NotNow):
        workflow.consents.withdraw(followup.graduation.trainee, by=by, **facts)
    return render(request, "participants/followup_stopped.html")


def _unlisted(response):
    """No search engine is to list a page that names a person. (The address leaves to no other site by any page.)"""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _may_answer(followup):
    return followup.state in workflow.followups.answer.verb.sources


def _asked(request, followup, template, *, by):
    """The form as it was left; what is typed is kept as it goes, by htmx or by its own button, until it is sent."""
    if request.method == "POST" and "save" in request.POST:
        return _save(request, followup)
    form = _answer_form(followup, request.POST if request.method == "POST" else None, initial=followup.draft)
    if form.is_bound and form.is_valid() and _answer(request, followup, form, by=by):
        return redirect(request.path)
    page = {"followup": followup, "form": form, "may_answer": _may_answer(followup)}
    return render(request, template, page, status=form_status(form))


def _save(request, followup):
    """Keep a draft. The page says when; without JavaScript it comes back with what was typed in it."""
    too_often = too_often_for(f"followup:{followup.pk}", "draft", limit=DRAFTS_AN_HOUR, seconds=3600)
    kept = not too_often and workflow.followups.keep_draft(
        followup, _answer_form(followup, request.POST).typed
    )
    if request.htmx:
        return render(request, "participants/_followup_saved.html", {"kept": kept, "now": clock.now()})
    if kept:
        messages.success(request, _("Your answers so far are saved. Come back by the same link at any time."))
    else:
        messages.error(request, _("This was not saved: the form is closed, or it was saved too often."))
    return redirect(request.path)


def _answer(request, followup, form, *, by):
    try:
        workflow.followups.answer(followup, by=by, **form.cleaned_data)
    except NotNow as error:
        form.add_error(None, error.messages)
        return False
    messages.success(request, _("Thank you. Your answer is with us."))
    return True
