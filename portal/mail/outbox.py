"""How the rest of the portal sends mail: it puts a row, in the transaction of the change that causes it."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils.translation import gettext_noop

from portal.records import clock

from . import kinds, states
from .hold import current, hold, keep_back
from .models import OutgoingMail, State
from .mornings import morning_for, next_working_morning
from .nudge import nudge

NO_ADDRESS = gettext_noop("There is no e-mail address for this person.")

__all__ = [
    "cancel_about",
    "gather",
    "hold",
    "mails_about",
    "morning_for",
    "next_working_morning",
    "put",
    "put_all",
]


def put(kind, *, to, about, key, due=None, valid_until=None, context=None, attachments=(), reminder=False):
    """Put a mail of `kind` about a record into the outbox, once for each `key`; return its row.

    `to` has .email, .language and optionally .name and .time_zone; without an address the row has failed.
    Call it inside the transaction of the change: if that rolls back there is no mail. `attachments` are
    PrivateFiles. A `reminder` gives way to one of the same kind about the same record on the same day: that row is
    returned. Inside a `with outbox.hold(label, by=user)` block the mail waits until the hold is over.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "outbox.put belongs inside the transaction of its cause."
        )
    fresh = _row(
        kinds.get(kind), to=to, about=about, key=key, due=due, valid_until=valid_until, context=context
    )
    if reminder:
        fresh.reminder_day = fresh.due.astimezone(fresh.zone).date()
    # INSERT … ON CONFLICT DO NOTHING: whoever comes second waits for the first and then finds its row.
    OutgoingMail.objects.bulk_create([fresh], ignore_conflicts=True)
    mail = _standing(fresh)
    if mail.uuid == fresh.uuid:
        mail.attachments.set(attachments)
        if keep_back(mail):
            mail.save(update_fields=["mailing", "next_attempt"])
        if mail.state == State.QUEUED and mail.next_attempt <= clock.now():
            _nudge_after_commit()
    return mail


def put_all(kind, letters):
    """Put several mails of `kind`, each given as what `put` takes (to, about, key, attachments). Five queries at most.

    What stands under one of the keys already is left as it is.
    """
    there = OutgoingMail.objects.filter(key__in=[letter["key"] for letter in letters])
    known = set(there.values_list("key", flat=True))
    fresh, files = [], {}
    for letter in letters:
        facts = {"due": None, "valid_until": None, "context": None, **letter}
        attachments = facts.pop("attachments", ())
        if facts["key"] not in known:
            fresh.append(_row(kinds.get(kind), **facts))
            files[fresh[-1].uuid] = attachments
            keep_back(fresh[-1])
    OutgoingMail.objects.bulk_create(fresh, ignore_conflicts=True)
    through = OutgoingMail.attachments.through
    through.objects.bulk_create(
        through(outgoingmail_id=pk, privatefile_id=file.pk)
        for uuid, pk in OutgoingMail.objects.filter(uuid__in=files).values_list("uuid", "pk")
        for file in files[uuid]
    )
    if any(mail.state == State.QUEUED and mail.next_attempt <= clock.now() for mail in fresh):
        _nudge_after_commit()


def _standing(fresh):
    """The row that stands: this one, the one of the same key, or the other reminder of the day."""
    mail = OutgoingMail.objects.filter(key=fresh.key).first()
    if mail is not None:
        return mail
    same = ("about_type", "about_id", "kind", "address", "reminder_day")
    return OutgoingMail.objects.exclude(state=State.CANCELLED).get(
        **{name: getattr(fresh, name) for name in same}
    )


def _row(kind, *, to, about, key, due, valid_until, context):
    """The row as it will be inserted; nothing is written yet."""
    due = due or clock.now()
    address = (to.email or "").strip()
    known = isinstance(to, models.Model) and to.pk is not None
    name = " ".join((getattr(to, "name", "") or str(to)).split())
    return OutgoingMail(
        key=key,
        kind=kind.name,
        template=kind.template,
        about=about,
        recipient_type=ContentType.objects.get_for_model(to) if known else None,
        recipient_id=to.pk if known else None,
        address=address,
        recipient_name=name[:200],
        language=to.language or "en",
        time_zone=str(getattr(to, "time_zone", "") or settings.TIME_ZONE),
        due=due,
        next_attempt=due,
        valid_until=valid_until,
        context=context or {},
        state=State.QUEUED if address else State.FAILED,
        last_error_code="" if address else "no address",
        last_error="" if address else NO_ADDRESS,
    )


def _nudge_after_commit():
    """Once per transaction: a cohort's certificates must not wait for a dead broker one by one."""
    if not any(entry[1] is nudge for entry in connection.run_on_commit):
        transaction.on_commit(nudge, robust=True)


def gather(kind, *, to, about, item, key, due=None):
    """Put a mail that tells of several things: one that waits for this recipient takes `item` along.

    The items stand in the context as `items`. `key` names a fresh mail, where none waits; it leaves when `due`.
    """
    waiting = OutgoingMail.objects.about(about).queued().filter(kind=kind, raw=None, recipient_id=to.pk)
    same = waiting.filter(recipient_type=ContentType.objects.get_for_model(to), mailing=_mailing())
    mail = same.select_for_update(no_key=True, of=("self",)).first()
    if mail is None:
        return put(kind, to=to, about=about, key=key, due=due, context={"items": [item]})
    mail.context["items"].append(item)
    mail.save(update_fields=["context"])
    return mail


def _mailing():
    held = current()
    return held.mailing if held else None


def cancel_about(obj, *, reason, by, kinds=None):
    """Cancel the queued mails about `obj` (of these kinds, if given); return how many. For its verbs."""
    queued = OutgoingMail.objects.about(obj).queued()
    if kinds is not None:
        queued = queued.filter(kind__in=kinds)
    return states.cancel_queued(queued, reason=reason, by=by)


def mails_about(*objects):
    """The mails about these records, latest due first, for their pages."""
    return OutgoingMail.objects.about(*objects).for_list()
