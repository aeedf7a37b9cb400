"""Papers of a cohort's people: what is missing for whom, asking for it, and handing it in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from participants import consent_texts
from participants.forms.papers import UploadForm
from participants.models import Consent, Trainee
from participants.workflow import consents, documents
from portal.accounts.guards import public, requires
from portal.accounts.links import BadLink
from portal.accounts.roles import Permission
from portal.accounts.throttle import too_often_for
from portal.records import clock
from portal.records.actors import System
from portal.records.lookup import visible_or_404
from portal.records.transitions import NotNow
from portal.ui.lists import listing, render_listing
from programs import paper_links, workflow
from programs.checklists import STILL_IN, asked_of, checklist, checklists, due_on, owed
from programs.forms.papers import PapersFilter
from programs.models import Cohort, Enrollment
from programs.workspace import workspace

SORTS = {"name": ["trainee__passport_name", "pk"]}
UPLOADS_AN_HOUR = 40


@requires(Permission.SEE_PAPERS)
def cohort_papers(request, pk):
    page = workspace(request, pk, "papers")
    cohort = page["cohort"]
    rows = cohort.enrollments.filter(state__in=STILL_IN).select_related("cohort__program").for_roster()
    found = listing(request, rows, filterset=PapersFilter, sorts=SORTS, default_sort="name", per_page=50)
    items = checklists(found.rows)
    for row in found.rows:
        row.items = items[row.pk]
    page |= {
        "due": due_on(cohort),
        "kinds": [item.label for item in items[found.rows[0].pk]] if found.rows else [],
        "may_ask": request.user.has(Permission.CHECK_PAPERS),
    }
    return render_listing(request, "programs/cohort_papers.html", found, page)


@requires(Permission.CHECK_PAPERS)
def cohort_ask_papers(request, pk):
    cohort = visible_or_404(Cohort.objects.for_list(), request.user, pk=pk)
    back = reverse("programs:cohort-papers", args=[cohort.pk])
    if request.method == "POST":
        count = workflow.papers.ask(cohort, by=request.user)
        words = ngettext("%(count)s mail is on its way.", "%(count)s mails are on their way.", count)
        messages.success(request, words % {"count": count})
        return redirect(back)
    round_now = workflow.papers.round_of(cohort)
    page = {"cohort": cohort, "round": round_now, "back": back, "effects": _effects(round_now)}
    return render(request, "programs/cohort_ask_papers.html", page)


def _effects(round_now):
    """What the confirm box says will happen, and to whom not."""
    count, today, silent = map(len, (round_now.asked, round_now.today_already, round_now.without_address))
    sent = ngettext("%(count)s mail will be sent.", "%(count)s mails will be sent.", count) % {"count": count}
    effects = [
        sent,
        _("Each lists only what that person still owes, with a link to hand it in without an account."),
    ]
    if today:
        words = ngettext(
            "%(count)s person was asked today already and is left out.",
            "%(count)s people were asked today already and are left out.",
            today,
        )
        effects.append(words % {"count": today})
    if silent:
        names = ", ".join(str(row.trainee) for row in round_now.without_address)
        effects.append(_("Nobody can be reached by mail at: %(names)s") % {"names": names})
    return effects


# The partner ---------------------------------------------------------------------------------------


@requires(Permission.NOMINATE)
def enrollment_papers(request, pk):
    """A nominee’s papers for a contact who signs in, also where they were nominated by a list."""
    nominees = Enrollment.objects.exclude(nominated_by=None).select_related("trainee", "cohort__program")
    enrollment = visible_or_404(nominees, request.user, pk=pk)
    page = nominee_papers(request, enrollment, by=request.user)
    if page is None:
        return redirect("programs:enrollment-papers", pk=pk)
    page["back"] = reverse("desk:today")
    status = 422 if page["form"].is_bound else 200
    return render(request, "programs/enrollment_papers.html", page, status=status)


def _until(cohort):
    """By which day papers are asked for, and whether that day has passed."""
    return {"due": due_on(cohort), "is_late": due_on(cohort) < clock.today()}


def nominee_papers(request, enrollment, *, by):
    """The context of a nominee’s papers; None after one was handed in."""
    kinds = asked_of(enrollment.cohort)
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()), kinds=kinds)
    if form.is_bound and form.is_valid() and _send_in(request, enrollment, form, by=by):
        return None
    items = checklist(enrollment, kinds_of=asked_of)
    missing = owed(items)
    if not form.is_bound and missing:
        form.initial["kind"] = missing[0].kind
    return {
        "enrollment": enrollment,
        "cohort": enrollment.cohort,
        "items": items,
        "missing": missing,
        **_until(enrollment.cohort),
        "takes_papers": enrollment.state in STILL_IN,
        "form": form,
    }


def _send_in(request, enrollment, form, *, by):
    """Whether the paper was taken; the form says why not."""
    if _too_often(enrollment, form):
        return False
    try:
        workflow.calls.hand_in(enrollment, by=by, **form.paper)
    except NotNow as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Thank you. The paper is with us; we look at it."))
    return True


def _too_often(enrollment, form):
    if not too_often_for(f"enrollment:{enrollment.pk}", "papers", limit=UPLOADS_AN_HOUR, seconds=3600):
        return False
    form.add_error(None, _("That was too often. Wait an hour, then try again."))
    return True


# The person ----------------------------------------------------------------------------------------


@requires(Permission.OWN_TRAINING)
def my_papers(request):
    trainee = Trainee.objects.filter(user=request.user).first()
    enrollment = workflow.papers.open_enrollment(trainee) if trainee else None
    form = _form(request, enrollment) if enrollment else None
    if form and form.is_bound and form.is_valid() and _hand_in(request, enrollment, form, by=request.user):
        return redirect("programs:my-papers")
    page = {"trainee": trainee, **_page(enrollment, form)}
    return render(request, "programs/my_papers.html", page, status=422 if form and form.is_bound else 200)


@public
@never_cache
@sensitive_variables("token")
def paper_upload(request, token):
    """The same by the link in the mail. It shows what is owed and takes papers; it never shows one."""
    try:
        enrollment = paper_links.enrollment_for(token)
    except BadLink:
        return _unlisted(render(request, "programs/paper_ended.html", status=410))
    form = _form(request, enrollment)
    by = System(str(enrollment.trainee))
    if form.is_bound and form.is_valid() and _hand_in(request, enrollment, form, by=by):
        return _unlisted(redirect("programs:paper-upload", token=token))
    page = _page(enrollment, form)
    status = 422 if form.is_bound else 200
    return _unlisted(render(request, "programs/paper_upload.html", page, status=status))


def _unlisted(response):
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _form(request, enrollment):
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    ask = not documents.may_keep_passport(enrollment.trainee)
    return UploadForm(*bound, kinds=enrollment.cohort.program.papers, ask_consent=ask)


def _page(enrollment, form):
    if enrollment is None:
        return {"enrollment": None, "form": None}
    items = checklist(enrollment)
    text = consent_texts.latest(Consent.Purpose.PASSPORT, get_language()) if form.ask_consent else None
    missing = owed(items)
    if not form.is_bound and missing:
        form.initial["kind"] = missing[0].kind
    facts = {"items": items, "missing": missing, "consent": text} | _until(enrollment.cohort)
    return {"enrollment": enrollment, "form": form, **facts}


def _hand_in(request, enrollment, form, *, by):
    if _too_often(enrollment, form):
        return False
    trainee = enrollment.trainee
    try:
        if form.cleaned_data.get("agrees"):
            consents.give(trainee, by=by, purpose=Consent.Purpose.PASSPORT, language=get_language())
        documents.receive(trainee, by=by, **form.paper)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Thank you. The paper is with us; we look at it."))
    return True
