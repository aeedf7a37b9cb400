"""Every kind of mail, whole in each language: what a reader on a phone, or one who listens, relies on."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.utils.html import escape

from participants.workflow import followups
from portal.accounts.roles import Role
from portal.desk import due
from portal.mail import kinds, outbox, render, wording, workflow
from portal.mail.invitations import invite
from portal.mail.models import OutgoingMail, Wording
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.approximate import ApproximateDate
from programs import evaluating
from programs.models import Cohort, Program
from programs.workflow import (
    calls,
    certificate_corrections,
    changes,
    enrollments,
    hostings,
    papers,
    placements,
    releases,
    reminders,
    requests,
    schedule_releases,
    waiting,
)
from tests import factories
from tests.untranslated import untranslated

pytestmark = pytest.mark.django_db
HANGUL = re.compile("[가-힣]")
NOMINATE_BY = date(2026, 10, 20)


def invitation():
    invite("seo@hospital.example", name="Seo Yu-na", roles=[Role.COORDINATOR], by=PORTAL)


def asked():
    """A cohort whose two drafts were asked for; returns the placements."""
    lead = factories.make_user(name="Kim Lead")
    cohort = factories.make_cohort(state="nominating", name_ko="2026년 가을 연수", lead_officer=lead)
    hospital = factories.make_hospital("Myongji Hospital", name_ko="명지병원")
    factories.make_coordinator(hospital, name="Park Ji-won")
    drafts = [
        factories.make_placement(
            enrollment=factories.make_enrollment(
                cohort=cohort, trainee=factories.make_trainee(name), state="accepted"
            ),
            department=factories.make_department(hospital=hospital, specialty=f"specialty {name}"),
            last_day=date(2026, 11, 20),
        )
        for name in ("Dilshod Rakhimov", "Nomin-Erdene Tsogt")
    ]
    requests.request_all(cohort, by=PORTAL)
    for draft in drafts:
        draft.refresh_from_db()
    return drafts


def cancelled():
    placements.cancel(asked()[0], by=PORTAL, reason="ill <today>")


def reminded():
    asked()
    with clock.at(clock.now() + timedelta(days=3)):
        reminders.due_work(say=lambda line: None)


def forwarded():
    placement = asked()[0]
    supervisor = factories.make_clinician(
        placement.department.hospital, name="Lee Seung-min", email="lee@hospital.example"
    )
    waiting.forward(placement, by=PORTAL, supervisor=supervisor)


def changed():
    placement = asked()[0]
    placements.confirm(placement, by=PORTAL)
    changes.shorten(
        placement, by=PORTAL, reason="ill <today>", first_day=date(2026, 11, 9), last_day=date(2026, 11, 20)
    )


def released():
    placement = asked()[0]
    placements.confirm(placement, by=PORTAL)
    releases.release(placement.enrollment.cohort, "placements", by=PORTAL, note="please <today>")


def evaluated():
    placement = asked()[0]
    placements.confirm(placement, by=PORTAL)
    evaluation = factories.make_evaluation(placement)
    person = evaluating.evaluators_of([placement])[placement.pk][0]
    outbox.put("evaluation_request", to=person, about=evaluation, key="evaluation")


def fed_back():
    with clock.at(date(2026, 9, 1)):
        cohort = factories.make_cohort(
            state="nominating",
            program=factories.make_program(needs_own_evaluation=True),
            starts=date(2026, 9, 14),
            ends=date(2026, 10, 9),
            name_ko="2026년 가을 연수",
        )
        enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    outbox.put("feedback_request", to=enrollment.trainee, about=enrollment, key="feedback")


def answered():
    placements.confirm(asked()[0], by=PORTAL)


def certificate():
    factories.make_certificate(state="issued")


def certificate_home():
    home = factories.make_institution()
    factories.make_contact(institution=home, name="Saruul Bat")
    trainee = factories.make_trainee("Dilshod Rakhimov", institution=home)
    enrollment = factories.make_enrollment(trainee=trainee, state="completed")
    Program.objects.update(certificate_to_home=True, name_ko="임상연수")
    factories.make_certificate(enrollment=enrollment, state="issued")


def followups_silent():
    factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    cohort = factories.make_cohort(state="nominating", name_ko="2026년 가을 연수")
    trainee = factories.make_trainee("Dilshod Rakhimov")
    enrollment = factories.make_enrollment(cohort=cohort, trainee=trainee, state="completed")
    question = enrollment.graduation.follow_ups.order_by("due").first()
    with clock.at(question.due + timedelta(days=14)):
        due.run(say=lambda line: None)


def consent_renewal():
    graduate = factories.make_graduation(trainee=factories.make_trainee("Dilshod Rakhimov")).trainee
    given = clock.now() - timedelta(days=340)
    factories.make_consent(graduate, "graduate", at=given)
    due.run(say=lambda line: None)


def correction_asked():
    """An issued certificate whose holder asks for another name; returns it."""
    paper = factories.make_certificate(state="issued")
    Program.objects.update(name_ko="임상연수")
    trainee = paper.enrollment.trainee
    trainee.user = factories.make_user(Role.TRAINEE)
    trainee.save()
    paper.refresh_from_db()
    return certificate_corrections.ask_correction(paper, by=trainee.user, name="Another Name")


def corrected():
    by = factories.make_user(Role.MANAGER, name="Kim Seo-yeon")
    certificate_corrections.accept(correction_asked(), by=by, name="Another Name")


def not_corrected():
    by = factories.make_user(Role.MANAGER, name="Kim Seo-yeon")
    certificate_corrections.decline_correction(correction_asked(), by=by, reason="ill <today>")


def follow_up():
    graduation = factories.make_graduation(program_name="Clinical training", program_name_ko="임상연수")
    followups.plan(graduation, date(2026, 4, 13), [6])
    followups.due_work(say=lambda line: None)


def of_home(name):
    """Somebody of an institution whose contact reads along, in a cohort with a name in each language."""
    home = factories.make_institution()
    if not home.contacts.exists():
        factories.make_contact(institution=home, name="Saruul Bat")
    cohort = Cohort.objects.filter(name_ko="2026년 가을 연수").first() or factories.make_cohort(
        state="nominating", name_ko="2026년 가을 연수", nominate_by=NOMINATE_BY
    )
    Program.objects.update(name_ko="임상연수")
    trainee = factories.make_trainee(name, institution=home)
    return enrollments.nominate(cohort, trainee, by=PORTAL, nominated_by=home)


def received():
    of_home("Dilshod Rakhimov")


def accepted():
    enrollments.accept(of_home("Dilshod Rakhimov"), by=PORTAL)


def on_reserve():
    enrollments.put_on_reserve(of_home("Dilshod Rakhimov"), by=PORTAL)


def rejected():
    enrollments.reject(of_home("Dilshod Rakhimov"), by=PORTAL, reason="ill <today>")


def arrived():
    """More names than a mail lists."""
    people = [of_home(f"Dilshod {letter}{other}") for letter in "abcdefgh" for other in "abcdefg"]
    (contact,) = people[0].nominated_by.contacts.all()
    arrived = [person.pk for person in people]
    outbox.put(
        "nominations_received", to=contact, about=people[0].cohort, key="a list",
        context={"enrollments": arrived},
    )  # fmt: skip


def called():
    enrollment = of_home("Dilshod Rakhimov")
    officer = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    calls.invite(enrollment.cohort, list(enrollment.nominated_by.contacts.all()), by=officer)


def papers_asked():
    enrollment = of_home("Dilshod Rakhimov")
    Program.objects.update(papers=["cv", "insurance"])
    enrollment.cohort.program.refresh_from_db()
    factories.make_document(enrollment.trainee, "cv", state="refused", reason="cut <off>")
    papers.ask(enrollment.cohort, by=factories.make_user(Role.OFFICER, name="Kim Seo-yeon"))


def expiring():
    owner = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    factories.make_mou(signed=ApproximateDate(2024, 1, 5), expires=ApproximateDate(2027, 6, 30), owner=owner)
    with clock.at(date(2027, 1, 1)):
        due.run(say=lambda line: None)


def dormant():
    owner = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    factories.make_mou(signed=ApproximateDate(2023, 8), owner=owner)
    with clock.at(date(2025, 2, 28)):
        due.run(say=lambda line: None)


def scheduled():
    """A cohort with one session at a hospital; returns it, planned and not released."""
    cohort = factories.make_cohort(state="nominating", name_ko="2026년 가을 연수")
    hospital = factories.make_hospital("Myongji Hospital", name_ko="명지병원")
    factories.make_coordinator(hospital, name="Park Ji-won")
    factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Dilshod Rakhimov"), state="accepted"
    )
    return factories.make_talk(
        cohort, title_ko="증례 토의", hospital=hospital, place="<today>", released=False
    )


def offers_asked():
    cohort = factories.make_cohort(name_ko="2026년 가을 연수")
    hospital = factories.make_hospital("Myongji Hospital", name_ko="명지병원")
    factories.make_coordinator(hospital, name="Park Ji-won")
    cohort.hospitals.add(hospital)
    hostings.ask(cohort, [hospital], by=PORTAL, answer_by=NOMINATE_BY)


def offers_reminded():
    offers_asked()
    with clock.at(clock.now() + timedelta(days=4)):
        hostings.due_work(say=lambda line: None)


def schedule_released():
    schedule_releases.release(scheduled().cohort, by=PORTAL)


CAUSES = {
    "invitation": invitation,
    "nomination_call": called,
    "nominations_received": arrived,
    "nomination_received": received,
    "nomination_received_contact": received,
    "nomination_accepted": accepted,
    "nomination_accepted_contact": accepted,
    "nomination_reserve": on_reserve,
    "nomination_reserve_contact": on_reserve,
    "nomination_rejected": rejected,
    "nomination_rejected_contact": rejected,
    "papers_missing": papers_asked,
    "mou_expiring": expiring,
    "mou_dormant": dormant,
    "hosting_request": offers_asked,
    "hosting_reminder": offers_reminded,
    "placement_request": asked,
    "placement_cancelled": cancelled,
    "placement_answered": answered,
    "placement_reminder": reminded,
    "placement_forwarded": forwarded,
    "placement_changed": changed,
    "release_trainee": released,
    "release_hospital": released,
    "certificate": certificate,
    "certificate_home": certificate_home,
    "certificate_corrected": corrected,
    "certificate_not_corrected": not_corrected,
    "schedule_changed": schedule_released,
    "schedule_changed_hospital": schedule_released,
    "follow_up": follow_up,
    "followups_silent": followups_silent,
    "consent_renewal": consent_renewal,
    "evaluation_request": evaluated,
    "feedback_request": fed_back,
}


def test_every_kind_of_mail_is_looked_at_here():
    ours = (kinds.get(name) for name, _label in kinds.choices())
    ours = {kind.name for kind in ours if kind.context.__module__.endswith("mails")}
    assert ours == set(CAUSES)


SENDERS = {
    "en": "Medical Training, Gyeonggi Province",
    "ko": "경기도 의료연수",
    "mn": "Анагаах ухааны сургалт, Кёнги муж",
    "ru": "Медицинские стажировки, провинция Кёнгидо",
}
each_kind = pytest.mark.parametrize("kind", CAUSES)
each_kind_in_each_language = pytest.mark.parametrize(
    ("kind", "language"), [(kind, language) for kind in CAUSES for language in kinds.languages_of(kind)]
)


def caused(kind, language):
    with clock.at(clock.now()):
        CAUSES[kind]()
    mail = OutgoingMail.objects.filter(kind=kind).latest("pk")
    mail.language = language
    return mail


class Outline(HTMLParser):
    """What a mail is made of."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.lang, self.void = [], [], "", ("img", "script", "form", "iframe", "svg")
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag == "a":
            self.links.append(attrs["href"])
        if tag == "table":
            assert attrs.get("role") == "presentation" or attrs.get("class") == "facts"


@each_kind_in_each_language
def test_a_mail_is_whole_and_well_built_in_the_recipients_language(kind, language, settings):
    settings.SITE_URL = "https://training.example"
    with untranslated(language) as missed:
        texts = render.preview(caused(kind, language))
    assert missed == {}
    outline = Outline(texts["html"])
    assert outline.lang == language
    assert outline.tags.count("h1") == 1
    assert not set(outline.tags) & set(outline.void)
    assert all(link.startswith("https://training.example") for link in outline.links)
    # The one thing to do stands in the text as a plain address, and so it does below the button.
    for link in set(outline.links):
        assert link in texts["text"]
    assert "<today>" not in texts["html"]
    for part in ("subject", "text", "html"):
        assert bool(HANGUL.search(texts[part])) == (language == "ko")
        assert "{{" not in texts[part]
        assert "{%" not in texts[part]
    if language == "ko":
        for english in ("Dear ", "You get this mail", "The training portal", "If the button", "Please"):
            assert english not in texts["text"] + texts["html"]


@each_kind_in_each_language
def test_a_mail_says_at_its_end_who_sends_it_and_why(kind, language):
    lines = [line for line in render.preview(caused(kind, language))["text"].splitlines() if line.strip()]
    sender, rule, why, portal = lines[-4:]
    assert sender == SENDERS[language]
    assert rule == "--"
    assert why.startswith("You get this mail because") == (language == "en")
    assert portal.endswith(settings.SITE_URL)


@each_kind_in_each_language
def test_the_words_staff_begin_with_fit_and_read_like_the_built_in_ones(kind, language):
    """From the built-in words to {variables} and back: the mail is the same, and nothing that must stay is missing."""
    mail = caused(kind, language)
    variables = kinds.get(kind).variables
    context = render.context_of(mail)
    usual = render.usual_words(mail, context, builtin=True)
    with render.translation.override(language):
        begun = wording.unfilled(usual.text, variables, context)
        again = wording.filled(begun, variables, context)
    assert again == usual.text
    assert "{" in begun or kind == "placement_cancelled"


@pytest.mark.parametrize("kind", ["certificate", "placement_request"])
def test_beside_its_subject_an_inbox_shows_what_a_mail_begins_with(kind):
    texts = render.preview(caused(kind, "en"))
    _greeting, first, *_rest = (line for line in texts["text"].splitlines() if line.strip())
    body = texts["html"].partition("<body")[2]
    assert body.index(escape(first)) < body.index("<h1")


def test_the_words_staff_begin_with_name_no_fact_of_the_example_in_korean_either():
    """Korean writes particles onto the end of a name or a date; the variable ends before them."""
    mail = caused("nomination_call", "ko")
    context = render.context_of(mail)
    usual = render.usual_words(mail, context, builtin=True)
    variables = kinds.get("nomination_call").variables
    with render.translation.override("ko"):
        begun = wording.unfilled(usual.text, variables, context)
    assert "{deadline}까지" in begun
    assert "2026" not in begun


ANSWER_WANTED = ["nomination_call", "papers_missing", "placement_request"]


@pytest.mark.parametrize("kind", ANSWER_WANTED)
def test_where_an_answer_is_wanted_the_subject_says_so_first_and_until_when(kind):
    subject = render.preview(caused(kind, "en"))["subject"]
    assert subject.startswith("[Action required] ")
    assert re.search(r" by \w+day, \d+ \w+ 20\d\d", subject)


@each_kind
def test_every_variable_can_be_used_in_every_language(kind, django_user_model):
    variables = kinds.get(kind).variables
    text = "\n\n".join(f"{{{variable.name}}}" for variable in variables)
    writer = factories.make_user()
    mail = caused(kind, "ko")
    for language in kinds.languages_of(kind):
        workflow.write_wording(kinds.get(kind), language, by=writer, subject="Subject", text=text)
        mail.language = language
        texts = render.preview(mail)
        assert texts["template_version"] == Wording.objects.in_use(kind, language).name
        assert "None" not in texts["text"]
        assert Outline(texts["html"]).lang == language
