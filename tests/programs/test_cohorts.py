"""The cohort's workspace, as the province's staff meet it."""

import re
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records.approximate import ApproximateCount
from portal.records.models import Event, Source
from portal.records.transitions import NotNow
from programs.models import Cohort, HeadCount, Placement, Session
from programs.workflow import cohorts
from tests import factories
from tests.factories import week

pytestmark = pytest.mark.django_db

PAGES = ["detail", "trainees", "placements", "schedule", "certificates", "follow-up", "history"]
STEPS = ["open-nominations", "close-nominations", "begin-placing", "start", "complete", "close", "cancel"]


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    client.force_login(user)
    return user


def page(client, cohort, name="detail", **query):
    return client.get(reverse(f"programs:cohort-{name}", args=[cohort.pk]), query)


def text_of(response):
    """The words of a page, one space between them."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


# Who may come in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR, Role.CONTACT])
@pytest.mark.parametrize(
    "name", [*PAGES, "mails", "request-placements", "approve-certificates", "issue-certificates", *STEPS]
)
def test_only_the_team_comes_into_the_workspace(client, role, name):
    cohort = factories.make_cohort(state="nominating")
    factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee("Bolormaa Dorj"))
    own = factories.make_enrollment(cohort=cohort, trainee=factories.make_trainee("Oyunaa", user=True))
    client.force_login(own.trainee.user if role == Role.TRAINEE else factories.make_user(role))

    response = page(client, cohort, name)

    assert response.status_code == 403
    assert "Bolormaa Dorj" not in text_of(response)


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR, Role.CONTACT])
def test_only_the_team_sees_the_list_of_cohorts(client, role):
    cohort = factories.make_cohort()
    client.force_login(factories.make_user(role))

    response = client.get(reverse("programs:cohort-list"))

    assert response.status_code == 403
    assert cohort.name not in text_of(response)


def test_a_viewer_reads_every_page_and_finds_no_button(client):
    cohort = factories.make_cohort(state="nominating")
    factories.make_enrollment(cohort=cohort, state="accepted")
    client.force_login(factories.make_user(Role.VIEWER))

    for name in PAGES:
        response = page(client, cohort, name)
        assert response.status_code == 200
        assert 'class="btn btn-primary"' not in response.content.decode()
        assert f"/programs/cohorts/{cohort.pk}/cancel/" not in response.content.decode()
        assert "/withdraw/" not in response.content.decode()
        assert "/mails/" not in response.content.decode()


def test_a_cohort_that_is_not_there_is_not_found(client, officer):
    assert client.get(reverse("programs:cohort-detail", args=[9])).status_code == 404


# The list ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_cohort_and_for_three(
    client, officer, django_assert_num_queries, rows
):
    for _number in range(rows):
        cohort = factories.make_cohort(state="nominating", lead_officer=officer)
        factories.make_enrollment(cohort=cohort, state="accepted")
        HeadCount.objects.create(cohort=cohort, count=ApproximateCount(4))

    with django_assert_num_queries(5):
        response = client.get(reverse("programs:cohort-list"))

    assert text_of(response).count("2–27 November 2026") == rows


def test_the_list_tells_named_trainees_from_published_ones(client, officer):
    named, published = factories.make_cohort(state="nominating"), factories.make_cohort()
    factories.make_enrollment(cohort=named, state="accepted")
    factories.make_enrollment(cohort=named, state="nominated")
    HeadCount.objects.create(cohort=published, count=ApproximateCount(10))

    text = text_of(client.get(reverse("programs:cohort-list")))

    assert f"{named.name} Clinical training 2–27 November 2026 Nominating 1 0" in text
    assert (
        f"{published.name} Clinical training 2–27 November 2026 Planning 10 published, nobody named 0" in text
    )


def test_the_list_is_filtered_by_state_and_searched_by_name(client, officer):
    planned, open_one = factories.make_cohort(), factories.make_cohort(state="nominating")
    url = reverse("programs:cohort-list")

    by_state = text_of(client.get(url, {"state": "nominating"}))
    by_name = text_of(client.get(url, {"q": planned.name}))

    assert open_one.name in by_state
    assert planned.name not in by_state
    assert planned.name in by_name
    assert open_one.name not in by_name


# The overview --------------------------------------------------------------------------------------


def test_the_cohort_of_2014_has_ten_people_by_region_and_nobody_by_name(client, officer):
    cohort = factories.make_cohort(starts="2014-05-26", ends="2014-06-21")
    for count, name in ((6, "Primorsky Krai"), (4, "Khabarovsk Krai")):
        line = HeadCount.objects.create(cohort=cohort, count=ApproximateCount(count))
        line.regions.add(factories.make_region(name, country="RU"))
    source = Source.objects.create(
        key="gnews-2014", title="Gyeonggi leads", publisher="Gyeonggi G-News", published="2014-06-23"
    )
    cohort.sources.add(source)

    text = text_of(page(client, cohort))

    assert (
        "26 May – 21 June 2014 · by the record 10 people from Primorsky Krai and Khabarovsk Krai, nobody by name"
        in text
    )
    assert "Published 10 in all 6 people from Primorsky Krai" in text
    assert "4 people from Khabarovsk Krai" in text
    assert "Named here nobody" in text
    assert "Gyeonggi leads Gyeonggi G-News, 23 June 2014" in text


def test_the_cohort_of_2022_keeps_the_published_people_apart_from_the_invented_ones(client, officer):
    cohort = factories.make_cohort(state="nominating", starts="2022-10", ends="2022-11-25")
    line = HeadCount.objects.create(cohort=cohort, count=ApproximateCount(12))
    for name, country in (("Mongolia", "MN"), ("Uzbekistan", "UZ"), ("Kyrgyzstan", "KG")):
        region = factories.make_region(name, country=country)
        line.regions.add(region)
        institution = factories.make_institution(f"Hospital in {name}", region=region)
        for _number in range(4):
            trainee = factories.make_trainee(institution=institution, is_invented=True)
            factories.make_enrollment(cohort=cohort, trainee=trainee, state="accepted")

    text = text_of(page(client, cohort))

    assert "October – 25 November 2022 · 12 trainees from" in text
    assert "Published 12 people from Kyrgyzstan, Mongolia and Uzbekistan; the split is not stated" in text
    assert "Named here 12 (invented for the demo)" in text
    assert "Dates October – 25 November 2022 first day not published" in text


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("detail", 10),
        ("trainees", 6),
        ("placements", 12),
        ("certificates", 7),
        ("follow-up", 7),
        ("mails", 5),
        ("history", 5),
    ],
)
def test_a_page_costs_the_same_for_one_trainee_and_for_three(
    client, officer, django_assert_num_queries, name, queries, rows
):
    cohort = factories.make_cohort(state="nominating", lead_officer=officer)
    for _number in range(rows):
        enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
        factories.make_placement(enrollment=enrollment, state="confirmed")
        department = factories.make_department()
        cohort.hospitals.add(department.hospital)
        cohort.mous.add(factories.make_mou())
    factories.advance(cohort, "completed")
    url = reverse(f"programs:cohort-{name}", args=[cohort.pk])
    client.get(url)  # content types are read once

    with django_assert_num_queries(queries):
        client.get(url)


# The life ------------------------------------------------------------------------------------------


def test_the_one_primary_button_is_the_next_step_of_the_life(client, officer):
    cohort = factories.make_cohort()

    response = page(client, cohort)

    assert response.content.decode().count("btn-primary") == 1
    assert (
        f'<a class="btn btn-primary" href="/programs/cohorts/{cohort.pk}/open-nominations/">Open nominations</a>'
        in (response.content.decode())
    )


def test_what_blocks_the_next_step_is_one_line_with_a_link_on_all_tabs_but_the_overview(client, officer):
    cohort = factories.make_cohort(state="selecting")
    factories.make_enrollment(cohort=cohort)
    client.force_login(officer)
    text = text_of(client.get(reverse("programs:cohort-schedule", args=[cohort.pk])))
    assert "Before the next step" not in text
    assert f'1 thing stands before the next step. <a href="/programs/cohorts/{cohort.pk}/">See what</a>' in (
        client.get(reverse("programs:cohort-schedule", args=[cohort.pk])).content.decode()
    )


def test_what_blocks_the_next_step_stands_in_words_with_the_way_to_settle_it(client, officer):
    cohort = factories.make_cohort(state="selecting")
    factories.make_enrollment(cohort=cohort)

    response = page(client, cohort)

    assert "Before the next step: 1 nomination is not decided." in text_of(response)
    assert f'href="/programs/cohorts/{cohort.pk}/selection/"' in response.content.decode()


def test_the_steps_tell_how_far_the_cohort_is(client, officer):
    cohort = factories.make_cohort(state="nominating")
    first = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_enrollment(cohort=cohort, state="reserve")
    factories.make_placement(enrollment=first, state="confirmed", first_day=week(1)[0], last_day=week(3)[1])
    factories.advance(cohort, "placing")

    text = text_of(page(client, cohort))

    assert "Nominating done, 3 nominated" in text
    assert "Selecting done, 2 accepted" in text
    assert "Placing now, 3 of 8 weeks" in text
    assert "Running from 2 November" in text


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("open-nominations", "planning", "nominating"),
        ("close-nominations", "nominating", "selecting"),
        ("begin-placing", "selecting", "placing"),
        ("start", "placing", "running"),
        ("close", "completed", "closed"),
    ],
)
def test_a_step_is_asked_on_get_and_taken_on_post(client, officer, verb, before, after):
    cohort = factories.make_cohort(state=before)
    if before == "nominating":
        factories.make_enrollment(cohort=cohort)

    asked = page(client, cohort, verb)
    cohort.refresh_from_db()
    assert (asked.status_code, cohort.state) == (200, before)

    with factories.not_before(cohort.first_day):
        done = client.post(reverse(f"programs:cohort-{verb}", args=[cohort.pk]))
    cohort.refresh_from_db()
    assert (done.status_code, done.url, cohort.state) == (302, f"/programs/cohorts/{cohort.pk}/", after)
    assert Event.objects.about(cohort).filter(actor=officer, target=after).count() == 1


def test_a_step_taken_twice_says_so_and_changes_nothing(client, officer):
    cohort = factories.make_cohort(state="nominating")
    events = Event.objects.about(cohort).count()

    response = client.post(reverse("programs:cohort-open-nominations", args=[cohort.pk]))

    assert response.status_code == 409
    assert "It cannot be done any more: the state is now “Nominating”." in text_of(response)
    assert 'class="confirm"' not in response.content.decode()
    assert Event.objects.about(cohort).count() == events


def test_a_step_against_a_rule_is_refused_in_words_on_the_same_page(client, officer):
    cohort = factories.make_cohort(state="selecting")
    factories.make_enrollment(cohort=cohort)

    response = client.post(reverse("programs:cohort-begin-placing", args=[cohort.pk]))

    assert response.status_code == 409
    assert "1 nomination is not decided." in text_of(response)
    assert 'class="confirm"' in response.content.decode()
    assert Cohort.objects.get().state == "selecting"


def test_a_viewer_cannot_take_a_step_by_its_address(client):
    cohort = factories.make_cohort()
    client.force_login(factories.make_user(Role.VIEWER))

    assert client.post(reverse("programs:cohort-open-nominations", args=[cohort.pk])).status_code == 403
    assert Cohort.objects.get().state == "planning"


def test_cancelling_needs_a_reason_and_says_how_many_mails_leave(client, officer):
    cohort = factories.make_cohort(state="nominating")
    department = factories.make_department()
    factories.make_coordinator(department.hospital)
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=enrollment, department=department, state="confirmed")
    url = reverse("programs:cohort-cancel", args=[cohort.pk])

    text = text_of(client.get(url))
    assert "1 trainee is withdrawn." in text
    assert "1 placement is cancelled and its seat is free." in text
    assert "1 mail is sent to hospitals." in text

    assert client.post(url, {"reason": ""}).status_code == 422
    assert Cohort.objects.get().state == "nominating"
    mails = OutgoingMail.objects.count()

    assert client.post(url, {"reason": "the ministry asked"}).status_code == 302
    assert Cohort.objects.get().state == "cancelled"
    assert OutgoingMail.objects.count() == mails + 1
    assert "the ministry asked" in text_of(page(client, cohort, "history"))


# Placements ----------------------------------------------------------------------------------------


def test_the_board_offers_an_empty_week_with_its_days(client, officer):
    cohort = factories.make_cohort(state="nominating")
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=enrollment, first_day=week(1)[0], last_day=week(2)[1])
    factories.make_placement(enrollment=enrollment, first_day=week(4)[0], last_day=week(4)[1])
    factories.advance(cohort, "selecting")

    html = page(client, cohort, "placements").content.decode()

    link = f"/programs/placements/create/{enrollment.pk}/?first_day=2026-11-16&amp;last_day=2026-11-20"
    assert re.search(rf'<a class="slot none"[^>]* href="{re.escape(link)}">Place in week 3</a>', html)
    assert re.search(r'<td role="cell" colspan="2"[^>]*><a class="slot is-idle"', html)


def test_a_viewer_sees_the_board_without_ways_to_place(client):
    cohort = factories.make_cohort(state="nominating")
    factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Bolormaa Dorj"), state="accepted"
    )
    factories.advance(cohort, "placing")
    client.force_login(factories.make_user(Role.VIEWER))

    response = page(client, cohort, "placements")

    assert "Bolormaa Dorj" in text_of(response)
    assert "/placements/create/" not in response.content.decode()


@pytest.fixture
def drafted():
    """A cohort with drafts at two hospitals, of which one has nobody in the portal."""
    cohort = factories.make_cohort(state="nominating")
    myongji, ansan = factories.make_hospital("Myongji Hospital"), factories.make_hospital("Ansan Hospital")
    factories.make_coordinator(myongji, name="Park Ji-won", email="park@example.org")
    for hospital in (myongji, ansan):
        factories.make_placement(
            enrollment=factories.make_enrollment(cohort=cohort, state="accepted"),
            department=factories.make_department(hospital=hospital),
        )
    return cohort


def test_the_preview_names_who_gets_a_mail_and_which_hospital_has_nobody(client, officer, drafted):
    text = text_of(page(client, drafted, "request-placements"))

    assert "2 placements are requested; the hospitals have seven days to answer." in text
    assert "1 mail is sent to Park Ji-won." in text
    assert "Nobody answers there in the portal, so please call: Ansan Hospital." in text
    assert "Mail to: Park Ji-won (park@example.org)" in text
    assert not OutgoingMail.objects.filter(kind="placement_request").exists()


def test_a_double_click_sends_the_requests_once(client, officer, drafted):
    url = reverse("programs:cohort-request-placements", args=[drafted.pk])

    first = client.post(url, follow=True)
    second = client.post(url, follow=True)

    assert "2 placements are requested." in text_of(first)
    assert "There is no draft left to send." in text_of(second)
    assert set(Placement.objects.values_list("state", flat=True)) == {"requested"}
    assert OutgoingMail.objects.filter(kind="placement_request").count() == 1


def test_nothing_is_sent_when_one_draft_cannot_be_asked_for(client, officer, drafted):
    Cohort.objects.filter(pk=drafted.pk).update(starts="2026-11-09")

    response = client.post(reverse("programs:cohort-request-placements", args=[drafted.pk]))

    assert response.status_code == 409
    assert "Nothing was sent." in text_of(response)
    assert set(Placement.objects.values_list("state", flat=True)) == {"draft"}
    assert not OutgoingMail.objects.filter(kind="placement_request").exists()


# Schedule, mails and history -----------------------------------------------------------------------


def test_a_session_elsewhere_shows_both_clocks_and_one_in_seoul_only_its_own(client, officer):
    cohort = factories.make_cohort()
    times = {"starts_at": "2026-11-02T00:00Z", "ends_at": "2026-11-02T02:00Z", "cohort": cohort}
    Session.objects.create(kind="orientation", title="Orientation", **times)
    Session.objects.create(kind="online", title="Case talk", time_zone="Asia/Ulaanbaatar", **times)

    text = text_of(page(client, cohort, "schedule"))

    assert "Monday, 2 November 2026" in text
    assert "09:00–11:00 Seoul Orientation" in text
    assert "09:00–11:00 Seoul 08:00–10:00 Ulaanbaatar time Case talk" in text


def test_mails_of_another_cohort_are_not_among_this_ones(client, officer, drafted):
    other = factories.make_cohort()
    client.post(reverse("programs:cohort-request-placements", args=[drafted.pk]))

    assert "Park Ji-won" in text_of(page(client, drafted, "mails"))
    assert "Park Ji-won" not in text_of(page(client, other, "mails"))


def test_the_history_tells_what_happened_to_everything_in_the_cohort(client, officer):
    cohort = factories.make_cohort(state="nominating")
    enrollment = factories.make_enrollment(
        cohort=cohort, trainee=factories.make_trainee("Bolormaa Dorj"), state="accepted"
    )
    factories.make_placement(enrollment=enrollment, state="declined", reason="No elective surgery.")
    other = factories.make_enrollment(trainee=factories.make_trainee("Nurlan Abdykadyrov"))
    cohorts.close_nominations(cohort, by=officer)

    text = text_of(page(client, cohort, "history"))

    assert "Close nominations Selecting" in text
    assert "Accept Accepted Bolormaa Dorj" in text
    assert "Decline Declined" in text
    assert "No elective surgery." in text
    assert "Kim Seo-yeon" in text
    assert str(other.trainee) not in text


def test_a_cohort_without_anything_in_it_says_what_will_stand_on_each_page(client, officer):
    cohort = factories.make_cohort()

    words = {
        "trainees": "Nobody is in this cohort yet",
        "placements": "Nobody to place yet",
        "schedule": "No session in this cohort yet",
        "certificates": "No certificate yet",
        "follow-up": "Nobody to follow up yet",
        "mails": "No mail so far",
    }

    assert {name: sentence in text_of(page(client, cohort, name)) for name, sentence in words.items()} == (
        dict.fromkeys(words, True)
    )


# The plan ------------------------------------------------------------------------------------------


def plan_of(cohort=None, **facts):
    """What a browser sends from the form: an empty plan, or the cohort's as it stands, and what was typed over."""
    names = ("name", "name_ko", "code", "starts", "ends", "nominate_by", "ceremony_on", "seats", "topics")
    typed = {name: str(getattr(cohort, name, None) or "") for name in names}
    if cohort:
        typed |= {"program": cohort.program_id, "lead_officer": cohort.lead_officer_id or ""}
        typed |= {name: [one.pk for one in getattr(cohort, name).all()] for name in ("mous", "hospitals")}
    return typed | facts


def edit(client, cohort, **facts):
    return client.post(reverse("programs:cohort-edit", args=[cohort.pk]), plan_of(cohort, **facts))


def test_staff_plan_a_cohort_with_its_hospitals_and_mous(client, officer):
    program, mou = factories.make_program("Gyeonggi Medical Training Program"), factories.make_mou()
    host, _other = factories.make_hospital("Ansan Hospital"), factories.make_hospital()
    typed = plan_of(
        program=program.pk,
        name="Autumn 2026",
        starts="2026-11-02",
        ends="2026-11-27",
        seats="12",
        nominate_by="2026-08-31",
        topics="endoscopy\nrobotic surgery",
        lead_officer=officer.pk,
        mous=[mou.pk],
        hospitals=[host.pk],
    )

    response = client.post(reverse("programs:cohort-create"), typed, follow=True)

    cohort = Cohort.objects.get()
    assert response.redirect_chain == [(f"/programs/cohorts/{cohort.pk}/", 302)]
    assert "Autumn 2026 is planned." in text_of(response)
    assert (cohort.state, cohort.code, cohort.seats) == ("planning", "gmtp-2026", 12)
    assert cohort.dates == "2–27 November 2026"
    assert (cohort.lead_officer, str(cohort.nominate_by)) == (officer, "2026-08-31")
    assert (list(cohort.mous.all()), list(cohort.hospitals.all())) == ([mou], [host])
    event = Event.objects.about(cohort).get()
    assert (event.verb, event.actor, event.target) == ("plan", officer, "planning")


@pytest.mark.parametrize(
    ("name", "earlier", "code"),
    [
        ("Master class", [], "master-class-2026"),
        ("Gyeonggi Medical Training Program", [], "gmtp-2026"),
        ("Nursing", ["nurses-2024", "nurses-2025-10"], "nurses-2026"),
        ("Nursing", ["nurses-2026"], "nurses-2026-2"),
        ("Nursing", ["nurses-2026", "nurses-2026-2"], "nurses-2026-3"),
        ("연수", [], "cohort-2026"),
    ],
)
def test_a_code_left_empty_follows_from_the_program_and_the_year(client, officer, name, earlier, code):
    program = factories.make_program(name)
    for used in earlier:
        cohort = factories.make_cohort(program=program)
        Cohort.objects.filter(pk=cohort.pk).update(code=used)

    client.post(
        reverse("programs:cohort-create"),
        plan_of(program=program.pk, name="Autumn", starts="2026-11", ends="2026-11"),
    )

    assert Cohort.objects.latest("pk").code == code


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"program": ""}, "Program: This field is required."),
        ({"ends": "2026-10-30"}, "Last day: The last day is before the first."),
        ({"starts": "soon"}, "First day:"),
        ({"code": "taken"}, "Code: Cohort with this Code already exists."),
        ({"hospitals": ["999"]}, "Host hospitals: Select a valid choice."),
    ],
)
def test_a_plan_that_does_not_hold_is_asked_again_and_keeps_what_was_typed(client, officer, typed, words):
    other = factories.make_cohort()
    Cohort.objects.filter(pk=other.pk).update(code="taken")
    good = {"program": other.program_id, "name": "Autumn", "starts": "2026-11-02", "ends": "2026-11-27"}

    response = client.post(
        reverse("programs:cohort-create"), plan_of(**good | {"topics": "endoscopy"} | typed)
    )

    assert response.status_code == 422
    assert words in text_of(response)
    assert "endoscopy" in text_of(response)
    assert Cohort.objects.get() == other


def test_a_cohort_is_led_by_somebody_active_who_may_run_it(client, officer):
    manager = factories.make_user(Role.MANAGER, name="A Manager")
    factories.make_user(Role.VIEWER, name="A Viewer")
    factories.make_user(Role.COORDINATOR, name="A Coordinator")
    factories.make_user(Role.OFFICER, name="A Former Officer", is_active=False)

    form = client.get(reverse("programs:cohort-create")).context["form"]

    assert list(form.fields["lead_officer"].queryset) == [manager, officer]


def test_a_cohort_keeps_the_lead_officer_who_has_left(client, officer):
    gone = factories.make_user(Role.OFFICER, is_active=False)
    cohort = factories.make_cohort(lead_officer=gone)

    assert edit(client, cohort, topics="endoscopy").status_code == 302

    cohort.refresh_from_db()
    assert (cohort.lead_officer, cohort.topics) == (gone, "endoscopy")


def test_the_trail_names_the_facts_that_were_changed_and_no_others(client, officer):
    cohort = factories.make_cohort(state="nominating", seats=12, topics="endoscopy")
    host = factories.make_hospital()
    before = Event.objects.about(cohort).count()

    response = edit(client, cohort, ends="2026-12-04", hospitals=[host.pk])

    assert (response.status_code, response.url) == (302, f"/programs/cohorts/{cohort.pk}/")
    cohort.refresh_from_db()
    assert (str(cohort.ends), cohort.seats, list(cohort.hospitals.all())) == ("2026-12-04", 12, [host])
    event = Event.objects.about(cohort).latest("pk")
    assert (event.verb, event.actor, event.data) == ("change", officer, {"fields": ["ends", "hospitals"]})
    assert Event.objects.about(cohort).count() == before + 1
    assert "Changed last day, host hospitals" in text_of(page(client, cohort, "history"))


def test_a_cohort_is_not_left_without_its_code(client, officer):
    cohort = factories.make_cohort()

    response = edit(client, cohort, code="")

    assert response.status_code == 422
    assert "Code: This field is required." in text_of(response)
    assert Cohort.objects.get().code == cohort.code


def test_a_form_sent_unchanged_leaves_no_line_in_the_trail(client, officer):
    cohort = factories.make_cohort(seats=12)
    cohort.hospitals.add(factories.make_hospital())
    before = Event.objects.about(cohort).count()

    assert edit(client, cohort).status_code == 302

    assert Event.objects.about(cohort).count() == before


@pytest.mark.parametrize("state", ["draft", "requested", "confirmed"])
def test_dates_that_would_leave_a_placement_outside_are_refused_in_words(client, officer, state):
    cohort = factories.make_cohort(state="nominating")
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=enrollment, state=state, first_day=week(3)[0], last_day=week(4)[1])

    response = edit(client, cohort, ends="2026-11-20", topics="endoscopy")

    assert response.status_code == 422
    assert "1 placement would lie outside these dates: 16–27 November 2026. Cancel it first." in text_of(
        response
    )
    cohort.refresh_from_db()
    assert (str(cohort.ends), cohort.topics) == ("2026-11-27", "")
    assert not Event.objects.about(cohort).filter(verb="change").exists()


@pytest.mark.parametrize("state", ["cancelled", "declined"])
def test_a_placement_that_binds_nobody_does_not_hold_the_dates(client, officer, state):
    cohort = factories.make_cohort(state="nominating")
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=enrollment, state=state)

    assert edit(client, cohort, ends="2026-11-20").status_code == 302

    assert str(Cohort.objects.get().ends) == "2026-11-20"


def test_the_seats_stay_enough_for_those_who_were_accepted(client, officer):
    cohort = factories.make_cohort(state="nominating", seats=4)
    for _number in range(2):
        factories.make_enrollment(cohort=cohort, state="accepted")

    refused = edit(client, cohort, seats="1")
    assert refused.status_code == 422
    assert "2 trainees are accepted already; so few seats are not enough." in text_of(refused)

    assert edit(client, cohort, seats="2").status_code == 302
    assert Cohort.objects.get().seats == 2


def test_program_and_code_are_not_asked_once_hospitals_may_be_asked(client, officer):
    cohort, program = factories.make_cohort(state="placing"), factories.make_program("Nursing")

    assert edit(client, cohort, program=program.pk, code="other", seats="9").status_code == 302
    with pytest.raises(NotNow, match="The program and the code stand"):
        cohorts.change(cohort, by=officer, code="other")

    kept = Cohort.objects.get()
    assert (kept.program, kept.code, kept.seats) == (cohort.program, cohort.code, 9)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COORDINATOR, Role.TRAINEE])
def test_only_who_runs_cohorts_may_plan_and_change_them(client, role):
    cohort, user = factories.make_cohort(), factories.make_user(role)
    client.force_login(user)

    assert client.get(reverse("programs:cohort-create")).status_code == 403
    assert edit(client, cohort, seats="1").status_code == 403
    with pytest.raises(PermissionDenied):
        cohorts.change(cohort, by=user, seats=1)
    with pytest.raises(PermissionDenied):
        cohorts.plan(
            cohort.program, by=user, code="mine", name="Mine", starts=cohort.starts, ends=cohort.ends
        )
    assert Cohort.objects.get().seats is None


@pytest.mark.parametrize(("role", "offered"), [(Role.OFFICER, True), (Role.VIEWER, False)])
def test_the_ways_to_plan_change_and_nominate_are_shown_to_those_who_may(client, role, offered):
    cohort = factories.make_cohort(state="nominating")
    client.force_login(factories.make_user(role))
    pages = {
        reverse("programs:cohort-list"): reverse("programs:cohort-create"),
        reverse("programs:cohort-detail", args=[cohort.pk]): reverse(
            "programs:cohort-edit", args=[cohort.pk]
        ),
        reverse("programs:cohort-trainees", args=[cohort.pk]): reverse(
            "programs:enrollment-create", args=[cohort.pk]
        ),
    }

    for shown, link in pages.items():
        assert (f'href="{link}"' in client.get(shown).content.decode()) == offered
