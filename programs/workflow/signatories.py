"""Who signs certificates, and with which picture. What was issued keeps what it was printed with."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.accounts.roles import Permission
from portal.records.models import PrivateFile
from portal.records.transitions import record
from programs import marks
from programs.models import Signatory, SignatoryMark

FIELDS = ("name", "name_ko", "title", "title_ko", "since")


def _require(by):
    if not by.has(Permission.KEEP_SIGNATORIES):
        raise PermissionDenied


@transaction.atomic
def create(*, by, **facts):
    """Somebody signs what is issued from a day on."""
    _require(by)
    signatory = Signatory.objects.create(**facts)
    record(signatory, "enter_signatory", by=by)
    return signatory


@transaction.atomic
def edit(signatory, *, by, **facts):
    """Correct how the signatory is named, or from when they sign; certificates that are issued stay as they are."""
    _require(by)
    signatory = Signatory.objects.select_for_update(no_key=True).get(pk=signatory.pk)
    changed = [name for name in FIELDS if facts[name] != getattr(signatory, name)]
    for name in changed:
        setattr(signatory, name, facts[name])
    if changed:
        signatory.save(update_fields=changed)
        record(signatory, "change", by=by, data={"fields": changed})
    return signatory


@transaction.atomic
def put_mark(signatory, *, by, kind, content):
    """Take a picture of the signature or the seal (PNG or JPEG bytes) as the next version. Raises ValidationError."""
    _require(by)
    Signatory.objects.select_for_update(no_key=True).get(pk=signatory.pk)
    drawn = marks.drawn_anew(content, kind)
    latest = SignatoryMark.objects.filter(signatory=signatory, kind=kind).order_by("-version").first()
    version = latest.version + 1 if latest else 1
    file = PrivateFile.objects.store(drawn, name=f"{kind}-{version}.png", content_type="image/png")
    mark = SignatoryMark.objects.create(signatory=signatory, kind=kind, version=version, file=file, by=by)
    record(signatory, "put_mark", by=by, data={"kind": kind, "version": version, "sha256": file.sha256})
    return mark
