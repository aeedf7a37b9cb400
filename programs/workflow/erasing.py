"""Erasing a person at their wish: what is known of them goes, every count stays (decision 0027).

What is left is a stub without a name: country, specialty, and that somebody completed which program in which year. The
core of a certificate stays only where the person agrees, so that whoever holds the paper can still show that it is
genuine.
"""

import pgtrigger
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from hospitals.models import Clinician
from participants.models import Consent, Document, Duplicate, FollowUp, Passport, Post, Trainee, Visit
from participants.workflow import followups
from partners.models import Contact
from portal.accounts.models import User
from portal.accounts.roles import Permission, Role
from portal.mail.models import BouncedAddress, OutgoingMail
from portal.records import clock, forgetting
from portal.records.actors import System
from portal.records.forgetting import STAND_IN
from portal.records.imports.models import ImportBatch, ImportRow
from portal.records.models import PrivateFile
from portal.records.transitions import NotNow, record
from portal.search.models import SearchEntry
from programs import badges
from programs.models import Certificate, Enrollment, WithdrawnBadge
from programs.models.certificates import verification_code

GOES = (Passport, Document, Consent, Duplicate, Post, Visit)
TAKING_PART = (Enrollment.State.NOMINATED, Enrollment.State.RESERVE, Enrollment.State.ACCEPTED,
               Enrollment.State.IN_TRAINING)  # fmt: skip
# Free texts that say nothing about a person.
KEPT = frozenset(
    f"{model._meta.app_label}.{model.__name__}.{name}"
    for model, names in {
        Certificate: ("number",),
        FollowUp: ("procedures",),
        Trainee: ("nationality", "profession"),
        FollowUp.graduation.field.related_model: ("program_name", "program_name_ko", "program_kind"),
    }.items()
    for name in names
)
# What verification shows of a certificate.
CORE = ("name", "program_en", "program_ko", "period_en", "period_ko", "issued_on", "demo",
        "signatory_title_en", "signatory_title_ko", "number", "verify_url")  # fmt: skip
BLANK = {
    "passport_name": STAND_IN, "local_name": "", "korean_name": "", "certificate_name": "", "aliases": [],
    "certificate_name_confirmed_at": None, "birth_date": None, "institution": None, "position": "",
    "practicing_since": None, "languages": [], "language": "en", "email": "", "phone": "", "needs": "",
    "emergency_contact": "", "photo": None, "user": None, "name_keys": [],
}  # fmt: skip
EMPTY_ROW = {
    "texts": {}, "corrections": {}, "values": {}, "title": STAND_IN, "subtitle": "", "problems": [], "evidence": [],
    "candidates": [], "changes": [], "not_taken": [], "before": {},
}  # fmt: skip


def records_of(trainee):
    """The person's record with those that were merged into it."""
    return list(Trainee.objects.filter(Q(pk=trainee.pk) | Q(merged_into=trainee.pk)).order_by("pk"))


def why_not(trainee):
    """What forbids it as things stand, as sentences."""
    if trainee.erased_at:
        return [_("This person is erased already.")]
    if Enrollment.objects.filter(trainee__in=records_of(trainee), state__in=TAKING_PART).exists():
        return [_("The person is still nominated or taking part. Withdraw or complete that first.")]
    return []


@transaction.atomic
def erase(trainee, *, by, keep_certificate, wish):
    """Everything that is known of the person goes; raises NotNow where it cannot be yet, then nothing is gone.

    `keep_certificate`: they agree that the name stays with the certificate. `wish` is how they told us.
    """
    if not by.has(Permission.ERASE_PEOPLE):
        raise PermissionDenied
    # First whatever is being issued: whoever prints it holds these rows, and has stored the name by the end.
    theirs = Certificate.objects.filter(enrollment__trainee__in=records_of(trainee)).order_by("pk")
    list(theirs.select_for_update(of=("self",)).values("pk"))
    people = list(Trainee.objects.select_for_update().filter(pk__in=[row.pk for row in records_of(trainee)]))
    if refused := why_not(trainee):
        raise NotNow(refused)
    followups.stop(trainee, by=System("portal", user=by))
    with pgtrigger.ignore():
        _forget(people, keep_certificate=keep_certificate)
    record(
        Trainee.objects.get(pk=trainee.pk),
        "erase",
        by=by,
        data={"wish": wish, "certificate": keep_certificate},
    )


def _forget(people, *, keep_certificate):
    owned = forgetting.belongings(*people)
    users = list(User.objects.filter(pk__in=[person.user_id for person in people if person.user_id]))
    stand_ins = _stand_ins(people, users)
    _forget_imports(stand_ins)
    files = _files_of(owned)
    _forget_certificates(owned, keep_name=keep_certificate)
    _forget_people(people)
    for model in GOES:
        model._base_manager.filter(pk__in=owned.pop(model, ()))._raw_delete("default")
    FollowUp.objects.filter(pk__in=owned.get(FollowUp, ())).update(draft={})
    forgetting.forget_words(owned, kept=KEPT)
    forgetting.forget_history(owned)
    forgetting.forget_trail(owned, users=users, names=[*stand_ins])
    _forget_mails(owned, users, stand_ins)
    for user in users:
        _forget_user(user)
    SearchEntry.objects.of(Trainee).filter(object_id__in=owned[Trainee]).delete()
    _everywhere(stand_ins, people, owned if keep_certificate else {})
    _discard(files)


def _stand_ins(people, users):
    """{what names the person: what stands there instead}. Short texts would be found in other words."""
    names = {name for person in people for name in person.every_name}
    names |= {user.name for user in users if user.email in {person.email.lower() for person in people}}
    found = {name: STAND_IN for name in names if len(name) > 2}
    for person in people:
        found |= {text: f"erased-{person.pk}" for text in (person.email, person.phone) if len(text) > 6}
    return found


def _borne_by_others(text, people):
    """Whether somebody else is called so: then only what hangs on the person is forgotten, not their namesake."""
    others = Trainee.objects.exclude(pk__in=[person.pk for person in people])
    return (
        others.filter(
            Q(passport_name__iexact=text) | Q(local_name__iexact=text) | Q(korean_name=text)
            | Q(certificate_name__iexact=text) | Q(email__iexact=text) | Q(phone=text)
        ).exists()
        or User.objects.filter(Q(name__iexact=text) | Q(email__iexact=text)).exists()
        or Clinician.objects.filter(Q(name__iexact=text) | Q(name_ko=text)).exists()
        or Contact.objects.filter(name__iexact=text).exists()
    )  # fmt: skip


def _everywhere(stand_ins, people, certified):
    """Whatever still names them, in whatever table; a certificate's core is put back as it was agreed."""
    alone = {text: word for text, word in stand_ins.items() if not _borne_by_others(text, people)}
    cores = dict(
        Certificate.objects.filter(pk__in=certified.get(Certificate, ())).values_list("pk", "printed")
    )
    forgetting.forget_everywhere(alone)
    for pk, printed in cores.items():
        Certificate.objects.filter(pk=pk).update(printed=printed)


def _forget_people(people):
    for person in people:
        home = person.institution.region.country if person.institution else ""
        nationality = person.nationality or home
        Trainee.objects.filter(pk=person.pk).update(
            **{**BLANK, "nationality": nationality, "erased_at": clock.now()}
        )


def _files_of(owned):
    """The keys of the files that hang on what is the person's; nothing points at them any more afterwards."""
    found = set()
    for model, keys in owned.items():
        fields = [field for field in model._meta.concrete_fields if field.related_model is PrivateFile]
        for field in fields if model is not Certificate else ():
            rows = model._base_manager.filter(pk__in=keys, **{f"{field.name}__isnull": False})
            found |= set(rows.values_list(field.attname, flat=True))
            if model not in GOES:
                rows.update(**{field.name: None})
    return found


def _discard(keys):
    """Rows of files go now, bytes once it is sure: what is undone has lost nothing."""
    for file in PrivateFile.objects.filter(pk__in=keys):
        transaction.on_commit(file.discard_content)
    PrivateFile.objects.filter(pk__in=keys)._raw_delete("default")


def _forget_certificates(owned, *, keep_name):
    """Of a certificate its core stays, with the name where that is agreed; the paper with all its words goes."""
    rows = Certificate.objects.filter(pk__in=owned.get(Certificate, ())).select_related("file")
    for certificate in rows:
        core = {name: certificate.printed[name] for name in CORE if name in certificate.printed}
        fresh = {"printed": core}
        if not keep_name:
            # With another code nobody who knew the old one learns anything; the badge made of that one ends.
            if certificate.number:
                WithdrawnBadge.objects.get_or_create(identifier=badges.uuid_of(certificate))
            fresh = {"printed": {**core, "name": STAND_IN, "verify_url": ""}, "code": verification_code()}
        Certificate.objects.filter(pk=certificate.pk).update(**fresh)
        if certificate.file:
            # The row with its digest stays for the register; the bytes go.
            PrivateFile.objects.filter(pk=certificate.file_id).update(size=0)
            transaction.on_commit(certificate.file.discard_content)


def _forget_mails(owned, users, stand_ins):
    """Mails to the person or about them lose their words; others that name them are cleaned, and their bytes go."""
    theirs = forgetting.about(owned, "about_type", "about_id")
    theirs |= forgetting.about(
        {Trainee: owned[Trainee], User: [user.pk for user in users]}, "recipient_type", "recipient_id"
    )
    addresses = [text for text in stand_ins if "@" in text]
    theirs |= Q(address__in=addresses)
    BouncedAddress.objects.filter(address__in=[address.lower() for address in addresses]).delete()
    mails = OutgoingMail.objects.filter(theirs)
    words = {"subject": STAND_IN, "text": "", "html": "", "context": {}, "own_subject": "", "own_text": ""}
    mails.filter(raw__isnull=False).update(raw=b"")
    mails.exclude(address="").update(address="erased@erased.invalid")
    mails.update(**words, recipient_name=STAND_IN, last_error="", reminder_day=None)
    OutgoingMail.attachments.through.objects.filter(outgoingmail__in=mails.values("pk")).delete()
    naming = Q(pk__in=[])
    for text in stand_ins:
        naming |= Q(text__icontains=text) | Q(html__icontains=text) | Q(subject__icontains=text)
    others = OutgoingMail.objects.filter(naming, raw__isnull=False)
    waiting = others.filter(state__in=["queued", "sending"])
    waiting.update(raw=None, rendered_at=None)  # made anew, without the name, before it leaves
    others.filter(raw__isnull=False).update(raw=b"")


def _forget_user(user):
    """Their account closes without a name; one that holds another office goes on under its own."""
    if set(user.roles) - {Role.TRAINEE}:
        return
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.email, user.name, user.phone = f"erased-user-{user.pk}@erased.invalid", STAND_IN, ""
    user.is_active = False
    user.set_unusable_password()
    user.save()


def _forget_imports(stand_ins):
    """Rows of spreadsheets that name them are emptied, and the files that held these rows go."""
    naming = Q(pk__in=[])
    for text in stand_ins:
        naming |= Q(title__icontains=text) | Q(said__icontains=text)
    said = Concat(
        *(Cast(name, TextField()) for name in ("texts", "corrections", "values")), output_field=TextField()
    )
    rows = list(ImportRow.objects.annotate(said=said).filter(naming).values_list("pk", "batch"))
    ImportRow.objects.filter(pk__in=[pk for pk, _batch in rows]).update(**EMPTY_ROW)
    for batch in ImportBatch.objects.filter(pk__in={batch for _pk, batch in rows}).select_related("file"):
        transaction.on_commit(batch.file.discard_content)
