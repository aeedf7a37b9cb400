"""The mails one act has put: whom they go to, and for ten minutes the way to call them back."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import workflow
from portal.mail.forms import ReasonForm
from portal.mail.models import Mailing
from portal.records import trail
from portal.records.lookup import visible_or_404
from portal.records.models import Event
from portal.records.transitions import NotNow


@requires(Permission.SEE_MAILS)
def mailing_detail(request, pk):
    mailing = visible_or_404(Mailing.objects.select_related("made_by"), request.user, pk=pk)
    mails = list(mailing.mails.visible_to(request.user).for_list().order_by("recipient_name", "pk"))
    page = {
        "mailing": mailing,
        "mails": mails,
        "waiting": sum(mail.state == mail.State.QUEUED for mail in mails) if mailing.is_held else 0,
        "may_act": request.user.has(Permission.MANAGE_MAILS),
        "lines": trail.lines(Event.objects.about(mailing).for_history()),
    }
    return render(request, "mail/mailing_detail.html", page)


@requires(Permission.MANAGE_MAILS)
def mailing_call_back(request, pk):
    def done(count):
        words = ngettext("%(count)s mail was called back.", "%(count)s mails were called back.", count)
        return words % {"count": count}

    def told(count):
        words = ngettext("%(count)s mail will not be sent.", "%(count)s mails will not be sent.", count)
        return [words % {"count": count}, _("What was done in the portal stays as it is.")]

    ask = {"form_class": ReasonForm, "done": done, "told": told}
    return _ask(request, pk, "mail/mailing_call_back.html", workflow.call_back, **ask)


@requires(Permission.MANAGE_MAILS)
def mailing_release(request, pk):
    def done(count):
        return ngettext("%(count)s mail leaves now.", "%(count)s mails leave now.", count) % {"count": count}

    def told(count):
        words = ngettext("%(count)s mail leaves now.", "%(count)s mails leave now.", count)
        return [words % {"count": count}, _("It cannot be called back afterwards.")]

    ask = {"form_class": None, "done": done, "told": told}
    return _ask(request, pk, "mail/mailing_release.html", workflow.release, **ask)


def _ask(request, pk, template, verb, *, form_class, done, told):
    """Ask before the verb, use it on POST, and go back to the mailing with what came of it."""
    mailing = visible_or_404(Mailing.objects.all(), request.user, pk=pk)
    back = reverse("mail:mailing-detail", args=[pk])
    form = form_class(request.POST if request.method == "POST" else None) if form_class else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            count = verb(mailing, by=request.user, **(form.cleaned_data if form else {}))
        except NotNow as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, done(count))
        return HttpResponseRedirect(back)
    waiting = mailing.mails.queued().count() if mailing.is_held else 0
    if not waiting:
        messages.info(request, _("None of these mails waits any more."))
        return HttpResponseRedirect(back)
    page = {"mailing": mailing, "form": form, "effects": told(waiting), "back": back}
    return render(request, template, page, status=422 if form and form.is_bound else 200)
