"""Where a hospital answers for all its trainees on one page: signed in, or by the link in the mail."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from portal.accounts.guards import public, requires
from portal.accounts.links import BadLink
from portal.accounts.roles import Permission
from portal.accounts.throttle import too_often_for
from portal.records.files import serve_picture
from portal.records.lookup import key_in
from portal.records.transitions import NotNow
from programs import answer_links, answering, workflow
from programs.forms.answers import AnswerForm
from programs.hospital_desk import desk_of
from programs.models import Placement
from programs.waits import calls, note_calls, wait_of

from .by_link import by_link, ended, unlisted
from .sheets import sheet

SENT_AN_HOUR = 60

# Signed in -----------------------------------------------------------------------------------------


@requires(Permission.ANSWER_PLACEMENTS)
def placement_to_answer(request):
    waiting = answering.waiting_for(request.user)
    sent = request.method == "POST" and not request.user.is_team  # staff record answers one by one
    home = None if sent or request.user.is_team else desk_of(request.user)
    asked, status = answering.asks(waiting, departments=home and home.departments), 200
    _give_forms(request, asked, sent=sent)
    if sent:
        if _send_answers(request, asked, by=request.user):
            return redirect("programs:placement-to-answer")
        asked, status = _left(answering.waiting_for(request.user), asked), 422
    page = _page(asked)
    if request.user.is_team:
        page |= _waits(asked)
    else:
        home = home or desk_of(request.user)  # after what was sent, as it stands then
        page |= {"home": home, "hospitals": home.hospitals}
        page["just_answered"] = answering.just_answered_by(request.user)
    return render(request, "programs/placement_to_answer.html", page, status=status)


def _waits(asked):
    """Who waits for whom, and whom staff call."""
    note_calls([ask.placement for ask in asked])
    waits = [wait_of(ask.placement) for ask in asked]
    return {"waits": waits, "ours": [wait for wait in waits if wait.is_ours], "calls": calls(waits)}


# By the link ---------------------------------------------------------------------------------------


@by_link
def placement_answer(request, desk):
    """Everything that waits for the holder of the link. It shows on GET and HEAD, and acts on POST alone."""
    asked, status = answering.asks(desk.waiting(), may_forward=not desk.supervisor), 200
    posted = request.method == "POST"
    _give_forms(request, asked, sent=posted)
    if posted and too_often_for(f"desk:{desk.holder}", "answers", limit=SENT_AN_HOUR, seconds=3600):
        messages.error(request, _("That was too often. Wait an hour, then try again."))
        status = 429
    elif posted and "take_back" in request.POST:
        _take_back(request, desk)
        return redirect("programs:placement-answer", token=desk.token)
    elif posted:
        if _send_answers(request, asked, by=desk.who, channel=Placement.Channel.LINK, who=desk.name):
            return redirect("programs:placement-answer", token=desk.token)
        asked, status = _left(desk.waiting(), asked), 422
    page = _page(asked) | {"desk": desk, "hospitals": [desk.hospital], "answered": desk.answered()}
    return render(request, "programs/placement_answer.html", page, status=status)


def _take_back(request, desk):
    """A wrong click. Where it is too late, the page says whom to call."""
    placement = get_object_or_404(desk.placements, pk=key_in(request.POST["take_back"]))
    try:
        workflow.answers.take_back(placement, by=desk.who)
    except NotNow as error:
        if placement.state == Placement.State.REQUESTED:  # a double click, or a colleague's
            messages.info(request, _("This answer has been taken back already."))
        else:
            messages.error(request, " ".join(error.messages))
    else:
        words = _("The answer about %(name)s is taken back. Please choose another one.")
        messages.success(request, words % {"name": placement.trainee.display_name})


@public
@never_cache
@sensitive_variables("token")
def placement_answer_photo(request, token, placement):
    """The photo of somebody the holder of the link is asked about."""
    try:
        desk = answer_links.desk_for(token)
    except BadLink as error:
        raise Http404 from error
    asked = desk.placements.awaiting_answer().select_related("trainee__photo")
    photo = get_object_or_404(asked, pk=placement).trainee.photo
    if photo is None:
        raise Http404
    return unlisted(serve_picture(photo))


@public
@never_cache
@sensitive_variables("token")
def placement_answer_sheet(request, token):
    """The one-pager in Korean, for the holder of the link."""
    try:
        desk = answer_links.desk_for(token)
    except BadLink:
        return ended(request)
    return unlisted(sheet(request, desk.placements, desk.cohort))


# What both do --------------------------------------------------------------------------------------


def _give_forms(request, asked, *, sent):
    for ask in asked:
        ask.form = AnswerForm(request.POST if sent else None, ask=ask)


def _left(waiting, asked):
    """The requests that still wait, with the forms that came back."""
    known = {ask.placement.pk: ask for ask in asked}
    return [known[placement.pk] for placement in waiting if placement.pk in known]


def _page(asked):
    cohorts = answering.by_cohort(asked)
    refused = [ask for ask in asked if ask.form.is_bound and ask.form.errors]
    return {"cohorts": cohorts, "count": len(asked), "refused": refused}


def _send_answers(request, asked, *, by, **how):
    """Settle what was chosen and say what came of it. True when nothing has to come back to the page."""
    forms = {ask.placement: ask.form for ask in asked}
    answers = [
        (placement, *form.answer_given)
        for placement, form in forms.items()
        if form.is_valid() and form.answer_given
    ]
    outcome = workflow.answers.give(answers, by=by, **how)
    settled_before = _posted(request) - {placement.pk for placement in forms}
    for placement, words in outcome.refused.items():
        if placement.state == Placement.State.REQUESTED:
            forms[placement].add_error(None, words)
        else:
            settled_before.add(placement.pk)
    _tell(request, outcome.done, settled_before)
    return not any(form.errors for form in forms.values())


def _posted(request):
    """The keys of the placements for which an answer was chosen on the page that was sent."""
    names = (name for name, value in request.POST.items() if value and value != AnswerForm.Answer.LATER)
    keys = {key_in(name.removeprefix("p").removesuffix("-answer")) for name in names}
    return keys - {None}


def _tell(request, done, settled_before):
    if done:
        words = ngettext(
            "%(count)s answer is sent. Thank you.", "%(count)s answers are sent. Thank you.", len(done)
        )
        messages.success(request, words % {"count": len(done)})
    if settled_before:
        messages.info(request, _("Some of these requests had been answered before; those answers stand."))
    elif not done and not _posted(request):
        messages.info(request, _("No answer was chosen, so nothing was sent."))
