"""A paper's way: received → checked or refused. What was checked may still turn out wrong, and the other way round."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import Consent, Document, Passport, Trainee
from portal.accounts.roles import Permission
from portal.records import clock, files
from portal.records.access import looked
from portal.records.actors import System
from portal.records.models import PrivateFile
from portal.records.transitions import NotNow, record, transition

State = Document.State


def _may_hand_in(trainee, by):
    return by.has(Permission.CHECK_PAPERS) or (trainee.user_id and trainee.user_id == getattr(by, "pk", None))


def may_keep_passport(trainee, sent_by=None):
    """Whether a scan of the passport may be kept: the person has agreed, or their institution sends or has sent it.

    Who has taken the consent back has said no to what an institution sends afterwards, too.
    """
    word = Consent.objects.filter(trainee=trainee, purpose=Consent.Purpose.PASSPORT).first()
    if word is not None and word.action == Consent.Action.GIVEN:
        return True
    if word is None and sent_by is not None:
        return True
    return Passport.objects.filter(trainee=trainee).exists()


@transaction.atomic
def receive(trainee, *, by, kind, scan, expires=None, sent_by=None):
    """Keep a paper (`scan` from `scans.read`) as the version that counts from now on; `sent_by` is the institution
    that sends it with its nomination. Raises NotNow.
    """
    if not _may_hand_in(trainee, by):
        raise PermissionDenied
    trainee = Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)
    if kind == Document.Kind.PASSPORT and not may_keep_passport(trainee, sent_by):
        raise NotNow(_("A scan of the passport is kept only after the person has agreed to it."))
    name = f"{kind}-{trainee.pk}.{scan.extension}"  # never what somebody has called it
    file = PrivateFile.objects.store(scan.content, name=name, content_type=scan.content_type)
    document = Document.objects.create(
        trainee=trainee,
        kind=kind,
        file=file,
        expires=expires,
        received_from=(by.name if isinstance(by, System) else str(by))[:120],
    )
    record(trainee, "receive_paper", by=by, data={"paper": kind})
    return document


@transition(
    Document,
    source=[State.RECEIVED, State.REFUSED],
    target=State.CHECKED,
    permission=Permission.CHECK_PAPERS,
    label=gettext_lazy("Check"),
)
def check(document, *, by, expires=None):
    """Somebody has looked at it and found it right. `expires` is what stands on it."""
    _require_bytes(document)
    document.expires = expires or document.expires
    document.checked_at, document.checked_by, document.refused_reason = clock.now(), by, ""
    if document.kind == Document.Kind.PHOTO:
        document.trainee.photo = document.file
        document.trainee.save(update_fields=["photo"])


@transition(
    Document,
    source=[State.RECEIVED, State.CHECKED],
    target=State.REFUSED,
    permission=Permission.CHECK_PAPERS,
    label=gettext_lazy("Refuse"),
)
def refuse(document, *, by, reason):
    """It cannot be used, and why; the person reads the reason where they hand in a better one."""
    document.checked_at, document.checked_by, document.refused_reason = clock.now(), by, reason
    if document.kind == Document.Kind.PHOTO and document.trainee.photo_id == document.file_id:
        document.trainee.photo = None
        document.trainee.save(update_fields=["photo"])


@transition(
    Document,
    source=[State.CHECKED],
    target=State.RECEIVED,
    permission=Permission.CHECK_PAPERS,
    label=gettext_lazy("Check again"),
)
def check_again(document, *, by, reason):
    """It has to be looked at once more: what it was compared with has changed, or it was checked by mistake."""
    document.checked_at, document.checked_by = None, None
    if document.kind == Document.Kind.PHOTO and document.trainee.photo_id == document.file_id:
        document.trainee.photo = None
        document.trainee.save(update_fields=["photo"])


def compare_anew(people, *, by):
    """The number of these people’s passports is another now: their checked scans are to be compared with it again."""
    scans = Document.objects.filter(trainee__in=people, kind=Document.Kind.PASSPORT).latest()
    # The right is the portal's; the trail keeps who entered the number.
    actor = by if isinstance(by, System) else System(str(by)[:120], user=by)
    for scan in [scan for scan in scans if scan.state == State.CHECKED and scan.file_id]:
        check_again(scan, by=actor, reason=_("The passport number was changed."))


def _require_bytes(document):
    if document.file_id is None:
        raise NotNow(_("This paper is erased."))


@transaction.atomic
def open_file(document, *, by, request):
    """The file, for a download. That staff opened somebody's paper is kept; one's own leaves no record."""
    _require_bytes(document)
    if document.trainee.user_id != by.pk:
        looked(by, document.trainee, f"paper_{document.kind}", _("opened on the page of papers"), request)
    return document.file


@transaction.atomic
def erase_all(trainee, *, by, reason, kinds=None):
    """The bytes of a person's papers go, of these kinds if given; that there were papers stays. Returns how many."""
    rows = Document.objects.filter(trainee=trainee, file__isnull=False).select_related("file")
    rows = list(rows.filter(kind__in=kinds) if kinds else rows)
    # Also of a record that was merged into this one: the photo hangs on both.
    Trainee.objects.filter(photo__in=[row.file_id for row in rows]).update(photo=None)
    for row in rows:
        file = row.file
        Document.objects.filter(pk=row.pk).update(file=None, expires=None, erased_at=clock.now())
        files.destroy(file)
    if rows:
        erased = sorted({row.kind for row in rows})
        record(trainee, "erase_papers", by=by, reason=reason, data={"papers": erased, "count": len(rows)})
    return len(rows)
