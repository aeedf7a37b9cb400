"""Staff's screens of the outbox: what leaves, what left, and what needs a person."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import workflow
from portal.mail.columns import MAILS
from portal.mail.forms import NoteForm, OutgoingMailFilter, ReasonForm
from portal.mail.models import Mailing, OutgoingMail
from portal.mail.presentation import advice, effects, history, shown_texts
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
    )
    waiting = OutgoingMail.objects.visible_to(request.user).needing_a_person().count()
    held = Mailing.objects.visible_to(request.user).held()
    page = {"waiting": waiting, "held": held}
    return render_listing(request, "mail/outgoingmail_list.html", mails, page)


@requires(Permission.SEE_MAILS)
def outgoingmail_detail(request, pk):
    mail = _mail(request, pk)
    page = {
        "mail": mail,
        "verbs": available(mail, request.user),
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
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            verb(mail, by=request.user, reason=form.cleaned_data["reason"])
        except NotNow as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, done)
        return redirect("mail:outgoingmail-detail", pk=mail.pk)
    status = 422 if form.is_bound else 200
    if not verb.verb.fits(mail, request.user):
        messages.info(request, _("Things have moved on: this cannot be done with the mail as it stands now."))
        return redirect("mail:outgoingmail-detail", pk=mail.pk)
    page = {"mail": mail, "form": form, "effects": effects(verb.verb, mail)}
    return render(request, f"mail/outgoingmail_{verb.verb.name}.html", page, status=status)
