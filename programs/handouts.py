"""The files of sessions behind the verbs: shared by copies, handed out by a release, gone with the last row."""

from portal.records import files
from portal.records.models import PrivateFile

from .models import SessionFile


def share(pairs):
    """Give copies the files of the sessions they were copied from: `pairs` of both. The bytes are the same.

    The cohort of the sources is locked, so that no file of theirs is taken out meanwhile.
    """
    copies = {source.pk: copy for source, copy in pairs}
    standing = SessionFile.objects.standing().filter(session__in=copies).order_by("pk")
    SessionFile.objects.bulk_create(
        SessionFile(session=copies[one.session_id], file_id=one.file_id, added_by_id=one.added_by_id)
        for one in standing
    )


def hand_out(released):
    """Trainees may open what is planned of these sessions from now on, and no longer what was taken out."""
    rows = SessionFile.objects.filter(session__in=released)
    rows.standing().filter(is_released=False).update(is_released=True)
    discard(rows.exclude(removed_at=None).select_related("file"))


def discard(attached):
    """The rows go, and the bytes that no other session has.

    The file's row is locked before it is asked who has it: another cohort may let go of it at the same moment.
    """
    for one in attached:
        one.delete()
        file = PrivateFile.objects.select_for_update().get(pk=one.file_id)
        if not SessionFile.objects.filter(file=file).exists():
            files.destroy(file)
