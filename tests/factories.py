"""People, places and papers for tests, made by the workflow verbs where there is one, so that they are legal."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import count

from hospitals.models import Clinician, Coordinator, Department, Hospital, Specialty
from participants import passports, scans, workflow
from participants.models import Consent, Duplicate, Graduation, Trainee
from partners.imports import InstitutionImport
from partners.models import Contact, Institution, Mou, MouParty, Region
from partners.workflow import mous
from portal.accounts.roles import Role
from portal.accounts.workflow import create_user
from portal.desk.demo import specimen
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateCount, ApproximateDate
from portal.records.imports import workflow as imports
from portal.records.uploads import Upload
from programs.models import Certificate, Evaluation, Placement, Program, Session, Signatory
from programs.workflow import (
    certificates,
    check_ins,
    cohorts,
    enrollments,
    evaluations,
    hostings,
    placements,
    proposals,
    schedule_releases,
    session_files,
    signatories,
)

_numbers = count(1)
# A Monday; the usual cohort of the tests begins here and lasts four weeks.
MONDAY = date(2026, 11, 2)
FRIDAY = date(2026, 11, 27)


def make_user(role=Role.OFFICER, *, email=None, name=None, language="en", **fields):
    """A user of that role who can sign in. `role` may be a list."""
    number = next(_numbers)
    return create_user(
        email or f"person{number}@example.org",
        name=name or f"Person {number}",
        roles=role if isinstance(role, list) else [role],
        by=None,
        language=language,
        **fields,
    )


def make_region(name="Mongolia", **fields):
    country = {"level": "country", "country": "MN", "time_zone": "Asia/Ulaanbaatar"}
    return Region.objects.get_or_create(name=name, defaults={**country, **fields})[0]


def make_institution(name="First National Hospital", *, region=None, **fields):
    return Institution.objects.get_or_create(
        name=name, region=region or make_region(), defaults={"kind": Institution.Kind.HOSPITAL, **fields}
    )[0]


def make_contact(*, institution=None, **fields):
    """A contact with a login at the institution."""
    user = make_user(Role.CONTACT)
    institution = institution or make_institution()
    return Contact.objects.create(
        institution=institution, office="Training office", user=user, email=user.email, **fields
    )


def make_hospital(name=None, **fields):
    number = next(_numbers)
    return Hospital.objects.create(name=name or f"Hospital {number}", **{"city": "Suwon", **fields})


def make_specialty(name="surgery", **fields):
    return Specialty.objects.get_or_create(name=name, defaults=fields)[0]


def make_department(*, hospital=None, specialty="surgery", seats=2, **fields):
    return Department.objects.create(
        hospital=hospital or make_hospital(), specialty=make_specialty(specialty), seats=seats, **fields
    )


def make_coordinator(hospital, *, user=None, **fields):
    """A user who answers for the hospital; the Coordinator row, whose `.user` signs in."""
    return Coordinator.objects.create(hospital=hospital, user=user or make_user(Role.COORDINATOR, **fields))


def make_clinician(hospital=None, **fields):
    """A supervisor at the hospital."""
    number = next(_numbers)
    return Clinician.objects.create(
        hospital=hospital or make_hospital(),
        **{"name": f"Clinician {number}", "is_supervisor": True, **fields},
    )


def make_mou(*, institution=None, **fields):
    mou = Mou.objects.create(**{"signed": ApproximateDate(2023, 8), **fields})
    MouParty.objects.create(mou=mou, side=MouParty.Side.GYEONGGI, is_province=True)
    MouParty.objects.create(
        mou=mou, side=MouParty.Side.PARTNER, institution=institution or make_institution()
    )
    return mou


def make_scan(mou, content=b"%PDF-1.7", *, name="mou.pdf"):
    """The next version of the MOU's paper."""
    return mous.add_scan(mou, by=PORTAL, scan=Upload(content, name, "application/pdf"))


def make_program(name="Clinical training", **fields):
    return Program.objects.get_or_create(
        name=name, defaults={"kind": Program.Kind.INVITATION, "papers": [], **fields}
    )[0]


def make_cohort(*, state="planning", program=None, starts=MONDAY, ends=FRIDAY, **fields):
    """A cohort, brought by its verbs to planning, nominating, selecting or placing; further by `advance`."""
    number = next(_numbers)
    cohort = cohorts.plan(
        program or make_program(),
        by=PORTAL,
        code=f"cohort-{number}",
        name=f"Cohort {number}",
        starts=ApproximateDate.of(starts),
        ends=ApproximateDate.of(ends),
        **fields,
    )
    return advance(cohort, state)


def advance(cohort, state):
    """Use the verbs of the cohort's life until it stands at `state`; the days pass as they need to."""
    steps = {
        "planning": cohorts.open_nominations,
        "nominating": cohorts.close_nominations,
        "selecting": cohorts.begin_placing,
        "placing": cohorts.start,
        "running": cohorts.complete,
        "completed": cohorts.close,
    }
    days = {"placing": cohort.first_day, "running": cohort.last_day}
    while cohort.state != state:
        with not_before(days.get(cohort.state)), _somebody_in(cohort):
            steps[cohort.state](cohort, by=PORTAL)
    return cohort


def not_before(day):
    """The clock as it stands, or at `day` where that is still to come."""
    return clock.at(day if day and clock.today() < day else clock.now())


@contextmanager
def _somebody_in(cohort):
    """Nominations close on nobody: for a test that needs no person, a number stands in while the verb runs."""
    stand_in = None
    if cohort.state == "nominating" and not cohort.enrollments.exists():
        stand_in = cohort.head_counts.create(count=ApproximateCount(1))
    yield
    if stand_in:
        stand_in.delete()


def make_trainee(name=None, *, user=False, **fields):
    """A trainee; `user=True` gives them a login, `user=<User>` that one."""
    number = next(_numbers)
    name = name or f"Trainee {number}"
    email = fields.pop("email", f"trainee{number}@example.org")
    if user is True:
        user = make_user(Role.TRAINEE, email=email, name=name)
    fields.setdefault("institution", make_institution())
    return Trainee.objects.create(passport_name=name, email=email, user=user or None, **fields)


def make_consent(trainee, purpose, *, action="given", at=None):
    """What somebody has said on a purpose, now or at another time."""
    return Consent.objects.create(
        trainee=trainee,
        purpose=purpose,
        action=action,
        version="2026-11",
        language="en",
        by_name="they",
        at=at or clock.now(),
    )


def make_passport(trainee=None, number=None, *, consent=False, **facts):
    """The passport of a trainee, sent by their institution; `consent=True` where they have agreed themselves."""
    trainee = trainee or make_trainee()
    if consent:
        make_consent(trainee, "passport")
    number = passports.normalize(number or f"E{next(_numbers):07}")
    facts.setdefault("sent_by", trainee.institution)
    return workflow.passports.enter(trainee, by=PORTAL, number=number, **facts)


A_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def make_document(trainee=None, kind="cv", *, state="received", reason="cut off", expires=None):
    """A paper of a trainee at received, checked or refused."""
    scan = scans.Scan(A_PDF, "application/pdf", "pdf")
    document = workflow.documents.receive(
        trainee or make_trainee(), by=PORTAL, kind=kind, scan=scan, expires=expires
    )
    if state == "checked":
        workflow.documents.check(document, by=make_user(Role.OFFICER))
    if state == "refused":
        workflow.documents.refuse(document, by=make_user(Role.OFFICER), reason=reason)
    return document


def make_enrollment(*, cohort=None, trainee=None, state="nominated", **fields):
    """An enrollment at nominated, accepted, reserve, in_training or completed."""
    cohort = cohort or make_cohort(state="nominating")
    enrollment = enrollments.nominate(cohort, trainee or make_trainee(), by=PORTAL, **fields)
    if state in ("accepted", "in_training", "completed"):
        enrollments.accept(enrollment, by=PORTAL)
    if state == "reserve":
        enrollments.put_on_reserve(enrollment, by=PORTAL)
    if state in ("in_training", "completed"):
        with not_before(cohort.first_day):
            enrollments.start_training(enrollment, by=PORTAL)
    if state == "completed":
        with clock.at(cohort.last_day):
            enrollments.complete(enrollment, by=PORTAL)
    return enrollment


def make_proposal(cohort=None, **choices):
    """A proposal that was asked for and is not worked out yet."""
    cohort = cohort or make_cohort(state="nominating")
    return proposals.ask(cohort, by=make_user(Role.OFFICER), **{"stay_weeks": 2, **choices})


def make_hosting(cohort=None, hospital=None, *, interest="yes", **facts):
    """What a hospital offers to a cohort that it hosts."""
    cohort, hospital = cohort or make_cohort(), hospital or make_hospital()
    cohort.hospitals.add(hospital)
    return hostings.say(cohort, hospital, by=make_user(Role.OFFICER), interest=interest, **facts)


def make_offer(*, cohort=None):
    """The seat of somebody who withdrew, offered to somebody on the reserve list."""
    cohort = cohort or make_cohort(state="nominating")
    waiting = make_enrollment(cohort=cohort, state="reserve")
    enrollments.withdraw(make_enrollment(cohort=cohort, state="accepted"), by=PORTAL, reason="ill")
    return waiting.offers.get()


def make_placement(
    *,
    enrollment=None,
    department=None,
    state="draft",
    first_day=MONDAY,
    last_day=FRIDAY,
    half="whole",
    reason="no seat",
):
    """A placement at draft, requested, confirmed, with_conditions, declined or cancelled."""
    enrollment = enrollment or make_enrollment(state="accepted")
    placement = placements.draft(
        enrollment, department or make_department(), first_day, last_day, by=PORTAL, half=half
    )
    if state not in ("draft", "cancelled"):
        placements.request(placement, by=PORTAL)
    answers = {
        "confirmed": lambda: placements.confirm(placement, by=PORTAL),
        "with_conditions": lambda: placements.confirm_with_conditions(
            placement, by=PORTAL, conditions=reason
        ),
        "declined": lambda: placements.decline(placement, by=PORTAL, reason=reason),
        "cancelled": lambda: placements.cancel(placement, by=PORTAL, reason=reason),
    }
    if state in answers:
        answers[state]()
    return placement


def make_talk(
    cohort=None, title="Case talk", *, starts_at=None, hours=1, trainees=(), released=True, **fields
):
    """A lecture on the cohort's second Tuesday at 16:00, released unless it is to stay a plan."""
    cohort = cohort or make_cohort(state="nominating")
    starts_at = starts_at or datetime(2026, 11, 10, 16, tzinfo=clock.SEOUL)
    fields.setdefault("ends_at", starts_at + timedelta(hours=hours))
    session = Session.objects.create(
        cohort=cohort,
        title=title,
        starts_at=starts_at,
        whole_cohort=not trainees,
        **{"kind": "lecture", **fields},
    )
    session.trainees.set(trainees)
    return release(session) if released else session


def release(session):
    """Take the session's plan as released, without a word to anybody; the session as it is then."""
    schedule_releases.hand_out([session], clock.now())
    session.refresh_from_db()
    return session


def put_draft(enrollment, *, department=None, first_day=MONDAY, last_day=FRIDAY):
    """A draft put into the table without its verb, as older data may have them: two may share their days."""
    return Placement.objects.create(
        enrollment=enrollment,
        department=department or make_department(),
        first_day=first_day,
        last_day=last_day,
    )


def make_session(cohort, *, day=MONDAY, hour=14, hours=2, released=True, **fields):
    """A lecture in Seoul for the whole cohort, on its first day at two in the afternoon, told to everybody."""
    starts_at = datetime.combine(day, time(hour), clock.SEOUL)
    facts = {"kind": "lecture", "title": f"Session {next(_numbers)}", **fields}
    session = Session.objects.create(
        cohort=cohort, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), **facts
    )
    return release(session) if released else session


def make_session_file(session, content=b"%PDF-1.7\nread me", *, name="reading.pdf", released=True):
    """A PDF to read before the session, which is released with it unless it is to stay a plan."""
    upload = Upload(content, name, "application/pdf")
    attached = session_files.attach(session, by=make_user(), upload=upload)
    if released:
        release(session)
        attached.refresh_from_db()
    return attached


def make_check_in(session, *, by=None, minutes=10):
    """Opened by an officer as the session begins."""
    with clock.at(session.starts_at):
        return check_ins.open_check_in(session, by=by or make_user(), minutes=minutes)


def make_evaluation(placement, *, state="open", mark=4):
    """What a supervisor was asked at the end of the placement."""
    evaluation = Evaluation(placement=placement, due=placement.last_day + timedelta(days=14))
    evaluation.save()
    with not_before(placement.last_day):
        if state == "answered":
            marks = dict.fromkeys(Evaluation.MARKS, mark)
            evaluations.answer(evaluation, by=PORTAL, who="Prof. Kwon", channel="phone", **marks)
        if state == "missed":
            evaluations.miss(evaluation, by=PORTAL)
        if state == "waived":
            evaluations.waive(evaluation, by=PORTAL, reason="the department was closed")
    return evaluation


def make_certificate(*, enrollment=None, state="eligible", approver=None, issued_on=None):
    """A certificate at eligible, approved, issued or revoked."""
    enrollment = enrollment or make_enrollment(state="completed")
    certificate = Certificate.objects.get(enrollment=enrollment)
    approver = approver or make_user(Role.MANAGER)
    with clock.at(issued_on or clock.now()):
        if state in ("approved", "issued", "revoked"):
            certificates.approve(certificate, by=approver)
        if state in ("issued", "revoked"):
            certificates.issue(certificate, by=PORTAL)
        if state == "revoked":
            asker = make_user(Role.OFFICER)
            certificates.ask_revocation(certificate, by=asker, reason="issued by mistake")
            certificates.revoke(certificate, by=approver)
    return certificate


def make_signatory(name="Dr. Specimen Governor", *, since=date(2026, 1, 1), **fields):
    words = {"name_ko": "견본 도지사", "title": "Governor of Gyeonggi Province", "title_ko": "경기도지사"}
    return Signatory.objects.create(name=name, since=since, **{**words, **fields})


def make_mark(signatory=None, *, kind="signature", content=None):
    """A signature (or seal) of a signatory, in its next version."""
    drawn = content or {"signature": specimen.signature, "seal": specimen.seal}[kind]()
    signatory = signatory or Signatory.objects.first() or make_signatory()
    return signatories.put_mark(signatory, by=make_user(Role.MANAGER), kind=kind, content=drawn)


def make_duplicate(one=None, other=None, **fields):
    """Two people who look like one."""
    pair = sorted([one or make_trainee(), other or make_trainee()], key=lambda person: person.pk)
    return Duplicate.objects.create(
        one=pair[0],
        other=pair[1],
        **{"strength": "strong", "evidence": ["name_same", "birth_same"], **fields},
    )


def make_graduation(*, trainee=None, completed="2016", **fields):
    return Graduation.objects.create(
        trainee=trainee or make_trainee(), completed=ApproximateDate.of(completed), **fields
    )


def week(number, *, of=MONDAY):
    """(Monday, Friday) of the cohort's week `number`, counted from one."""
    monday = of + timedelta(weeks=number - 1)
    return monday, monday + timedelta(days=4)


def make_import(kind=InstitutionImport, text=None, *, name="list.csv", by=None, **fields):
    """A file that was uploaded and checked; by default one institution nobody knows."""
    text = text or "Name,Kind,Region\nSecond Hospital,hospital,Mongolia\n"
    make_region()
    data = text if isinstance(text, bytes) else text.encode()
    batch = imports.upload(data, name, kind, by=by or make_user(), **fields)
    if batch.state == "checking":
        imports.start_checking(batch)
    batch.refresh_from_db()
    return batch
