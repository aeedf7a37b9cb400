"""A follow-up's way: scheduled → open → answered, missed or waived. A missed one may still be answered."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants import questions
from participants.models import Consent, FollowUp
from participants.models.consents import lapsed, refused
from participants.rules import is_missed, reminder_step
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record, transition

from . import graduates

State = FollowUp.State
TOLD = {"procedures", "taught", "patients", "obstacles", "wishes"}


def plan(graduation, ended_on, months):
    """The follow-ups of a graduation, so many months after the actual end. Planning twice adds nothing.

    None for who has said that they do not want to be written to.
    """
    if Consent.objects.refuses(graduation.trainee_id, Consent.Purpose.GRADUATE):
        return
    FollowUp.objects.bulk_create(
        [
            FollowUp(graduation=graduation, months=count, due=clock.months_after(ended_on, count))
            for count in months
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def move(graduation, ended_on, *, by):
    """The end has moved: what is not answered yet hangs on the new one. What was to leave by the old one does not."""
    waiting = graduation.follow_ups.filter(state__in=[State.SCHEDULED, State.OPEN])
    for followup in waiting.order_by("pk").select_for_update(no_key=True):
        due = clock.months_after(ended_on, followup.months)
        if due == followup.due:
            continue
        followup.due = due
        followup.save(update_fields=["due"])
        record(followup, "change", by=by, data={"fields": ["due"]})
        outbox.cancel_about(followup, reason=_("the end of the training has moved"), by=by)


def _is_own(followup, user):
    return user.has(Permission.FOLLOW_UP) or followup.graduation.trainee.user_id == user.pk


@transition(
    FollowUp,
    source=[State.SCHEDULED],
    target=State.OPEN,
    permission=Permission.FOLLOW_UP,
    label=_("Open now"),
)
def open_followup(followup, *, by):
    """The day has come, or staff ask earlier: the form is open to the graduate."""
    if Consent.objects.refuses(followup.graduation.trainee_id, Consent.Purpose.GRADUATE):
        raise NotNow(_("This graduate does not want to be written to."))
    if Consent.objects.has_lapsed(followup.graduation.trainee_id):
        raise NotNow(_("This graduate’s consent to stay in touch has lapsed."))
    followup.opened_at = clock.now()


@transition(
    FollowUp,
    source=[State.OPEN, State.MISSED],
    target=State.ANSWERED,
    permission=(Permission.OWN_TRAINING, Permission.FOLLOW_UP),
    label=_("Answer"),
    rule=_is_own,
)
def answer(followup, *, by, applied, post="", position="", workplace="", since=None, **told):
    """The graduate answers, late or not. Reminders that have not left are cancelled, and where they work is known.

    `told` is what else they said: procedures, taught, patients, obstacles, wishes, and what other apps ask.
    `post` is “same” or “changed”.
    """
    followup.applied = applied
    for name in TOLD & told.keys():
        setattr(followup, name, told[name])
    questions.keep(followup, told)
    followup.draft = {}
    followup.answered_at = clock.now()
    outbox.cancel_about(followup, reason=_("answered"), by=by)
    trainee = followup.graduation.trainee
    if post == "changed":
        graduates.tell_post(trainee, by=by, position=position, workplace=workplace, since=since)
    elif post == "same":
        graduates.verify_post(trainee, by=by)


def keep_draft(followup, typed):
    """What the graduate has typed so far is kept; nothing else changes. False where it cannot be answered any more."""
    may = FollowUp.objects.filter(pk=followup.pk, state__in=answer.verb.sources)
    return bool(may.update(draft=typed))


@transition(
    FollowUp,
    source=[State.OPEN],
    target=State.MISSED,
    permission=Permission.FOLLOW_UP,
    label=_("Count as missed"),
)
def miss(followup, *, by):
    """Nobody answered in time. The form stays open."""


@transition(
    FollowUp,
    source=[State.SCHEDULED, State.OPEN, State.MISSED],
    target=State.WAIVED,
    permission=Permission.FOLLOW_UP,
    label=_("Waive"),
)
def waive(followup, *, by, reason):
    """Staff do not ask this graduate this time, and say why."""
    followup.waived_reason = reason
    outbox.cancel_about(followup, reason=_("waived"), by=by)


def stop(trainee, *, by):
    """The graduate does not want to be written to: what is still to be asked is waived, and no reminder leaves."""
    # The right to waive is the portal's; the trail keeps whose wish it was.
    actor = by if isinstance(by, System) else System(str(by)[:120], user=by)
    rows = FollowUp.objects.filter(graduation__trainee=trainee, state__in=[State.SCHEDULED, State.OPEN])
    for followup in rows.order_by("pk"):
        waive(followup, by=actor, reason=gettext("The graduate does not want to be written to."))


def _home_today(followup):
    """The date where the graduate is: “due” is meant in their zone."""
    return clock.today(ZoneInfo(followup.graduation.trainee.time_zone or "Asia/Seoul"))


def _key(followup, step):
    """Names the mail of one step of one follow-up: putting it twice gives one mail."""
    return f"follow_up:{followup.pk}:{followup.due.isoformat()}:{step}"


def _remind(followup, today):
    """Put the mail whose day has come, once. Returns it if it is new, else None."""
    step = reminder_step(followup.due, today)
    trainee = followup.graduation.trainee
    key = _key(followup, step)
    if OutgoingMail.objects.filter(key=key).exists():
        return None
    mail = outbox.put(
        "follow_up",
        to=trainee,
        about=followup,
        key=key,
        due=outbox.morning_for(trainee, today),
        context={"reminder": step > 0},
        reminder=True,
    )
    return mail if mail.key == key else None  # else there is a reminder on that day already


def _with_something_to_do(rows):
    """Those of `rows` that a round would open, remind or count as missed. One query, however many there are."""
    come = [(row, today) for row in rows if row.due <= (today := _home_today(row))]
    keys = [_key(row, reminder_step(row.due, today)) for row, today in come]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    return [
        row
        for (row, today), key in zip(come, keys, strict=True)
        if key not in put or row.state == State.SCHEDULED or row.is_lapsed or is_missed(row.due, today)
    ]


@transaction.atomic
def _one(pk, *, by, say):
    """Do what is due on one follow-up. Its row is locked first: another round, or the graduate, may be at it."""
    locked = FollowUp.objects.for_list().select_for_update(of=("self",), no_key=True)
    followup = locked.get(pk=pk)
    today = _home_today(followup)
    if followup.state not in (State.SCHEDULED, State.OPEN) or followup.due > today:
        return 0
    if Consent.objects.has_lapsed(followup.graduation.trainee_id):
        waive(followup, by=by, reason=gettext("The consent to stay in touch has lapsed."))
        say(f"waived: {followup}")
        return 0
    if followup.state == State.SCHEDULED:
        followup = open_followup(followup, by=by)
    if is_missed(followup.due, today):
        miss(followup, by=by)
        say(f"missed: {followup}")
        return 0
    mail = _remind(followup, today)
    if mail is None:
        return 0
    say(f"{mail.due:%Y-%m-%d %H:%M} follow_up → {mail.address}: {followup}")
    return 1


def due_work(*, say):
    """One round: open what is due, remind the silent, count the long silent as missed. Returns how many mails it put.

    Arithmetic over the database: running it twice, twice at once, or after a pause of days, puts nothing twice.
    Two queries where nothing is due.
    """
    by = System("due work")
    rows = FollowUp.objects.to_open(clock.today()) | FollowUp.objects.unanswered()
    rows = rows.exclude(refused(Consent.Purpose.GRADUATE, "graduation__trainee"))
    rows = rows.annotate(is_lapsed=ExpressionWrapper(lapsed("graduation__trainee"), BooleanField()))
    waiting = _with_something_to_do(rows.for_list().order_by("due", "pk"))
    return sum(_one(row.pk, by=by, say=say) for row in waiting)
