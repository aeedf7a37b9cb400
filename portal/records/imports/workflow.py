"""The life of a batch, as it goes: uploaded, columns named, checked, looked at, written, and perhaps reverted."""

import logging
from dataclasses import asdict

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.accounts.roles import Permission

from .. import broker
from ..trail import name_verbs
from ..transitions import NotNow, record, transition
from . import checking, storing
from .bulk import update_each
from .headings import plain
from .importers import Obstacle, kind_of
from .keeping import SETTLED, facts, kept_rows, row_of, written_row
from .models import ColumnMapping, ImportBatch, ImportRow
from .said import in_words

name_verbs({"upload": gettext_lazy("File uploaded"), "decide": gettext_lazy("Row decided")})
logger = logging.getLogger(__name__)
STATE = ImportBatch.State
REASSESSED = 1000  # rows of a batch that are all looked at again when one is corrected
MOST_NAMED = 5


class Moved(NotNow):
    """What the preview promised does not hold any more."""


def _may(batch, user):
    return user.has(kind_of(batch.kind).permission)


def upload(data, name, kind, *, by, sender="", parent=None):
    """Keep a file that can be read. Raises a ValidationError in words for one that cannot."""
    importer = kind(parent)
    table = storing.table_in(data, name, importer, sender)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            kind=kind.key, parent=parent, sender=sender, uploaded_by=by,
            file=storing.store(data, name, importer), is_sealed=not importer.keeps_file,
            sheet=table.sheet, headings=[asdict(heading) for heading in table.headings],
            heading_row=table.heading_row, row_count=len(table.rows),
        )  # fmt: skip
        record(batch, "upload", by=by)
    if not undecided(batch):
        begin_check(batch, by=by)
    return batch


def undecided(batch):
    """Whether a person must say what the columns are: one is unknown, or one that is needed was not found."""
    targets = {heading["target"] for heading in batch.headings}
    needed = {column.name for column in batch.importer.columns if column.required}
    return None in targets or not needed <= targets


@transition(
    ImportBatch,
    source=[STATE.MAPPING, STATE.CHECKED],
    target=STATE.CHECKING,
    permission=Permission.IMPORT_FILES,
    rule=_may,
    label=gettext_lazy("Check the rows"),
)
def begin_check(batch, *, by, targets=None):
    """Check (again). `targets` says what columns are, {place: column's name or ""}; it is remembered."""
    if targets is not None:
        for heading in batch.headings:
            heading["target"] = targets.get(heading["place"], "")
        said = [
            ColumnMapping(
                kind=batch.kind,
                sender=batch.sender,
                heading=plain(heading["text"])[:200],
                target=heading["target"],
            )
            for heading in {plain(heading["text"]): heading for heading in batch.headings}.values()
        ]
        ColumnMapping.objects.bulk_create(
            said, update_conflicts=True, unique_fields=["kind", "sender", "heading"], update_fields=["target"]
        )
    batch.checked_count, batch.lease, batch.lease_until = 0, None, None


@transition(
    ImportBatch,
    source=[STATE.CHECKING],
    target=STATE.CHECKED,
    permission=Permission.IMPORT_FILES,
    label=gettext_lazy("Checked"),
    rule=lambda batch, user: False,  # the portal's own verb: no person says that a check is over
)
def finish_check(batch, *, by, lease, rows, is_again):
    """Keep the rows with their verdicts, unless somebody else has taken the batch up in between."""
    if batch.lease != lease:
        raise checking.LeaseLost
    checking.keep(batch, rows, is_again=is_again)
    batch.checked_count, batch.lease, batch.lease_until = batch.row_count, None, None


def decide(batch, number, *, by, **decision):
    """A person's word on one row: `choice` and `chosen`, `corrections` {column: text}, `not_taken` [columns]."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        if batch.state != STATE.CHECKED:
            raise NotNow(_("The file is not being looked at any more: it is “%(state)s” now."),
                         params={"state": batch.get_state_display()})  # fmt: skip
        stored = kept_rows(batch.rows if batch.row_count <= REASSESSED else batch.rows.filter(number=number))
        importer, letters = batch.importer, batch.letters
        rows = [row_of(importer, one, letters) for one in stored]
        decided = next(row for row in rows if row.number == number)
        decided.corrections |= decision.pop("corrections", {})
        for name, value in decision.items():
            setattr(decided, name, value)
        importer.assess(rows)
        pairs = zip(stored, rows, strict=True)
        update_each(ImportRow, {one.pk: facts(importer, row) for one, row in pairs}, SETTLED)
        record(batch, "decide", by=by, data={"row": number, "choice": decided.choice})


@transition(
    ImportBatch,
    source=[STATE.CHECKED],
    target=STATE.WRITTEN,
    permission=Permission.IMPORT_FILES,
    rule=_may,
    label=gettext_lazy("Write the rows"),
)
def write(batch, *, by):
    """All or nothing. Looks again under locks: raises Moved where the preview does not hold any more."""
    importer, letters = batch.importer, batch.letters
    importer.by = by
    _one_at_a_time(batch.kind)
    stored = kept_rows(batch.rows)
    rows = [written_row(importer, one, letters) for one in stored]
    importer.lock(rows)
    importer.assess(rows)
    promised = [[one.verdict, one.target_id, one.changes, one.is_weak] for one in stored]
    moved = sum(row.outcome() != outcome for row, outcome in zip(rows, promised, strict=True))
    if moved:
        raise Moved(_moved_words(moved))
    taken = [row for row in rows if row.is_taken]
    if not taken:
        raise NotNow(_("There is nothing to write: every row is wrong, left out or here already."))
    try:
        importer.write(taken, by=by)
    except IntegrityError as error:  # somebody entered the same at this moment, past every lock
        raise Moved(_moved_words(1)) from error
    keys = {one.number: one.pk for one in stored}
    written = {keys[row.number]: {"written_id": row.written, "before": row.before} for row in taken}
    update_each(ImportRow, written, ["written_id", "before"])


def _one_at_a_time(kind):
    """Two files of one kind are written one after the other: both may bring the same new record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {kind}"])


def _moved_words(count):
    return ngettext(
        "Nothing was written: %(count)s row is not any more as it was shown. Everything was checked again.",
        "Nothing was written: %(count)s rows are not any more as they were shown. Everything was checked again.",
        count,
    ) % {"count": count}


@transition(
    ImportBatch,
    source=[STATE.WRITTEN],
    target=STATE.REVERTED,
    permission=Permission.IMPORT_FILES,
    rule=_may,
    label=gettext_lazy("Revert the import"),
)
def revert(batch, *, by, reason):
    """Put everything back, or say what stands in the way and change nothing."""
    importer, letters = batch.importer, batch.letters
    rows = [written_row(importer, one, letters) for one in kept_rows(batch.rows.exclude(written_id=None))]
    try:
        importer.put_back(rows, by=by)
    except Obstacle as obstacle:
        named = [in_words(sentence) for sentence in obstacle.sentences[:MOST_NAMED]]
        more = len(obstacle.sentences) - len(named)
        if more > 0:
            named.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
        raise NotNow([_("Nothing was put back. This stands in the way:"), *named]) from obstacle


@transition(
    ImportBatch,
    source=[STATE.MAPPING, STATE.CHECKING, STATE.CHECKED],
    target=STATE.ABANDONED,
    permission=Permission.IMPORT_FILES,
    rule=_may,
    label=gettext_lazy("Put the file aside"),
)
def abandon(batch, *, by):
    """Nothing of the file is written."""
    batch.lease, batch.lease_until = None, None


def start_checking(batch):
    """Let a worker check the batch; a small one, or any where no broker answers, is checked at once."""
    if batch.row_count > checking.SMALL and _published(batch):
        return
    checking.check(batch.pk)


def _published(batch):
    from ..tasks import check_import  # tasks import checking, which ends with a verb of this module

    try:
        broker.publish(check_import, batch.pk)
    except Exception as error:  # whatever the broker does: the person waits a few seconds more
        logger.warning("The broker took no import: %s", error)
        return False
    return True
