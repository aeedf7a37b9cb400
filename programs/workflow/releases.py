"""Giving out a plan of a cohort: a numbered release, and one mail to each for whom something is different now."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hospitals.models import Coordinator
from participants.models import Trainee
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records.actors import System
from portal.records.queries import transaction_number
from portal.records.transitions import NotNow, record
from programs import releasing
from programs.models import Cohort, Release


def latest(cohort, kind):
    """The release of this plan that is out, or None."""
    return Release.objects.filter(cohort=cohort, kind=kind).order_by("-number").first()


def not_released(cohort, kind):
    """What is different now from the release that is out, as Changes. Two queries and those of the plan."""
    before = releasing.lines_of(latest(cohort, kind))
    return releasing.difference(before, releasing.plan_of(kind).lines(cohort))


def before(release):
    """The lines of the release before this one."""
    earlier = Release.objects.filter(cohort=release.cohort_id, kind=release.kind, number__lt=release.number)
    return releasing.lines_of(earlier.order_by("-number").first())


def changes_of(release):
    """What this release changed, as Changes. One query."""
    return releasing.difference(before(release), releasing.lines_of(release))


def was_told(cohort, kind, touched):
    """Whether a line that `touched(line)` picks was ever given out. Who was told that a place is off waits to hear of
    the next one: that is a change to what they know, too. One query.
    """
    releases = Release.objects.filter(cohort=cohort, kind=kind).order_by("-number")
    return any(touched(line) for release in releases for line in releasing.lines_of(release))


@transaction.atomic
def release(cohort, kind, *, by, note=""):
    """Give out the plan as it stands now. Raises NotNow where nothing is different from the one that is out.

    The cohort is locked: of two who give out the same plan at once, one does.
    """
    if not by.has(Permission.PLACE_TRAINEES):
        raise PermissionDenied
    _lock(cohort)
    last = latest(cohort, kind)
    lines = releasing.plan_of(kind).lines(cohort)
    if not releasing.difference(releasing.lines_of(last), lines):
        raise NotNow(_("Nothing has changed since the last release."))
    given = _give_out(cohort, kind, lines, last, by=by, note=note)
    record(cohort, "release", by=by, reason=note, data={"release": given.pk, "number": given.number})
    changes = changes_of(given)
    _tell_trainees(given, changes)
    _tell_hospitals(given, changes)
    return given


@transaction.atomic
def amend(cohort, kind, touched, *, by, reason):
    """A change to what somebody was told is given out at once: a release in which the lines that `touched(line)` picks
    stand as they do now, and all others as they were. Before the first release there is nothing to amend.

    What one act changes is one release. Its trainees are told; hospitals hear of it from whoever changed it.
    """
    _lock(cohort)
    if not was_told(cohort, kind, touched):
        return None
    last, act = latest(cohort, kind), transaction_number()
    out = releasing.lines_of(last)
    kept = [line for line in out if not touched(line)]
    now = [line for line in releasing.plan_of(kind).lines(cohort) if touched(line)]
    if not releasing.difference(out, [*kept, *now]):
        return None
    if last.act == act:
        last.lines = [line.for_release() for line in [*kept, *now]]
        last.save(update_fields=["lines"])
    else:
        last = _give_out(cohort, kind, [*kept, *now], last, by=by, note=reason, act=act)
    _tell_trainees(last, changes_of(last))
    return last


def _lock(cohort):
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def _give_out(cohort, kind, lines, last, *, by, note, act=""):
    return Release.objects.create(
        cohort=cohort,
        kind=kind,
        number=last.number + 1 if last else 1,
        released_by=by.user if isinstance(by, System) else by,
        note=note[:300],
        act=act,
        lines=[line.for_release() for line in lines],
    )


def _tell_trainees(given, changes):
    """One mail a trainee, whatever changed; it says what, and is written when it leaves."""
    concerned = releasing.by_concerned(changes, "trainees")
    for trainee in Trainee.objects.filter(pk__in=concerned).order_by("pk"):
        _put("release_trainee", given, trainee, {"trainee": trainee.pk})


def _tell_hospitals(given, changes):
    """One mail a coordinator and hospital."""
    concerned = releasing.by_concerned(changes, "hospitals")
    serving = Coordinator.objects.serving().filter(hospital__in=concerned).select_related("user")
    for coordinator in serving.order_by("pk"):
        _put("release_hospital", given, coordinator.user, {"hospital": coordinator.hospital_id})


def _put(kind, given, to, context):
    concerned = ":".join(f"{name}:{pk}" for name, pk in context.items())
    outbox.put(
        kind,
        to=to,
        about=given.cohort,
        key=f"{kind}:{given.pk}:{concerned}:{to.pk}",
        context={"release": given.pk, **context},
    )
