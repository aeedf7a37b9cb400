"""Checking in to a session: the presenter's screen with its changing code, and the trainee's phone."""

import segno
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.accounts.guards import public, requires
from portal.accounts.roles import Permission
from portal.accounts.throttle import too_often, too_often_for, was_too_often
from portal.mail.links import absolute_url
from portal.records.lookup import visible_or_404
from portal.records.screens import form_status, kept
from portal.records.transitions import NotNow
from programs.check_in_codes import STEP, check_in_for, code_of
from programs.forms.attendance import CheckInForm, CodeForm
from programs.models import CheckIn, Session
from programs.ticking import why_not_open
from programs.workflow import check_ins

SCANNED = "check_in"  # in the browser's session: which code it has seen
CODES, IN_SECONDS = 10, 600
WRONG_SCANS = 60  # from one address: a hospital's whole network may be one

# The presenter -------------------------------------------------------------------------------------


@requires(Permission.NOTE_ATTENDANCE)
def checkin_open(request, session):
    rows = Session.objects.visible_to(request.user).select_related("cohort", "hospital")
    session = visible_or_404(rows, request.user, pk=session)
    form = CheckInForm(request.POST or None)
    opened = kept(form, lambda: check_ins.open_check_in(session, by=request.user, **form.cleaned_data))
    if opened:
        return redirect("programs:checkin-show", pk=opened.pk)
    page = {"session": session, "form": form, "back": _list_of(session), "why_not": why_not_open(session)}
    return render(request, "programs/checkin_open.html", page, status=form_status(form))


def _list_of(session):
    """The attendance list of the session's day."""
    day = session.starts_at.astimezone(session.zone).date()
    return f"{reverse('programs:attendance-day')}?day={day.isoformat()}"


@requires(Permission.NOTE_ATTENDANCE)
@never_cache
def checkin_show(request, pk):
    """The screen on the wall. While it is open it comes anew by itself, so that the code is the one of now."""
    check_in = visible_or_404(CheckIn.objects.select_related("session__cohort"), request.user, pk=pk)
    page = {"check_in": check_in, "session": check_in.session, "back": _list_of(check_in.session)}
    page["there"] = check_in.session.attendances.exclude(status="absent").exclude(status="excused").count()
    if check_in.is_open:
        code = code_of(check_in)
        address = absolute_url(reverse("programs:checkin-scan", args=[code]))
        page |= {"code": f"{code[:3]} {code[3:]}", "address": absolute_url(reverse("programs:my-check-in"))}
        drawing = segno.make(address, error="m").svg_inline(svgclass="qr", omitsize=True, light="#fff")
        page["qr"] = mark_safe(drawing)  # noqa: S308 - drawn by us from our own address
    response = render(request, "programs/checkin_show.html", page)
    if check_in.is_open:
        response.headers["Refresh"] = str(STEP // 2)
    return response


@requires(Permission.NOTE_ATTENDANCE)
def checkin_close(request, pk):
    check_in = visible_or_404(CheckIn.objects.all(), request.user, pk=pk)
    if request.method == "POST":
        check_ins.close_check_in(check_in, by=request.user)
        messages.success(request, _("Checking in is closed."))
    return redirect("programs:checkin-show", pk=pk)


# The trainee ---------------------------------------------------------------------------------------


@public
@never_cache
def checkin_scan(request, code):
    """What the QR code opens. The browser remembers that it was in the room; being noted takes a click."""
    # Asked before the code is looked at: who has guessed too often is told nothing, not even of a right one.
    if was_too_often(request, "check-in-scan", limit=WRONG_SCANS):
        return _too_often(request)
    check_in = check_in_for(code)
    if check_in is None:
        too_often(request, "check-in-scan", limit=WRONG_SCANS, seconds=IN_SECONDS)
        return render(request, "programs/checkin_scan.html", status=410)
    request.session[SCANNED] = check_in.pk
    return redirect("programs:my-check-in")


def _too_often(request):
    return render(request, "429.html", status=429)


@requires(Permission.OWN_TRAINING)
@never_cache
def my_check_in(request):
    """“I am here”: for the code that was scanned, else for one that is typed. Each scan is good for one person once."""
    scanned = (
        CheckIn.objects.open_now().filter(pk=request.session.get(SCANNED)).select_related("session").first()
    )
    form = CodeForm(request.POST if request.method == "POST" and not scanned else None)
    if request.method == "POST" and (scanned or form.is_valid()):
        request.session.pop(SCANNED, None)
        if _check_in(request, scanned, form):
            return redirect("programs:my-schedule")
        scanned = None
    status = 422 if request.method == "POST" else 200
    page = {"form": form, "scanned": scanned}
    return render(request, "programs/my_check_in.html", page, status=status)


def _check_in(request, scanned, form):
    """Note the person. Whether it is done; where it is not, the page says why."""
    try:
        line = check_ins.check_in(scanned or _typed(request, form), by=request.user)
    except NotNow as error:
        if form.is_bound:
            form.add_error("code", error)
        else:
            messages.error(request, " ".join(error.messages))
        return False
    words = _("You are noted at %(session)s: %(status)s.")
    messages.success(request, words % {"session": line.session, "status": line.get_status_display()})
    return True


def _typed(request, form):
    """The check-in of a typed code. Raises NotNow: wrong, over, or tried too often."""
    # Every try counts, and before the code is looked at: a right guess after too many wrong ones is a guess too.
    if too_often_for(f"user:{request.user.pk}", "check-in-code", limit=CODES, seconds=IN_SECONDS):
        raise NotNow(_("That was too often. Wait ten minutes, or tell the person who leads the session."))
    found = check_in_for(form.cleaned_data["code"])
    if found is None:
        raise NotNow(_("This code is not shown any more. Type the one on the screen now."))
    return found
