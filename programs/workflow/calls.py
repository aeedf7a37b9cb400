"""Inviting partner contacts to nominate, and what they do with it: put people forward, hand in papers, take back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from participants import duplicates
from participants.models import Document, Passport
from participants.passports import index_of
from participants.workflow import documents, passports, trainees
from portal.accounts.roles import Permission
from portal.mail import outbox
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record
from programs import calls, eligibility
from programs.checklists import STILL_IN
from programs.models import Call, Cohort, Enrollment

from . import enrollments


def _require(by, permission):
    if not by.has(permission):
        raise PermissionDenied


# The team ------------------------------------------------------------------------------------------


def invite(cohort, contacts, *, by):
    """Invite these contacts to nominate, each by a mail with a link of their own. Returns the Hold with the mails.

    Who is invited already gets the mail again. Raises NotNow while nobody may nominate.
    """
    _require(by, Permission.RUN_COHORTS)
    with outbox.hold(_("Invitations to nominate: %s") % cohort, by=by) as held, transaction.atomic():
        cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
        _refuse_closed(cohort)
        for contact in contacts:
            call, is_new = Call.objects.get_or_create(cohort=cohort, contact=contact, revoked_at=None)
            if is_new:
                record(cohort, "call", by=by, data={"contact": contact.pk})
            stamp = f"{clock.now():%Y%m%dT%H%M%S%f}"
            outbox.put(
                "nomination_call",
                to=contact,
                about=cohort,
                key=f"call:{call.pk}:{stamp}",
                context={"call": call.pk},
            )
    return held


@transaction.atomic
def revoke(call, *, by, reason):
    """Close the link at once. What was nominated by it stays."""
    _require(by, Permission.RUN_COHORTS)
    kept = Call.objects.select_for_update(no_key=True, of=("self",)).for_list().get(pk=call.pk)
    if kept.revoked_at is not None:
        raise NotNow(_("It is revoked already."))
    kept.revoked_at, kept.revoked_reason = clock.now(), reason
    kept.save()
    record(kept.cohort, "revoke_call", by=by, reason=reason, data={"contact": kept.contact_id})


def _refuse_closed(cohort):
    if cohort.state != Cohort.State.NOMINATING:
        raise NotNow(_("The nominations for this cohort are not open."))
    day = calls.closes(cohort)
    if day is not None and clock.today() > day:
        raise NotNow(_("The nominations closed on %(day)s.") % {"day": date_format(day, "DATE_FORMAT")})


# The contact ---------------------------------------------------------------------------------------


def _lock(call):
    """The cohort and then the call, as they are now. Raises NotNow when nobody may nominate by it any more."""
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=call.cohort_id)
    kept = Call.objects.for_list().get(pk=call.pk)
    if kept.revoked_at is not None:
        raise NotNow(_("This invitation was revoked. Please write to the province."))
    _refuse_closed(cohort)
    return kept


@sensitive_variables("number")
@transaction.atomic
def put_forward(call, trainee, *, by, facts, others=(), number=None, replaces_number=False, letter=None):
    """Nominate somebody of the contact’s institution, within the deadline and the quota of the region.

    `trainee` is a person known there, or a new one; `others` look alike and were said to be somebody else. `number`
    is that of the passport, which takes the place of another one only where that was said, `letter` a Scan, `facts`
    say who recommends. `by` is who holds the link, or the contact signed in. Raises NotNow.
    """
    call = _lock(call)
    institution, actor = call.contact.institution, _in_the_name_of(by)
    if trainee.pk is not None and trainee.institution_id != institution.pk:
        raise PermissionDenied
    trainee.institution = institution
    full = eligibility.full_quotas(call.cohort, trainee, states=eligibility.IN_PLAY)
    if full:
        raise NotNow(full)
    if number is not None:
        _refuse_stranger(number, trainee)
        _refuse_another(number, trainee, replaces_number)
    if trainee.pk is None:
        _refuse_twin(trainee, number, others)
        trainees.register(trainee, by=actor, others=others)
    if number is not None:
        passports.enter(trainee, by=actor, number=number, sent_by=institution)
    enrollment = enrollments.nominate(call.cohort, trainee, by=actor, nominated_by=institution, **facts)
    if letter is not None:
        hand_in(enrollment, by=by, kind=Document.Kind.RECOMMENDATION, scan=letter)
    return enrollment


def _refuse_twin(trainee, number, others):
    """Look again under the lock: what was sent twice at one moment was looked for twice before either was there."""
    facts = duplicates.Facts(
        names=(trainee.passport_name, trainee.local_name),
        birth_date=trainee.birth_date,
        email=trainee.email,
        passport=index_of(number) if number is not None else "",
        institution=trainee.institution_id,
    )
    asked_about = {other.pk for other in others}
    own = [match.trainee for match in duplicates.find([facts])[0]]
    if any(twin.institution_id == trainee.institution_id and twin.pk not in asked_about for twin in own):
        raise NotNow(
            _(
                "Somebody who looks alike was put forward just now. Please look at your nominees before sending again."
            )
        )


def _refuse_stranger(number, trainee):
    """The number of somebody else’s passport: the contact learns nothing of whose."""
    passport = passports.find(number)
    if passport is not None and passport.trainee_id != trainee.pk:
        raise NotNow(
            _("The portal knows this passport already. Please write to the province, who will nominate.")
        )


def _refuse_another(number, trainee, replaces):
    """What is kept of a known person may have been checked: it is not written over by the way."""
    if not replaces and has_another_number(trainee, number):
        raise NotNow(_("Another passport number is kept of this person. Say whether this is a new passport."))


def has_another_number(trainee, number):
    """Whether a passport is kept of the person, with another number than this."""
    kept = Passport.objects.filter(trainee=trainee.pk).exclude(index=index_of(number))
    return trainee.pk is not None and kept.exists()


def _in_the_name_of(by):
    """The verbs below ask for rights of the team; the call gives them, and the trail keeps who held it."""
    return by if isinstance(by, System) else System(str(by)[:120], user=by)


@transaction.atomic
def hand_in(enrollment, *, by, kind, scan, expires=None):
    """Keep a paper that the institution sends for its nominee, while they may still come. Raises NotNow.

    `by` holds the link of a call of that institution, or is a contact of it.
    """
    if not isinstance(by, System) and not Enrollment.objects.visible_to(by).filter(pk=enrollment.pk).exists():
        raise PermissionDenied
    if enrollment.state not in STILL_IN:
        raise NotNow(_("No papers are needed of this person any more."))
    paper = {"kind": kind, "scan": scan, "expires": expires}
    return documents.receive(
        enrollment.trainee, by=_in_the_name_of(by), sent_by=enrollment.nominated_by, **paper
    )


@transaction.atomic
def take_back(call, enrollment, *, by, reason):
    """Withdraw one’s own nominee before it is decided."""
    call = _lock(call)
    _own(call, enrollment)
    if enrollment.state != Enrollment.State.NOMINATED:
        raise NotNow(_("It is decided already. Please write to the province."))
    enrollments.withdraw(enrollment, by=_in_the_name_of(by), reason=reason)


def _own(call, enrollment):
    if enrollment.cohort_id != call.cohort_id or enrollment.nominated_by_id != call.contact.institution_id:
        raise PermissionDenied
