"""Every address × every role × own and other's object: who gets in, written out by hand.

An address that is missing from the table fails the test, so that nobody adds a door without saying who it is for.
"""

import tempfile
from pathlib import Path

from django.conf import settings
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from participants import renewals, replies
from participants.workflow import consents, followups
from partners.models import MouParty
from portal.accounts.invitations import token_for
from portal.accounts.roles import Role
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateCount
from programs import answer_links, calendar_links, calls, evaluating, paper_links
from programs.models import Call, Release
from programs.workflow import calendar_feeds
from tests import factories
from tests.architecture.test_names import SCREENS
from tests.conftest import TODAY

TEAM = {"administrator", "manager", "officer", "viewer"}
OFFICERS = TEAM - {"viewer"}
MANAGERS = {"administrator", "manager"}
SIGNED_IN = TEAM | {"coordinator", "contact", "trainee", "nobody"}
EVERYONE = SIGNED_IN | {"anonymous"}
ROLES = sorted(EVERYONE)

# Who gets in. A pair: for other people's objects, and in addition for one's own.
DOORS = {
    "public:home": EVERYONE,
    "public:verify": EVERYONE,
    "public:verify-code": EVERYONE,
    "public:verify-badge": EVERYONE,
    "public:issuer": EVERYONE,
    "public:issuer-keys": EVERYONE,
    "public:issuer-revoked": EVERYONE,
    "public:accessibility": EVERYONE,
    "public:privacy": EVERYONE,
    "desk:health": EVERYONE,
    "desk:today": SIGNED_IN,
    "desk:search": SIGNED_IN,
    "desk:access-list": MANAGERS,
    "desk:access-review": MANAGERS,
    "desk:user-list": OFFICERS,
    "desk:user-invite": OFFICERS,
    "desk:user-detail": OFFICERS,
    "desk:user-invite-again": OFFICERS,
    "desk:user-give-role": OFFICERS,
    "desk:user-take-role": OFFICERS,
    "desk:user-deactivate": OFFICERS,
    "desk:user-reactivate": OFFICERS,
    "programs:program-list": TEAM,
    "programs:program-detail": TEAM,
    "programs:program-create": OFFICERS,
    "programs:program-edit": OFFICERS,
    "programs:program-brands": OFFICERS,
    "programs:program-criteria": OFFICERS,
    "programs:program-archive": OFFICERS,
    "programs:program-restore": OFFICERS,
    "programs:cohort-list": TEAM,
    "programs:cohort-create": OFFICERS,
    "programs:cohort-edit": OFFICERS,
    "programs:cohort-bulk": OFFICERS,
    "programs:cohort-copy": OFFICERS,
    "programs:cohort-nominations": OFFICERS,
    "programs:cohort-nominations-template": OFFICERS,
    "programs:cohort-quotas": OFFICERS,
    "programs:headcount-create": OFFICERS,
    "programs:headcount-edit": OFFICERS,
    "programs:headcount-delete": OFFICERS,
    "programs:cohort-detail": TEAM,
    "programs:cohort-trainees": TEAM,
    "programs:cohort-selection": TEAM,
    "programs:cohort-decide": OFFICERS,
    "programs:attendance-day": OFFICERS | {"coordinator"},
    "programs:cohort-attendance": TEAM,
    "programs:cohort-evaluations": TEAM,
    "programs:cohort-completion": TEAM,
    "programs:evaluation-reply": EVERYONE,
    "programs:evaluation-detail": (TEAM, {"coordinator"}),
    "programs:evaluation-answer": OFFICERS,
    "programs:evaluation-miss": OFFICERS,
    "programs:evaluation-waive": OFFICERS,
    "programs:enrollment-exempt": OFFICERS,
    "programs:enrollment-objectives": OFFICERS,
    "programs:feedback-reply": EVERYONE,
    "programs:result-list": TEAM | {"coordinator"},
    "programs:my-training": {"trainee", "administrator"},
    "programs:my-objectives": {"trainee", "administrator"},
    "programs:my-feedback": {"trainee", "administrator"},
    "programs:checkin-open": (OFFICERS, {"coordinator"}),
    "programs:checkin-show": (OFFICERS, {"coordinator"}),
    "programs:checkin-close": (OFFICERS, {"coordinator"}),
    "programs:checkin-scan": EVERYONE,
    "programs:my-check-in": {"administrator", "trainee"},
    "programs:cohort-calls": OFFICERS,
    "programs:call-revoke": OFFICERS,
    "programs:call-open": EVERYONE,
    "programs:call-nominate": EVERYONE,
    "programs:call-papers": EVERYONE,
    "programs:call-take-back": EVERYONE,
    "programs:cohort-reserve": OFFICERS,
    "programs:cohort-reviewers": OFFICERS,
    "programs:enrollment-review": TEAM,
    "programs:enrollment-waive-rules": OFFICERS,
    "programs:offer-pass-over": OFFICERS,
    "programs:cohort-placements": TEAM,
    "programs:cohort-print-placements": TEAM,
    "programs:cohort-schedule": TEAM,
    "programs:cohort-sessions": OFFICERS,
    "programs:cohort-sessions-template": OFFICERS,
    "programs:cohort-sessions-plan": OFFICERS,
    "programs:cohort-move-day": OFFICERS,
    "programs:cohort-release-schedule": (OFFICERS, {"coordinator"}),
    "programs:session-list": TEAM | {"coordinator"},
    "programs:session-create": (OFFICERS, {"coordinator"}),
    "programs:session-detail": (TEAM, {"coordinator"}),
    "programs:session-edit": (OFFICERS, {"coordinator"}),
    "programs:session-copy": (OFFICERS, {"coordinator"}),
    "programs:session-cancel": (OFFICERS, {"coordinator"}),
    "programs:session-reinstate": (OFFICERS, {"coordinator"}),
    "programs:session-remove": (OFFICERS, {"coordinator"}),
    "programs:session-attach": (OFFICERS, {"coordinator"}),
    "programs:sessionfile-take-out": (OFFICERS, {"coordinator"}),
    "programs:sessionfile-download": (TEAM, {"coordinator", "trainee"}),
    "programs:cohort-certificates": TEAM,
    "programs:cohort-follow-up": TEAM,
    "programs:cohort-mails": OFFICERS,
    "programs:cohort-history": TEAM,
    "programs:cohort-request-placements": OFFICERS,
    "programs:cohort-approve-certificates": MANAGERS,
    "programs:cohort-issue-certificates": OFFICERS,
    "programs:cohort-open-nominations": OFFICERS,
    "programs:cohort-close-nominations": OFFICERS,
    "programs:cohort-begin-placing": OFFICERS,
    "programs:cohort-start": OFFICERS,
    "programs:cohort-complete": OFFICERS,
    "programs:cohort-close": OFFICERS,
    "programs:cohort-cancel": OFFICERS,
    "programs:enrollment-create": OFFICERS,
    "programs:trainee-erase": MANAGERS,
    "programs:outcome-list": TEAM,
    "programs:enrollment-accept": OFFICERS,
    "programs:enrollment-put-on-reserve": OFFICERS,
    "programs:enrollment-reject": OFFICERS,
    "programs:enrollment-start-training": OFFICERS,
    "programs:enrollment-complete": OFFICERS,
    "programs:enrollment-fail": OFFICERS,
    "programs:enrollment-withdraw": OFFICERS,
    "programs:placement-to-answer": OFFICERS | {"coordinator"},
    "programs:placement-answer": EVERYONE,
    "programs:placement-answer-photo": EVERYONE,
    "programs:placement-answer-sheet": EVERYONE,
    "programs:placement-sheet": (TEAM, {"coordinator"}),
    "programs:placement-create": OFFICERS,
    "programs:placement-detail": (TEAM, {"coordinator"}),
    "programs:placement-photo": (TEAM, {"coordinator"}),
    "programs:placement-confirm": (OFFICERS, {"coordinator"}),
    "programs:placement-confirm-with-conditions": (OFFICERS, {"coordinator"}),
    "programs:placement-decline": (OFFICERS, {"coordinator"}),
    "programs:cohort-proposal": OFFICERS,
    "programs:proposal-keep": OFFICERS,
    "programs:proposal-drop": OFFICERS,
    "programs:cohort-conditions": TEAM,
    "programs:cohort-hostings": TEAM,
    "programs:cohort-ask-hostings": OFFICERS,
    "programs:hosting-answer": EVERYONE,
    "programs:hosting-list": OFFICERS | {"coordinator"},
    "programs:hosting-edit": (OFFICERS, {"coordinator"}),
    "programs:enrollment-wishes": OFFICERS,
    "programs:placement-take-back": (OFFICERS, {"coordinator"}),
    "programs:placement-move": OFFICERS,
    "programs:placement-split": OFFICERS,
    "programs:placement-swap": OFFICERS,
    "programs:placement-cancel": OFFICERS,
    "programs:placement-propose": (OFFICERS, {"coordinator"}),
    "programs:placement-forward": (OFFICERS, {"coordinator"}),
    "programs:placement-promise": (OFFICERS, {"coordinator"}),
    "programs:placement-note-call": OFFICERS,
    "programs:placement-choose-supervisor": (OFFICERS, {"coordinator"}),
    "programs:placement-take-proposal": OFFICERS,
    "programs:placement-refuse-proposal": OFFICERS,
    "programs:placement-reschedule": OFFICERS,
    "programs:placement-shorten": OFFICERS,
    "programs:placement-suspend": OFFICERS,
    "programs:cohort-releases": TEAM,
    "programs:release-detail": TEAM,
    "programs:cohort-hand-over-certificates": OFFICERS,
    "programs:cohort-print-certificates": OFFICERS,
    "programs:signatory-list": MANAGERS,
    "programs:signatory-create": MANAGERS,
    "programs:signatory-edit": MANAGERS,
    "programs:signatory-mark": MANAGERS,
    "programs:signatorymark-picture": MANAGERS,
    "programs:certificate-list": TEAM,
    "programs:certificate-detail": TEAM,
    "programs:certificate-ask-revocation": OFFICERS,
    "programs:certificate-keep-valid": OFFICERS,
    "programs:certificate-reissue": MANAGERS,
    "programs:certificate-enter-correction": OFFICERS,
    "programs:certificate-accept-correction": MANAGERS,
    "programs:certificate-decline-correction": OFFICERS,
    "programs:certificate-approve": MANAGERS,
    "programs:certificate-issue": OFFICERS,
    "programs:certificate-revoke": MANAGERS,
    "programs:certificate-download": (TEAM, {"trainee"}),
    "programs:cohort-papers": OFFICERS,
    "programs:cohort-ask-papers": OFFICERS,
    "programs:paper-upload": EVERYONE,
    "programs:enrollment-papers": ({"administrator"}, {"contact"}),
    "programs:my-papers": {"trainee", "administrator"},
    "programs:my-wishes": {"trainee", "administrator"},
    "programs:my-schedule": {"trainee", "administrator"},
    "programs:my-schedule-worker": EVERYONE,
    "programs:my-calendar": TEAM | {"coordinator", "trainee"},
    "programs:my-calendar-end": TEAM | {"coordinator", "trainee"},
    "programs:calendar-feed": EVERYONE,
    "programs:my-certificates": {"trainee", "administrator"},
    "programs:my-certificate-correction": (set(), {"trainee"}),
    "participants:trainee-list": TEAM,
    "participants:trainee-create": OFFICERS,
    "participants:trainee-detail": TEAM,
    "participants:trainee-photo": (TEAM, {"trainee"}),
    "participants:trainee-edit": OFFICERS,
    "participants:trainee-merge": OFFICERS,
    "participants:duplicate-list": TEAM,
    "participants:duplicate-look": OFFICERS,
    "participants:duplicate-detail": TEAM,
    "participants:duplicate-not-same": OFFICERS,
    "participants:trainee-papers": OFFICERS,
    "participants:document-check": OFFICERS,
    "participants:document-check-again": OFFICERS,
    "participants:document-refuse": OFFICERS,
    "participants:document-download": (OFFICERS, {"trainee"}),
    "participants:my-profile": {"trainee", "administrator"},
    "participants:my-passport": {"trainee", "administrator"},
    "participants:my-consents": {"trainee", "administrator"},
    "participants:my-consent-withdraw": {"trainee"},
    "participants:passport-find": OFFICERS,
    "participants:passport-edit": OFFICERS,
    "participants:passport-erase": OFFICERS,
    "participants:passport-reveal": OFFICERS,
    "participants:graduation-list": TEAM,
    "participants:graduation-create": OFFICERS,
    "participants:graduation-detail": TEAM,
    "participants:graduation-post": OFFICERS,
    "participants:graduation-visit": OFFICERS,
    "participants:consent-renew": EVERYONE,
    "participants:followup-list": TEAM,
    "participants:followup-detail": TEAM,
    "participants:followup-reply": EVERYONE,
    "participants:followup-open-followup": OFFICERS,
    "participants:followup-answer": OFFICERS,
    "participants:followup-miss": OFFICERS,
    "participants:followup-waive": OFFICERS,
    "participants:my-followups": {"trainee", "administrator"},
    "participants:my-followup": (set(), {"trainee"}),
    "partners:region-list": TEAM | {"contact"},
    "partners:region-detail": (TEAM, {"contact"}),
    "partners:region-create": OFFICERS,
    "partners:region-edit": OFFICERS,
    "partners:region-archive": OFFICERS,
    "partners:region-unarchive": OFFICERS,
    "partners:region-merge": OFFICERS,
    "partners:institution-list": TEAM | {"contact"},
    "partners:institution-detail": (TEAM, {"contact"}),
    "partners:institution-create": OFFICERS,
    "partners:institution-edit": OFFICERS,
    "partners:institution-archive": OFFICERS,
    "partners:institution-unarchive": OFFICERS,
    "partners:institution-merge": OFFICERS,
    "partners:contact-list": TEAM,
    "partners:contact-detail": TEAM,
    "partners:contact-create": OFFICERS,
    "partners:contact-edit": OFFICERS,
    "partners:contact-archive": OFFICERS,
    "partners:contact-unarchive": OFFICERS,
    "partners:contact-merge": OFFICERS,
    "partners:contact-invite": OFFICERS,
    "partners:mou-list": TEAM | {"contact"},
    "partners:mou-timeline": TEAM | {"contact"},
    "partners:mou-create": OFFICERS,
    "partners:mou-detail": (TEAM, {"contact"}),
    "partners:mou-edit": OFFICERS,
    "partners:mou-sign": OFFICERS,
    "partners:mou-renew": OFFICERS,
    "partners:mou-amend": OFFICERS,
    "partners:mou-terminate": OFFICERS,
    "partners:mou-add-scan": OFFICERS,
    "partners:mou-download": (TEAM, {"contact"}),
    "hospitals:hospital-list": TEAM | {"coordinator"},
    "hospitals:hospital-detail": (TEAM, {"coordinator"}),
    "hospitals:hospital-create": OFFICERS,
    "hospitals:hospital-edit": OFFICERS,
    "hospitals:hospital-address": (TEAM, {"coordinator"}),
    "hospitals:hospital-history": (OFFICERS, {"coordinator"}),
    "hospitals:hospital-archive": OFFICERS,
    "hospitals:hospital-unarchive": OFFICERS,
    "hospitals:hospital-merge": OFFICERS,
    "hospitals:department-create": (OFFICERS, {"coordinator"}),
    "hospitals:department-edit": (OFFICERS, {"coordinator"}),
    "hospitals:department-archive": (OFFICERS, {"coordinator"}),
    "hospitals:department-unarchive": (OFFICERS, {"coordinator"}),
    "hospitals:closure-create": (OFFICERS, {"coordinator"}),
    "hospitals:closure-edit": (OFFICERS, {"coordinator"}),
    "hospitals:closure-remove": (OFFICERS, {"coordinator"}),
    "hospitals:clinician-create": (OFFICERS, {"coordinator"}),
    "hospitals:clinician-edit": (OFFICERS, {"coordinator"}),
    "hospitals:clinician-archive": (OFFICERS, {"coordinator"}),
    "hospitals:clinician-unarchive": (OFFICERS, {"coordinator"}),
    "hospitals:coordinator-invite": OFFICERS,
    "hospitals:coordinator-end": OFFICERS,
    "hospitals:specialty-list": TEAM | {"coordinator"},
    "hospitals:specialty-create": OFFICERS,
    "hospitals:specialty-detail": TEAM | {"coordinator"},
    "hospitals:specialty-edit": OFFICERS,
    "hospitals:specialty-merge": OFFICERS,
    "hospitals:specialty-archive": OFFICERS,
    "hospitals:specialty-unarchive": OFFICERS,
    "mail:outgoingmail-list": OFFICERS,
    "mail:outgoingmail-detail": OFFICERS,
    "mail:outgoingmail-cancel": OFFICERS,
    "mail:outgoingmail-retry": OFFICERS,
    "mail:outgoingmail-settle": OFFICERS,
    "mail:outgoingmail-reword": OFFICERS,
    "mail:outgoingmail-send-now": OFFICERS,
    "mail:outgoingmail-retry-selected": OFFICERS,
    "mail:outgoingmail-cancel-selected": OFFICERS,
    "mail:wording-list": OFFICERS,
    "mail:wording-detail": OFFICERS,
    "mail:wording-edit": OFFICERS,
    "mail:wording-restore": OFFICERS,
    "mail:mailing-detail": OFFICERS,
    "mail:mailing-call-back": OFFICERS,
    "mail:mailing-release": OFFICERS,
    "records:importbatch-list": OFFICERS,
    "records:importbatch-create": OFFICERS,
    "records:importbatch-template": OFFICERS,
    "records:importbatch-detail": OFFICERS,
    "records:importbatch-columns": OFFICERS,
    "records:importbatch-check": OFFICERS,
    "records:importbatch-row": OFFICERS,
    "records:importbatch-write": OFFICERS,
    "records:importbatch-revert": OFFICERS,
    "records:importbatch-abandon": OFFICERS,
    "records:importbatch-left-out": OFFICERS,
    "records:importbatch-download": OFFICERS,
    "ui:catalogue": TEAM,
    "ui:theme-set": EVERYONE,
    "accounts:invitation-accept": EVERYONE,
    "accounts:profile": SIGNED_IN,
    "accounts:language-set": EVERYONE,
}
# These are for somebody who is out, or has never been in.
STAND_INS = {
    "desk:user-reactivate": "gone",
    "desk:user-invite-again": "guest",
    "hospitals:hospital-unarchive": "archived_hospital",
    "hospitals:department-unarchive": "archived_department",
    "hospitals:clinician-unarchive": "archived_clinician",
    "hospitals:specialty-unarchive": "archived_specialty",
}
KEYS = ("enrollment", "cohort", "file", "hospital", "department", "session", "placement")
NAMES = {f"{namespace}:{name}": address for namespace, name, address, _view in SCREENS}


def _who(door):
    """(for others' objects, for one's own)."""
    others, own = door if isinstance(door, tuple) else (door, set())
    return others, others | own


def _held(mail):
    """A mailing like the one a bulk act leaves behind."""
    with outbox.hold("Requests", by=PORTAL) as held:
        outbox.put(
            mail.kind, to=mail.recipient, about=mail.about, key=f"held:{mail.key}", context=mail.context
        )
    return held.mailing


class World:
    """Everything twice: what is the coordinator's, the trainee's and the contact's own, and what is somebody else's."""

    def __init__(self):
        self.users = {role: factories.make_user(Role(role)) for role in TEAM}
        self.users["nobody"] = factories.make_user([])
        self.own = self._half(factories.make_region("Mongolia"), factories.make_institution("Ours"))
        theirs = factories.make_region("Kazakhstan", country="KZ", time_zone="Asia/Almaty")
        self.other = self._half(theirs, factories.make_institution("Theirs", region=theirs))
        self.users |= {
            "coordinator": self.own["coordinator"].user,
            "contact": self.own["contact"].user,
            "trainee": self.own["trainee"].user,
        }

    def _half(self, region, institution):
        trainee = factories.make_trainee(user=True, institution=institution)
        department = factories.make_department()
        cohort = factories.make_cohort(state="placing")
        contact = factories.make_contact(institution=institution)
        enrollment = factories.make_enrollment(
            cohort=cohort, trainee=trainee, state="accepted", nominated_by=institution
        )
        placement = factories.make_placement(enrollment=enrollment, department=department, state="requested")
        cohort.hospitals.add(department.hospital)
        finished = factories.make_enrollment(trainee=trainee, state="completed")
        factories.make_passport(trainee)
        factories.make_document(trainee, "photo", state="checked")
        consents.give(trainee, by=trainee.user, purpose="passport", language="en")
        mou = factories.make_mou(institution=institution)
        scan = factories.make_scan(mou)
        assert MouParty.objects.filter(mou=mou).count() == 2
        return {
            "region": region,
            "institution": institution,
            "contact": contact,
            "calendar": calendar_feeds.make(by=trainee.user),
            "call": Call.objects.create(cohort=cohort, contact=contact),
            "mou": mou,
            "file": scan,
            "hospital": department.hospital,
            **self._put_away(department),
            "coordinator": factories.make_coordinator(department.hospital),
            "trainee": trainee,
            "document": factories.make_document(trainee),
            "passport": trainee,  # its screens are named by the person
            "program": cohort.program,
            "headcount": cohort.head_counts.create(count=ApproximateCount(4)),
            "cohort": cohort,
            "enrollment": enrollment,
            "offer": factories.make_offer(cohort=cohort),
            "placement": placement,
            "session": (session := factories.make_session(cohort, hospital=department.hospital)),
            "sessionfile": factories.make_session_file(session),
            "evaluation": factories.make_evaluation(placement),
            "checkin": factories.make_check_in(session),
            "proposal": factories.make_proposal(cohort),
            "release": Release.objects.create(cohort=cohort, kind="placements", number=1),
            "certificate": factories.make_certificate(enrollment=finished, state="issued"),
            "signatory": (mark := factories.make_mark()).signatory,
            "signatorymark": mark,
            "duplicate": factories.make_duplicate(),
            "graduation": finished.graduation,
            "followup": finished.graduation.follow_ups.first(),
            "asked": followups.open_followup(finished.graduation.follow_ups.last(), by=PORTAL),
            "outgoingmail": (mail := OutgoingMail.objects.order_by("-pk").first()),
            "mailing": _held(mail),
            "importbatch": factories.make_import(),
            "user": trainee.user,
            "gone": factories.make_user(Role.COORDINATOR, is_active=False),
            "guest": factories.make_user(),
        }

    @staticmethod
    def _put_away(department):
        """What belongs to the hospital, and a record of each kind that is archived."""
        hospital, day, now = department.hospital, clock.today(), clock.now()
        archived = factories.make_department(hospital=hospital, specialty="archived", archived_at=now)
        return {
            "department": department,
            "specialty": department.specialty,
            "closure": department.closures.create(first_day=day, last_day=day),
            "clinician": factories.make_clinician(hospital),
            "archived_hospital": factories.make_hospital(archived_at=now),
            "archived_department": archived,
            "archived_clinician": factories.make_clinician(hospital, archived_at=now),
            "archived_specialty": factories.make_specialty("put away", archived_at=now),
        }

    def address(self, name, half):
        """The address of a screen about this half's object."""
        resource = STAND_INS.get(name) or name.split(":")[1].removeprefix("my-").split("-")[0]
        wanted = {name: half[name] for name in KEYS} | {"pk": half.get(resource)}
        values = {
            key: obj.pk for key, obj in wanted.items() if obj is not None and f"<int:{key}>" in NAMES[name]
        }
        if "<slug:kind>" in NAMES[name]:
            kinds = {"wording": "certificate", "cohort": "placements"}
            values["kind"] = kinds.get(resource, "institutions")
        if "<str:language>" in NAMES[name]:
            values["language"] = "ko"
        if "<int:version>" in NAMES[name]:
            values["version"] = 0
        if "<str:code>" in NAMES[name]:
            values["code"] = half["certificate"].code
        if "<slug:action>" in NAMES[name]:
            values["action"] = "withdraw"
        if "<slug:purpose>" in NAMES[name]:
            values["purpose"] = "passport"
        if "<str:token>" in NAMES[name]:
            tokens = {
                "consent": lambda: renewals.token_for(
                    consents.give(half["trainee"], by=half["trainee"].user, purpose="graduate", language="en")
                ),
                "followup": lambda: replies.token_for(half["asked"]),
                "evaluation": lambda: evaluating.token_for_evaluation(
                    half["evaluation"], ("coordinator", half["coordinator"].pk)
                ),
                "feedback": lambda: evaluating.token_for_feedback(half["enrollment"], clock.today()),
                "paper": lambda: paper_links.token_for(half["enrollment"]),
                "call": lambda: calls.token_for(half["call"]),
                "placement": lambda: answer_links.token_for(half["coordinator"], half["cohort"]),
                "hosting": lambda: answer_links.token_for(half["coordinator"], half["cohort"]),
                "calendar": lambda: calendar_links.token_for(half["calendar"]),
                "invitation": lambda: token_for(half["guest"]),
            }
            values["token"] = tokens[resource]()
        if "<int:number>" in NAMES[name]:
            values["number"] = half["importbatch"].heading_row + 1
        return reverse(name, kwargs=values)


class Doors(TestCase):
    @classmethod
    def setUpTestData(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        private = {
            **settings.STORAGES["private"],
            "OPTIONS": {"location": Path(folder.name), "base_url": None},
        }
        cls.storages = {**settings.STORAGES, "private": private}
        with override_settings(STORAGES=cls.storages), clock.at(TODAY):
            cls.world = World()
        cls.clients = {role: Client() for role in ROLES}
        for role, user in cls.world.users.items():
            cls.clients[role].force_login(user)

    def ask(self, role, address, method):
        """The status of the answer; a way to the sign-in page counts as refused."""
        answer = getattr(self.clients[role], method)(address)
        if answer.streaming:
            list(answer)  # a file is closed when it has been read to its end
        to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
        return 401 if to_sign_in else answer.status_code

    def walk(self, half, allowed, method, refused_only=False):
        wrong = []
        with override_settings(STORAGES=self.storages):
            for name, door in DOORS.items():
                address = self.world.address(name, half)
                if half is self.world.other and address == self.world.address(name, self.world.own):
                    continue  # about no object: walked with one's own already
                for role in ROLES:
                    welcome = role in allowed(door)
                    if welcome and refused_only:
                        continue
                    status = self.ask(role, address, method)
                    if (status not in (401, 403, 404)) != welcome:
                        wrong.append(f"{method} {name} as {role}: {status}")
        assert wrong == []

    def test_everybody_gets_in_where_they_belong_and_nowhere_else(self):
        self.walk(self.world.own, lambda door: _who(door)[1], "get")

    def test_nobody_reaches_what_is_somebody_elses(self):
        self.walk(self.world.other, lambda door: _who(door)[0], "get")

    def test_a_refused_role_cannot_post_either(self):
        self.walk(self.world.own, lambda door: _who(door)[1], "post", refused_only=True)
        self.walk(self.world.other, lambda door: _who(door)[0], "post", refused_only=True)


def test_every_address_is_in_the_table():
    assert sorted(NAMES) == sorted(DOORS)


def test_every_view_has_a_guard():
    assert [name for namespace, name, _address, view in SCREENS if not getattr(view, "guard", None)] == []
