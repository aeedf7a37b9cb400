"""The life of a cohort does not run ahead of its days, its names and its certificates."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from portal.records import clock
from portal.records.actors import PORTAL
from portal.records.transitions import NotNow
from programs.models import Cohort, Enrollment
from programs.workflow import cohorts
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def primary_of(response):
    """The words and the address of the page's one primary button; None where there is none."""
    found = re.search(r'<a class="btn btn-primary" href="([^"]+)">([^<]+)</a>', response.content.decode())
    return (found[2], found[1]) if found else None


def screen(cohort, name="detail"):
    return reverse(f"programs:cohort-{name}", args=[cohort.pk])


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def ready():
    """A cohort in which everybody is placed, before its first day."""
    cohort = factories.make_cohort(state="nominating")
    enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=enrollment, state="confirmed")
    return factories.advance(cohort, "placing")


@pytest.fixture
def completed():
    """A completed cohort with two certificates to approve."""
    cohort = factories.make_cohort(state="nominating")
    for _ in range(2):
        enrollment = factories.make_enrollment(cohort=cohort, state="accepted")
        factories.make_placement(enrollment=enrollment, state="confirmed")
    return factories.advance(cohort, "completed")


# The first day -------------------------------------------------------------------------------------


def test_a_cohort_does_not_start_before_its_first_day(client, officer, ready):
    with clock.at(date(2026, 11, 1)):
        overview = client.get(screen(ready))
        early = client.post(screen(ready, "start"))
    assert "Before the next step: The cohort begins on 2 November 2026." in text_of(overview)
    assert primary_of(overview) is None
    assert early.status_code == 409
    assert "The cohort begins on 2 November 2026." in text_of(early)
    assert Cohort.objects.get().state == "placing"

    with clock.at(date(2026, 11, 2)):
        assert primary_of(client.get(screen(ready))) == ("Start the training", screen(ready, "start"))
        client.post(screen(ready, "start"))
    assert (Cohort.objects.get().state, Enrollment.objects.get().state) == ("running", "in_training")


def test_what_has_to_be_done_comes_before_what_has_to_be_waited_for(client, officer, ready):
    factories.make_enrollment(cohort=ready, state="accepted")
    overview = client.get(screen(ready))
    assert "1 trainee has no confirmed placement. The cohort begins on 2 November 2026." in text_of(overview)
    assert primary_of(overview) == ("Open the placements", screen(ready, "placements"))


def test_one_trainee_is_not_in_training_before_the_first_day(client, officer):
    enrollment = factories.make_enrollment(state="accepted")
    url = reverse("programs:enrollment-start-training", args=[enrollment.pk])
    early = client.post(url)
    assert early.status_code == 409
    assert "The cohort begins on 2 November 2026." in text_of(early)
    assert Enrollment.objects.get().state == "accepted"
    with clock.at(date(2026, 11, 2)):
        assert client.post(url).status_code == 302
    assert Enrollment.objects.get().state == "in_training"


def test_a_cohort_of_which_the_month_is_known_may_start_on_its_earliest_day():
    cohort = factories.make_cohort(state="placing", starts="2026-11", ends="2026-12")
    with pytest.raises(NotNow, match=r"The cohort begins in November 2026\."):
        cohorts.start(cohort, by=PORTAL)
    with clock.at(date(2026, 11, 1)):
        cohorts.start(cohort, by=PORTAL)
    assert cohort.state == "running"


# The names -----------------------------------------------------------------------------------------


def test_nominations_do_not_close_on_nobody(client, officer):
    cohort = factories.make_cohort(state="nominating")

    overview = client.get(screen(cohort))
    refused = client.post(screen(cohort, "close-nominations"))

    assert "Before the next step: Nobody is nominated yet." in text_of(overview)
    nominate = reverse("programs:enrollment-create", args=[cohort.pk])
    assert primary_of(overview) == ("Nominate a trainee", nominate)
    assert refused.status_code == 409
    assert "Nobody is nominated yet." in text_of(refused)
    assert Cohort.objects.get().state == "nominating"
    trainees = client.get(screen(cohort, "trainees")).content.decode()
    assert (
        trainees.count(f'href="{nominate}">Nominate a trainee') <= 2
    )  # the button, and the link in the alert


def test_a_cohort_known_by_its_head_count_goes_on_without_names(client, officer):
    cohort = factories.make_cohort(state="nominating")
    cohort.head_counts.create(count=30)
    assert primary_of(client.get(screen(cohort)))[0] == "Close nominations"
    client.post(screen(cohort, "close-nominations"))
    assert Cohort.objects.get().state == "selecting"


# The certificates ----------------------------------------------------------------------------------


def test_a_cohort_does_not_close_over_certificates_that_are_not_issued(client, officer, completed):
    overview = client.get(screen(completed))
    refused = client.post(screen(completed, "close"))

    assert "Before the next step: 2 certificates are not issued yet." in text_of(overview)
    assert "A manager’s approval is awaited for 2 certificates." in text_of(overview)
    assert primary_of(overview) == ("Open the certificates", screen(completed, "certificates"))
    assert refused.status_code == 409
    assert "2 certificates are not issued yet." in text_of(refused)
    assert Cohort.objects.get().state == "completed"


def test_a_manager_is_told_to_approve_and_not_to_wait_for_a_manager(client, completed):
    client.force_login(factories.make_user(Role.MANAGER))
    overview = client.get(screen(completed))
    assert "A manager’s approval is awaited" not in text_of(overview)
    assert primary_of(overview) == ("Approve the certificates", screen(completed, "approve-certificates"))


def test_an_approved_certificate_holds_the_cohort_until_it_is_issued(client, officer, completed):
    one, other = completed.enrollments.all()
    factories.make_certificate(enrollment=one, state="issued")
    factories.make_certificate(enrollment=other, state="approved")
    overview = client.get(screen(completed))
    assert "1 certificate is not issued yet." in text_of(overview)
    assert primary_of(overview) == ("Issue the certificates", screen(completed, "issue-certificates"))

    client.post(screen(completed, "issue-certificates"))

    assert primary_of(client.get(screen(completed))) == ("Close", screen(completed, "close"))
    client.post(screen(completed, "close"))
    assert Cohort.objects.get().state == "closed"


def test_each_blocker_leads_to_the_page_that_settles_it(client, officer):
    cohort = factories.make_cohort(state="nominating")
    asked = factories.make_enrollment(cohort=cohort, state="accepted")
    factories.make_placement(enrollment=asked, state="requested")
    factories.make_enrollment(cohort=cohort, state="accepted")
    factories.advance(cohort, "placing")
    with clock.at(date(2026, 10, 20)):
        blockers = client.get(screen(cohort)).context["blockers"]
    assert [(blocker.text, blocker.way and blocker.way.url) for blocker in blockers] == [
        (
            "1 placement request is not answered.",
            f"{reverse('programs:placement-to-answer')}#h-cohort-{cohort.pk}",
        ),
        (
            "2 trainees have no confirmed placement.",
            reverse("programs:cohort-placements", args=[cohort.pk]),
        ),
        ("The cohort begins on 2 November 2026.", None),
    ]
