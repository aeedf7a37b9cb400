"""Several mails at once: those ticked in the list, or all that its filters leave. Nothing ticked means nobody."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.mail import hold, workflow
from portal.mail.forms import NoteForm, OutgoingMailFilter, ReasonForm
from portal.mail.models import OutgoingMail
from portal.records.lookup import key_in
from portal.records.screens import use_on_each
from portal.ui.returning import safe_return

AT_ONCE = 1000  # each is a transaction of its own, and somebody waits for the page


@requires(Permission.MANAGE_MAILS)
def outgoingmail_retry_selected(request):
    def act(mails, reason):
        with hold.hold(_("Sent again"), by=request.user) as held:
            count = use_on_each(request, mails, partial(workflow.retry, reason=reason))
        words = ngettext("%(count)s mail is queued again.", "%(count)s mails are queued again.", count)
        return format_html("{}\n{}", words % {"count": count}, hold.in_words(held)) if count else ""

    return _ask(request, "mail/outgoingmail_retry_selected.html", workflow.retry, NoteForm, act)


@requires(Permission.MANAGE_MAILS)
def outgoingmail_cancel_selected(request):
    def act(mails, reason):
        count = use_on_each(request, mails, partial(workflow.cancel, reason=reason))
        words = ngettext("%(count)s mail will not be sent.", "%(count)s mails will not be sent.", count)
        return words % {"count": count} if count else ""

    return _ask(request, "mail/outgoingmail_cancel_selected.html", workflow.cancel, ReasonForm, act)


def _ask(request, template, verb, form_class, act):
    """Name the ticked mails the verb fits, ask, use it on POST of the question, and go back to the list."""
    back = safe_return(request, request.POST.get("next"), reverse("mail:outgoingmail-list"))
    ticked = _of_list(request, verb) if "every" in request.POST else _ticked(request)
    mails = [mail for mail in ticked if verb.verb.fits(mail, request.user)]
    confirmed = "reason" in request.POST
    form = form_class(request.POST if confirmed else None)
    if not mails:
        messages.info(request, _nothing_to_do(ticked))
        return HttpResponseRedirect(back)
    if confirmed and form.is_valid():
        words = act(mails, form.cleaned_data["reason"])
        if words:
            messages.success(request, words)
        return HttpResponseRedirect(back)
    page = {
        "mails": mails,
        "keys": ",".join(
            str(mail.pk) for mail in mails
        ),  # those shown here and no others, whatever has failed since
        "more": len(mails) == AT_ONCE,
        "left_out": len(ticked) - len(mails),
        "form": form,
        "back": back,
    }
    return render(request, template, page, status=422 if confirmed else 200)


def _of_list(request, verb):
    """What the filters of the list leave on all its pages and the verb may fit, as many as are done at once."""
    visible = OutgoingMail.objects.visible_to(request.user)
    asked = OutgoingMailFilter(QueryDict(request.POST.get("query", "")), queryset=visible, request=request)
    if not asked.is_valid():
        return []
    return list(asked.qs.filter(state__in=verb.verb.sources).for_list().order_by("due", "pk")[:AT_ONCE])


def _ticked(request):
    texts = ",".join(request.POST.getlist("mail")).split(",")[:AT_ONCE]
    keys = [key for text in texts if (key := key_in(text)) is not None]
    return list(OutgoingMail.objects.visible_to(request.user).filter(pk__in=keys).for_list())


def _nothing_to_do(ticked):
    if not ticked:
        return _("No mail is ticked, so nothing was done.")
    return _("None of the ticked mails can be treated like that as they stand now.")
