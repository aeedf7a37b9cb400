"""What is done with a passport: entered, looked at with a reason, erased. The number leaves `passports` only here."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from participants import passports
from participants.models import Consent, Document, Passport, Trainee
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.access import looked
from portal.records.imports.bulk import insert_each, note_many, update_each
from portal.records.transitions import NotNow, record

from . import documents

FACTS = ("issuing_country", "expires")
ENTERED = ("sealed", "key_id", "index", "last_characters", *FACTS, "basis", "sent_by", "stored_at")


class Taken(NotNow):
    """The number is that of `other`, somebody else of the register."""

    def __init__(self, other):
        words = _("This is the number of %(name)s already. Is it the same person?") % {"name": other}
        super().__init__({"number": words})
        self.other = other


def _may_enter(trainee, by):
    return by.has(Permission.CHECK_PAPERS) or (trainee.user_id and trainee.user_id == getattr(by, "pk", None))


def _basis(trainee, sent_by):
    """Why the number may be kept: the person's consent, or that their institution has sent it. Raises NotNow."""
    latest = Consent.objects.filter(trainee=trainee, purpose=Consent.Purpose.PASSPORT).first()
    if latest and latest.action == Consent.Action.GIVEN:
        return {"basis": Passport.Basis.CONSENT, "sent_by": None}
    if sent_by:
        return {"basis": Passport.Basis.SENT, "sent_by": sent_by}
    words = _(
        "The person has not agreed that the number is kept. Say which institution sent it, or ask the person first."
    )
    raise NotNow({"sent_by": words})


@sensitive_variables("number")
@transaction.atomic
def enter(trainee, *, by, number=None, sent_by=None, issuing_country="", expires=None):
    """Keep the passport of a person, or what has changed of it; `number` (a `passports.Number`) None keeps the one
    that stands. Raises NotNow: no basis to keep it, nothing there yet to be kept; Taken: another person's number.
    """
    if not _may_enter(trainee, by):
        raise PermissionDenied
    trainee = Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)
    passport = Passport.objects.filter(trainee=trainee).first()
    if passport is None and number is None:
        raise NotNow({"number": _("Enter the number of the passport.")})
    is_new = passport is None
    passport = passport or Passport(trainee=trainee)
    changed = [name for name, value in zip(FACTS, (issuing_country, expires), strict=True)
               if getattr(passport, name) != value]  # fmt: skip
    passport.issuing_country, passport.expires = issuing_country, expires
    if number is not None and (is_new or passport.index != passports.index_of(number)):
        _put(passport, number, _basis(trainee, sent_by))
        changed.append("number")
    if changed:
        _save(passport)
    if "number" in changed:
        documents.compare_anew([trainee], by=by)
    if changed:
        record(trainee, "enter_passport", by=by, data={"passport": sorted(changed), "basis": passport.basis})
    return passport


@sensitive_variables("number")
def _put(passport, number, basis):
    passport.seal(number)
    passport.index = passports.index_of(number)
    passport.last_characters = number.last_characters
    passport.basis, passport.sent_by = basis["basis"], basis["sent_by"]
    passport.stored_at = clock.now()


def _save(passport):
    """Save; the index holds that no two people have one number, also of two entered at the same moment."""
    try:
        with transaction.atomic():
            passport.save()
    except IntegrityError as error:
        other = Passport.objects.exclude(trainee=passport.trainee_id).filter(index=passport.index).first()
        if other is None:
            raise
        raise Taken(other.trainee) from error


def find(number):
    """The passport with this number (a `passports.Number`), or None."""
    return Passport.objects.select_related("trainee").filter(index=passports.index_of(number)).first()


@sensitive_variables("number")
@transaction.atomic
def reveal(passport, *, by, reason, request):
    """The whole number, after the look is recorded. Raises NotNow where it cannot be read any more."""
    if not by.has(Permission.REVEAL_PASSPORTS):
        raise PermissionDenied
    looked(by, passport.trainee, "passport_number", reason, request)
    return passport.number


@transaction.atomic
def erase(passport, *, by, reason):
    """The number goes, and with it everything that was known of the passport. The trail says that, and no more."""
    trainee = passport.trainee
    passport.delete()
    record(trainee, "erase_passport", by=by, reason=reason)


@transaction.atomic
def erase_of(trainee, *, by, reason):
    """An officer takes away the passport of a person with its scans: a wrong one, or one that may not be kept."""
    if not by.has(Permission.CHECK_PAPERS):
        raise PermissionDenied
    trainee = Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)
    passport = Passport.objects.filter(trainee=trainee).select_related("trainee").first()
    if passport:
        erase(passport, by=by, reason=reason)
    scans = documents.erase_all(trainee, by=by, reason=reason, kinds=[Document.Kind.PASSPORT])
    if not passport and not scans:
        raise NotNow(_("Nothing of a passport is kept of this person."))


@sensitive_variables("number")
def seal_anew(passport):
    """Seal the number with the present key and index. Raises NotNow where it cannot be read."""
    number = passport.number
    passport.seal(number)
    passport.index = passports.index_of(number)
    passport.save(update_fields=["sealed", "key_id", "index"])


# Many at once ----------------------------------------------------------------------------------------


@sensitive_variables("rows", "passport")
def enter_many(rows, *, by):
    """Keep the passports that a list of nominees brings: (person's key, number or None, expiry or None, key of the
    institution that sends it). Call it inside the transaction. Who has a number already gets the new one.
    """
    if not by.has(Permission.CHECK_PAPERS):
        raise PermissionDenied
    known = Passport.objects.select_for_update(no_key=True).filter(trainee__in=[row[0] for row in rows])
    kept = {passport.trainee_id: passport for passport in known}
    new, changed, replaced = [], [], []
    for pk, number, expires, sent_by in rows:
        passport = kept.get(pk) or Passport(trainee_id=pk)
        if passport.pk is None and number is None:
            continue
        (changed if passport.pk else new).append(passport)
        passport.expires = expires or passport.expires
        if number is not None and passport.index != passports.index_of(number):
            replaced.append(pk)
            _put(passport, number, {"basis": Passport.Basis.SENT, "sent_by": None})
            passport.sent_by_id = sent_by
    insert_each(Passport, [_columns(one) for one in new])
    update_each(Passport, {one.pk: _columns(one) for one in changed}, ENTERED)
    documents.compare_anew(replaced, by=by)
    _note([one.trainee_id for one in (*new, *changed)], "enter_passport", by)


def _columns(passport):
    return {name: getattr(passport, Passport._meta.get_field(name).attname) for name in ("trainee", *ENTERED)}


def forget_many(people, *, by):
    """Erase the passports of these people: the list that brought them is taken back."""
    if not by.has(Permission.CHECK_PAPERS):
        raise PermissionDenied
    known = list(Passport.objects.filter(trainee__in=people).values_list("trainee", flat=True))
    Passport.objects.filter(trainee__in=known).delete()
    _note(known, "erase_passport", by)


def _note(people, verb, by):
    """A line of the trail for each of these people."""
    names = dict(Trainee.objects.filter(pk__in=people).values_list("pk", "passport_name"))
    note_many([(pk, names[pk], []) for pk in people], Trainee, verb, by)
