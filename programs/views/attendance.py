"""Who was there: the list of a day, ticked on a phone, and a cohort's totals against its program's rule."""

from collections import Counter
from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.guards import requires
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.lookup import key_in, visible_or_404
from portal.records.transitions import NotNow
from portal.search.folding import LONGEST
from portal.ui.lists import listing, render_listing
from programs import ticking
from programs.attendance_totals import Totals, totals_of
from programs.attending import working_days
from programs.forms.training import NameFilter
from programs.models import Attendance, Cohort
from programs.schedule import day_asked
from programs.training_columns import attendance_file
from programs.unnoted import open_days
from programs.workflow import attendance
from programs.workspace import workspace

DAYS_AROUND = 3


@requires(Permission.NOTE_ATTENDANCE)
def attendance_day(request):
    """The list of one day (`?day=`), today's where none is named; officers may look at one `?cohort=` alone."""
    day, cohort, named = _day_in(request), _cohort_in(request), request.GET.get("q", "").strip()[:LONGEST]
    sheet = ticking.sheet_of(request.user, day, cohort, named)
    ticking.turn_to(sheet, key_in(request.GET.get("page")) or 1)
    told, status = {}, 200
    if request.method == "POST":
        told, status = _keep(request, sheet), 422
        if not told and not sheet.errors:
            return redirect(_same_list(request, page=sheet.page + ("next" in request.POST)))
    page = {
        "sheet": sheet,
        "named": named,
        "previous_url": _same_list(request, page=sheet.page - 1) if sheet.page > 1 else "",
        "next_url": _same_list(request, page=sheet.page + 1) if sheet.page < sheet.pages else "",
        "cohort": cohort,
        "refused": told.get("refused", []),
        "why_errors": told.get("why", []),
        "why": request.POST.get("why", ""),
        **_other_days(request, sheet, cohort),
        "reasons": Attendance.Reason.choices,
        "statuses": Attendance.Status.choices,
    }
    return render(request, "programs/attendance_day.html", page, status=status)


def _keep(request, sheet):
    """Keep the list as it was sent. Returns why it is not kept, apart from what is said at the lines."""
    if not ticking.take_in(sheet, request.POST):
        return {}
    why = request.POST.get("why", "").replace("\x00", "").strip()[:300]
    try:
        noted = attendance.note(sheet.day, sheet.lines, by=request.user, why=why)
    except NotNow as error:
        return error.message_dict if hasattr(error, "error_dict") else {"refused": error.messages}
    _say(request, noted)
    return {}


def _same_list(request, **changes):
    """The address of this list with other parameters."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}"


def _day_in(request):
    return day_asked(request.GET.get("day"), clock.today())


def _cohort_in(request):
    key = key_in(request.GET.get("cohort"))
    if key is None:
        return None
    return visible_or_404(Cohort.objects.for_list(), request.user, pk=key)


def _other_days(request, sheet, cohort):
    """Links to the days around and to the oldest open one before: (day, address, whether shown, lines missing)."""
    day, missing = sheet.day, Counter()
    for days in open_days(hospitals=sheet.hospitals, cohort=cohort).values():
        missing.update(days)
    query = f"&cohort={cohort.pk}" if cohort else ""

    def link(one):
        return one, f"{request.path}?day={one.isoformat()}{query}", one == day, missing[one]

    around = [day + timedelta(days=number) for number in range(-DAYS_AROUND, DAYS_AROUND + 1)]
    earlier = sorted(one for one in missing if one < around[0])
    return {
        "days": map(link, around),
        "earlier": len(earlier),
        "oldest": link(earlier[0]) if earlier else None,
    }


def _say(request, noted):
    if not noted.fresh and not noted.changed:
        messages.info(request, _("Nothing has changed."))
        return
    told = []
    if noted.fresh:
        words = ngettext("%(count)s line is noted.", "%(count)s lines are noted.", noted.fresh)
        told.append(words % {"count": noted.fresh})
    if noted.changed:
        words = ngettext("%(count)s line is corrected.", "%(count)s lines are corrected.", noted.changed)
        told.append(words % {"count": noted.changed})
    messages.success(request, " ".join(told))


@requires(Permission.SEE_COHORTS)
def cohort_attendance(request, pk):
    page = workspace(request, pk, "attendance")
    cohort = page["cohort"]
    found = listing(
        request,
        cohort.enrollments.taking_part().for_roster(),
        filterset=NameFilter,
        sorts={"name": ["trainee__passport_name"]},
        default_sort="name",
        export=attendance_file(cohort),
    )
    if found.is_for_download:
        return render_listing(request, "programs/cohort_attendance.html", found)
    totals = totals_of(cohort)
    for enrollment in found:
        enrollment.totals = totals.get(enrollment.pk, Totals())
    page |= {
        "wanted": cohort.program.min_attendance,
        "missing": sum(one.missing for one in totals.values()),
        "today": clock.today(),
        "days": _lists_of(cohort),
        "day_url": reverse("programs:attendance-day"),
        "may_note": request.user.has(Permission.NOTE_ATTENDANCE),
    }
    return render_listing(request, "programs/cohort_attendance.html", found, page)


def _lists_of(cohort):
    """The latest days and those that are not noted whole, latest first, each with how many lines are missing."""
    missing = open_days(cohort=cohort).get(cohort.pk, {})
    days = sorted({*_last_days(cohort), *missing}, reverse=True)
    return [(day, missing.get(day, 0)) for day in days]


def _last_days(cohort):
    """The working days of the last two weeks of the cohort until today: each has its list."""
    last = min(cohort.last_day, clock.today())
    first = max(cohort.first_day, last - timedelta(days=13))
    if first > last:
        return []
    return working_days(first, last)
