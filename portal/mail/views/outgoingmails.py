"""Staff's screens of the outbox: what leaves, what left, and what needs a person."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import workflow
from portal.mail.columns import MAILS
from portal.mail.forms import NoteForm, OutgoingMailFilter, ReasonForm, WordsForm
from portal.mail.models import Mailing, OutgoingMail
from portal.mail.presentation import advice, editable_words, effects, history, shown_texts
from portal.records.transitions import NotNow, available
from portal.ui.lists import listing, render_listing

SORTS = {
    "due": ["due"],
    "recipient": ["recipient_name", "address"],
    "kind": ["kind", "-due"],
}


@requires(Permission.SEE_MAILS)
def outgoingmail_list(request):
    mails = listing(
        request,
        OutgoingMail.objects.visible_to(request.user).for_list(),
        filterset=OutgoingMailFilter,
        sorts=SORTS,
        default_sort="-due",
        export=MAILS,
        per_page=50,
    )
    waiting = OutgoingMail.objects.visible_to(request.user).needing_a_person().count()
    held = Mailing.objects.visible_to(request.user).held()
    page = {"waiting": waiting, "held": held, "may_act": request.user.has(Permission.MANAGE_MAILS)}
    return render_listing(request, "mail/outgoingmail_list.html", mails, page)


@requires(Permission.SEE_MAILS)
def outgoingmail_detail(request, pk):
    mail = _mail(request, pk)
    page = {
        "mail": mail,
        "verbs": available(mail, request.user),
        "may_reword": mail.state == mail.State.QUEUED
        and not mail.is_frozen
        and request.user.has(Permission.MANAGE_MAILS),
        "texts": shown_texts(mail),
        "advice": advice(mail),
        "events": history(mail),
        "attachments": mail.attachments.order_by("pk"),
    }
    return render(request, "mail/outgoingmail_detail.html", page)


@requires(Permission.MANAGE_MAILS)
def outgoingmail_cancel(request, pk):
    done = _("The mail will not be sent.")
    return _confirm(request, pk, verb=workflow.cancel, form_class=ReasonForm, done=done)


@requires(Permission.MANAGE_MAILS)
def outgoingmail_retry(request, pk):
    done = _("The mail is queued again and leaves within a minute.")
    return _confirm(request, pk, verb=workflow.retry, form_class=NoteForm, done=done)


@requires(Permission.MANAGE_MAILS)
def outgoingmail_send_now(request, pk):
    done = _("The mail leaves within a minute.")
    return _confirm(request, pk, verb=workflow.send_now, form_class=None, done=done)


@requires(Permission.MANAGE_MAILS)
def outgoingmail_reword(request, pk):
    mail, back = _mail(request, pk), reverse("mail:outgoingmail-detail", args=[pk])
    try:
        words = editable_words(mail)
    except NotNow as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(back)
    usual = "usual" in request.POST
    asked = request.POST if request.method == "POST" and not usual else None
    form = WordsForm(asked, initial={"subject": words.subject, "text": words.text}, usual=words.usual)
    if usual or (form.is_bound and form.is_valid()):
        written = {"subject": "", "text": ""} if usual else form.cleaned_data
        try:
            workflow.reword(mail, by=request.user, **written)
        except NotNow as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The mail is written as you see it here."))
        return HttpResponseRedirect(back)
    page = {"mail": mail, "form": form, "back": back}
    return render(request, "mail/outgoingmail_reword.html", page, status=422 if form.is_bound else 200)


@requires(Permission.MANAGE_MAILS)
def outgoingmail_settle(request, pk):
    done = _("The mail is settled as arrived.")
    return _confirm(request, pk, verb=workflow.settle, form_class=NoteForm, done=done)


def _mail(request, pk):
    return get_object_or_404(
        OutgoingMail.objects.visible_to(request.user).select_related("mailing").defer("raw"), pk=pk
    )


def _confirm(request, pk, *, verb, form_class, done):
    """Ask before the verb, use it on POST, and go back to the mail with what came of it."""
    mail = _mail(request, pk)
    form = form_class(request.POST if request.method == "POST" else None) if form_class else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            verb(mail, by=request.user, **(form.cleaned_data if form else {}))
        except NotNow as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, done)
        return redirect("mail:outgoingmail-detail", pk=mail.pk)
    status = 422 if form and form.is_bound else 200
    if not verb.verb.fits(mail, request.user):
        messages.info(request, _("Things have moved on: this cannot be done with the mail as it stands now."))
        return redirect("mail:outgoingmail-detail", pk=mail.pk)
    page = {"mail": mail, "form": form, "effects": effects(verb.verb, mail)}
    return render(request, f"mail/outgoingmail_{verb.verb.name}.html", page, status=status)
