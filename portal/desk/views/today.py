"""Where a working day begins: for the team what needs a person, for everyone else their own page."""

from datetime import timedelta

from django.shortcuts import redirect, render

from participants.models import Graduation
from partners.models import Institution, Mou, Region
from portal.accounts.guards import signed_in
from portal.accounts.roles import Permission
from portal.desk.cohorts import desk_cohorts, time_line
from portal.desk.counts import counts_for
from portal.desk.figures import key_figures
from portal.desk.private import with_papers_due
from portal.desk.todo import todos
from portal.records import clock
from programs import calls
from programs.models import Call, Enrollment
from programs.models.cohorts import branded

SHOWN_NOMINEES = 50


@signed_in
def today(request):
    """The first page of who asks."""
    if request.user.is_team:
        return _team(request)
    if request.user.has(Permission.ANSWER_PLACEMENTS):
        return redirect("programs:placement-to-answer")
    if request.user.has(Permission.OWN_TRAINING):
        return redirect("programs:my-schedule")
    return _partner(request)


def _team(request):
    cohorts = desk_cohorts(request.user)
    counts = counts_for(request.user, with_papers_due(request.user, cohorts))
    items, others = todos(request.user, cohorts, counts)
    day = clock.today()
    groups = _by_time(items, day)
    page = {
        "today": day,
        "items": items,
        "others": others,
        "late": sum(item.due < day for item in items),
        "groups": groups,
        "first": groups[0]["entries"][0]["item"] if groups else None,
        "time_line": time_line(cohorts),
        "figures": key_figures(cohorts, counts),
    }
    return render(request, "desk/today.html", page)


def _by_time(items, day):
    """The items of each stretch of time that has any: late, today, this week, later. Friday ends the week.

    Of what is late, what people wait for comes first, and then the oldest: `items` come by due date.
    """
    friday = max(day, day + timedelta(days=4 - day.weekday()))
    groups = {"late": [], "today": [], "week": [], "later": []}
    for item in items:
        when = (
            "late"
            if item.due < day
            else "today"
            if item.due == day
            else "week"
            if item.due <= friday
            else "later"
        )
        groups[when].append({"item": item, "days": (day - item.due).days})
    groups["late"].sort(key=lambda entry: not entry["item"].blocks)
    looks = {"late": "stop", "today": "wait", "week": "idle", "later": "idle"}
    return [
        {"when": when, "entries": found, "look": looks[when], "friday": friday}
        for when, found in groups.items()
        if found
    ]


def _partner(request):
    """A partner contact's own institutions, regions and MOUs; whoever has no role yet sees that they have none."""
    user = request.user
    invited = list(Call.objects.visible_to(user).for_list())
    for call in invited:
        call.token = calls.token_for(call)
    page = {
        "calls": [call for call in invited if calls.is_open(call)],
        "nominees": _nominees(user),
        "institutions": Institution.objects.visible_to(user).in_use().select_related("region"),
        "regions": Region.objects.visible_to(user).in_use(),
        "mous": Mou.objects.visible_to(user).with_parties(),
        "graduations": Graduation.objects.visible_to(user).select_related("trainee"),
    }
    return render(request, "desk/today_partner.html", page)


def _nominees(user):
    """The people their institutions put forward last, each with what is still missing."""
    rows = Enrollment.objects.visible_to(user).filter(nominated_by__contacts__user=user)
    rows = rows.select_related("trainee").prefetch_related(branded("cohort"))
    found = list(calls.with_silence(rows).order_by("-nominated_at", "-pk")[:SHOWN_NOMINEES])
    missing = calls.missing_of(found)
    for row in found:
        row.missing, row.takes_papers = missing.get(row.pk, []), row.pk in missing
    return found
