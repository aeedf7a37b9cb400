"""A file to read before a session is attached, or taken out. Trainees hear of it with a release of the schedule."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.records import clock
from portal.records.transitions import NotNow, record
from programs import handouts
from programs.models import SessionFile

from . import sessions

MOST_FILES = 10  # of one session


@transaction.atomic
def attach(session, *, by, upload):
    """Keep one more file with the session. Raises NotNow where there are too many, or the same one is there."""
    session = sessions.for_change(session, by=by)
    standing = list(session.attached.standing().select_related("file"))
    if len(standing) >= MOST_FILES:
        raise NotNow(_("A session has %(count)s files at most. Take one out first.") % {"count": MOST_FILES})
    if any(one.file.sha256 == upload.sha256 for one in standing):
        raise NotNow(_("This file is attached already."))
    made = SessionFile.objects.create(session=session, file=upload.store(), added_by=by)
    _note(made, "attach_file", by)
    return made


@transaction.atomic
def take_out(attached, *, by):
    """The file is no longer planned. What trainees have already stays with them until the next release."""
    session = sessions.for_change(attached.session, by=by)
    attached = session.attached.standing().select_related("file").filter(pk=attached.pk).first()
    if attached is None:
        raise NotNow(_("It is taken out already."))
    _note(attached, "take_out_file", by)
    if attached.is_released:
        attached.removed_at = clock.now()
        attached.save(update_fields=["removed_at"])
    else:
        handouts.discard([attached])


def _note(attached, verb, by):
    session = attached.session
    data = {"session": session.pk, "title": session.title, "file": attached.file.name}
    record(session.cohort, verb, by=by, data=data)
