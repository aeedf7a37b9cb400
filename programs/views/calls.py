"""Nominations by partner contacts: staff invite them, and they put people forward by their link, signed in or not."""

from functools import partial

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from partners.models import Contact
from portal.accounts.guards import public, requires
from portal.accounts.links import BadLink
from portal.accounts.roles import Permission
from portal.accounts.throttle import too_often_for
from portal.mail import hold
from portal.mail.rehearsal import rehearse
from portal.records.actors import System
from portal.records.lookup import visible_or_404
from portal.records.transitions import NotNow
from programs import calls
from programs.forms.calls import InviteForm, NomineeForm, TakeBackForm
from programs.forms.reasons import ReasonForm
from programs.models import Call
from programs.workflow import calls as verbs
from programs.workspace import workspace

from .papers import nominee_papers

SENT_AN_HOUR = 120

# The team ------------------------------------------------------------------------------------------


@requires(Permission.RUN_COHORTS)
def cohort_calls(request, pk):
    """Who is invited to nominate; others are chosen here, shown the mails they would get, and then invited."""
    page = workspace(request, pk, "trainees")
    cohort = page["cohort"]
    chosen = request.method == "POST"
    form = InviteForm(request.POST if chosen else None, contacts=_contacts(request.user))
    rehearsed, refused, status = [], [], 200
    if chosen and form.is_valid():
        contacts = list(form.cleaned_data["contacts"])
        if "confirmed" in request.POST and not (refused := _invite(request, cohort, contacts)):
            return redirect("programs:cohort-calls", pk=pk)
        rehearsed = rehearse(partial(verbs.invite, cohort, contacts, by=request.user), by=request.user)
        status = 409 if refused else 200
    elif chosen:
        status = 422
    page |= {
        "form": form,
        "rehearsed": rehearsed,
        "refused": refused,
        "calls": _calls(cohort, request.user),
        "nominate_by": calls.closes(cohort),
    }
    return render(request, "programs/cohort_calls.html", page, status=status)


def _contacts(user):
    """Those who hold their office and can be written to."""
    serving = Contact.objects.visible_to(user).in_use().serving()
    contacts = serving.exclude(email="").select_related("institution__region")
    return contacts.order_by("institution__region__name", "institution__name", "office")


def _calls(cohort, user):
    rows = list(Call.objects.visible_to(user).for_list().filter(cohort=cohort).order_by("-sent_at", "pk"))
    counts = dict(
        cohort.enrollments.exclude(nominated_by=None)
        .order_by()
        .values_list("nominated_by")
        .annotate(Count("pk"))
    )
    for row in rows:
        row.nominees = counts.get(row.contact.institution_id, 0)
    return rows


def _invite(request, cohort, contacts):
    """Invite them and say so; the reasons where that cannot be done."""
    try:
        held = verbs.invite(cohort, contacts, by=request.user)
    except NotNow as error:
        return error.messages
    words = ngettext("%(count)s contact is invited.", "%(count)s contacts are invited.", len(contacts))
    words %= {"count": len(contacts)}
    messages.success(request, format_html("{}\n{}", words, hold.in_words(held)))
    return []


@requires(Permission.RUN_COHORTS)
def call_revoke(request, pk):
    call = visible_or_404(Call.objects.for_list(), request.user, pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.revoke(call, by=request.user, **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The link of %(contact)s is closed.") % {"contact": call.contact})
            return redirect("programs:cohort-calls", pk=call.cohort_id)
    page = {"call": call, "form": form, "back": reverse("programs:cohort-calls", args=[call.cohort_id])}
    return render(request, "programs/call_revoke.html", page, status=422 if form.is_bound else 200)


# The contact ---------------------------------------------------------------------------------------


def _by_link(view):
    """A page for who holds the link: the call instead of its token, or that the link has ended. Never listed."""

    @sensitive_variables("token")
    def opened(request, token, **kwargs):
        try:
            call = calls.call_for(token)
        except BadLink:
            response = render(request, "programs/call_ended.html", status=410)
        else:
            call.token = token
            response = view(request, call, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    opened.__name__, opened.__module__ = view.__name__, view.__module__
    opened.__wrapped__ = view
    return public(never_cache(opened))


def _who(request, call):
    """The contact who is signed in, or whoever holds their link, by the contact’s name."""
    if request.user.is_authenticated and request.user.pk == call.contact.user_id:
        return request.user
    return System((call.contact.name or call.contact.office)[:120])


def _may_send(call, form):
    """Whether what was sent is taken: it is valid, and the link was not used too often. The form says which."""
    if too_often_for(f"call:{call.pk}", "nominate", limit=SENT_AN_HOUR, seconds=3600):
        form.add_error(None, _("That was too often. Wait an hour, then try again."))
    return form.is_valid()


@_by_link
def call_open(request, call):
    """What the contact has nominated, what is missing, and the way to nominate."""
    rows = list(calls.nominees_of(call))
    missing = calls.missing_of(rows)
    for row in rows:
        row.missing, row.takes_papers = missing.get(row.pk, []), row.pk in missing
    page = {"call": call, "cohort": call.cohort, "rows": rows, "is_open": calls.is_open(call)}
    return render(request, "programs/call_open.html", page | {"nominate_by": calls.closes(call.cohort)})


@_by_link
@sensitive_post_parameters("passport_number")
def call_nominate(request, call):
    posted = request.method == "POST"
    form = NomineeForm(request.POST if posted else None, request.FILES if posted else None, call=call)
    if posted and _may_send(call, form):
        try:
            enrollment = verbs.put_forward(call, by=_who(request, call), **form.nomination)
        except NotNow as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(name)s is nominated.") % {"name": enrollment.trainee})
            return redirect("programs:call-open", token=call.token)
    page = {"call": call, "cohort": call.cohort, "form": form, "is_open": calls.is_open(call)}
    return render(request, "programs/call_nominate.html", page, status=422 if posted else 200)


def _own(call, enrollment):
    return get_object_or_404(calls.nominees_of(call), pk=enrollment)


@_by_link
def call_papers(request, call, enrollment):
    """A nominee’s papers: what is missing, and the way to hand it in. No paper is shown."""
    enrollment = _own(call, enrollment)
    page = nominee_papers(request, enrollment, by=_who(request, call))
    if page is None:
        return redirect("programs:call-papers", token=call.token, enrollment=enrollment.pk)
    page |= {"call": call, "back": reverse("programs:call-open", args=[call.token])}
    return render(request, "programs/call_papers.html", page, status=422 if page["form"].is_bound else 200)


@_by_link
def call_take_back(request, call, enrollment):
    enrollment = _own(call, enrollment)
    posted = request.method == "POST"
    form = TakeBackForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            verbs.take_back(call, enrollment, by=_who(request, call), **form.cleaned_data)
        except NotNow as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is withdrawn.") % {"name": enrollment.trainee})
            return redirect("programs:call-open", token=call.token)
    page = {"call": call, "cohort": call.cohort, "enrollment": enrollment, "form": form}
    return render(request, "programs/call_take_back.html", page, status=422 if posted else 200)
