"""The cohort's papers: what is missing for whom, asking for exactly that, and handing it in by the link."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from participants.models import Consent, Document
from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.actors import PORTAL
from programs import paper_links
from programs.checklists import checklist
from programs.models.programs import usual_papers
from programs.workflow import enrollments
from tests import factories
from tests.factories import A_PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def enrollment():
    program = factories.make_program(papers=["passport", "cv", "insurance"])
    cohort = factories.make_cohort(state="nominating", program=program)
    trainee = factories.make_trainee("Nomin-Erdene Tsogt")
    return factories.make_enrollment(cohort=cohort, trainee=trainee)


def statuses(enrollment):
    return {item.kind: str(item.status) for item in checklist(enrollment)}


def link(enrollment):
    return reverse("programs:paper-upload", args=[paper_links.token_for(enrollment)])


def test_the_list_says_how_each_paper_stands(enrollment):
    trainee = enrollment.trainee
    assert statuses(enrollment) == {"passport": "missing", "cv": "missing", "insurance": "missing"}
    factories.make_document(trainee, "cv", state="refused")
    # The cohort ends on 27 November 2026: a passport lasts until 27 May 2027, an insurance until the last day.
    factories.make_passport(trainee)
    factories.make_document(trainee, "passport", expires=date(2027, 5, 26))
    factories.make_document(trainee, "insurance", expires=date(2026, 11, 26))
    assert statuses(enrollment) == {"passport": "expiring", "cv": "refused", "insurance": "expiring"}
    factories.make_document(trainee, "cv", state="checked")
    factories.make_document(trainee, "passport", expires=date(2027, 5, 27))
    factories.make_document(trainee, "insurance", expires=date(2026, 11, 27))
    assert statuses(enrollment) == {"passport": "received", "cv": "checked", "insurance": "received"}


def test_the_passport_s_own_expiry_counts_where_the_scan_says_none(enrollment):
    factories.make_passport(enrollment.trainee, expires=date(2027, 1, 1))
    factories.make_document(enrollment.trainee, "passport")
    assert statuses(enrollment)["passport"] == "expiring"


def test_the_table_is_narrowed_to_who_still_owes(client, officer, enrollment):
    settled = factories.make_enrollment(cohort=enrollment.cohort, trainee=factories.make_trainee("All There"))
    for kind in ("cv", "insurance"):
        factories.make_document(settled.trainee, kind)
    factories.make_passport(settled.trainee)
    factories.make_document(settled.trainee, "passport")
    address = reverse("programs:cohort-papers", args=[enrollment.cohort_id])

    def names(**query):
        return [row.trainee.passport_name for row in client.get(address, query).context["listing"].rows]

    assert names() == ["All There", "Nomin-Erdene Tsogt"]
    assert names(owed="any") == ["Nomin-Erdene Tsogt"]
    assert names(owed="photo") == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_table_costs_the_same(client, officer, enrollment, django_assert_num_queries, count):
    for _ in range(count - 1):
        other = factories.make_enrollment(cohort=enrollment.cohort)
        factories.make_document(other.trainee)
    address = reverse("programs:cohort-papers", args=[enrollment.cohort_id])
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)


QUERIES = 8


def test_one_click_asks_each_for_exactly_what_they_owe_and_once_a_day(client, officer, enrollment):
    factories.make_document(enrollment.trainee, "cv")
    silent = factories.make_trainee("No Address", email="")
    factories.make_enrollment(cohort=enrollment.cohort, trainee=silent)
    address = reverse("programs:cohort-ask-papers", args=[enrollment.cohort_id])
    page = client.get(address).content.decode()
    assert "1 mail will be sent." in page
    assert "Nobody can be reached by mail at: No Address" in page
    client.post(address)
    mail = OutgoingMail.objects.get(kind="papers_missing")
    text = render.preview(mail)["text"]
    assert "- Passport (scan)\n- Insurance\n" in text
    assert "CV" not in text
    assert "/programs/papers/upload/" in text
    client.post(address)
    assert OutgoingMail.objects.filter(kind="papers_missing").count() == 1
    assert "Everybody was asked today" in client.get(address).content.decode()


def test_a_mail_whose_papers_have_come_does_not_leave(client, officer, enrollment):
    client.post(reverse("programs:cohort-ask-papers", args=[enrollment.cohort_id]))
    factories.make_passport(enrollment.trainee)
    for kind in ("passport", "cv", "insurance"):
        factories.make_document(enrollment.trainee, kind)
    with pytest.raises(render.kinds.NoLongerWanted):
        render.preview(OutgoingMail.objects.get(kind="papers_missing"))


def test_a_person_without_an_account_hands_in_by_the_link_and_sees_no_paper(client, enrollment):
    address = link(enrollment)
    page = client.get(address).content.decode()
    assert "3 papers are still missing" in page
    assert Document.objects.count() == 0
    data = {"kind": "cv", "file": SimpleUploadedFile("cv.pdf", A_PDF)}
    page = client.post(address, data, follow=True).content.decode()
    assert "2 papers are still missing" in page
    document = Document.objects.get()
    assert (document.kind, document.received_from) == ("cv", "Nomin-Erdene Tsogt")
    assert f"/documents/{document.pk}/" not in page


def test_a_scan_of_the_passport_comes_with_the_consent(client, enrollment):
    address = link(enrollment)
    assert "we need the number and a scan" in client.get(address).content.decode().lower()
    data = {"kind": "passport", "expires": "2030-01-01"}
    refused = client.post(address, {**data, "file": SimpleUploadedFile("p.pdf", A_PDF)})
    assert refused.context["form"].errors["agrees"] == [
        "Without this we may not keep a scan of your passport."
    ]
    agreed = {**data, "agrees": "on", "file": SimpleUploadedFile("p.pdf", A_PDF)}
    assert client.post(address, agreed).status_code == 302
    assert Consent.objects.get().by_name == "Nomin-Erdene Tsogt"
    assert Document.objects.get().kind == "passport"


def test_a_link_ends_after_a_month_or_when_the_person_does_not_come(client, enrollment):
    address = link(enrollment)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert client.get(address).status_code == 410
    factories.enrollments.reject(enrollment, by=factories.PORTAL, reason="not this time")
    assert client.get(address).status_code == 410
    assert client.get(reverse("programs:paper-upload", args=["made-up"])).status_code == 410


def test_a_trainee_sees_what_is_missing_and_until_when(client):
    trainee = factories.make_trainee(user=True)
    program = factories.make_program(papers=usual_papers())
    cohort = factories.make_cohort(state="nominating", program=program)
    enrollment = factories.make_enrollment(trainee=trainee, cohort=cohort)
    factories.make_document(trainee, "cv", state="refused", reason="the last page is missing")
    client.force_login(trainee.user)
    with clock.at(date(2026, 10, 5)):
        page = client.get(reverse("programs:my-papers")).content.decode()
    assert "6 papers are still missing; please send them by 5 October 2026." in " ".join(page.split())
    assert "the last page is missing" in page
    with clock.at(date(2026, 10, 6)):
        late = " ".join(client.get(reverse("programs:my-papers")).content.decode().split())
    assert "6 papers are still missing. They were due on 5 October 2026; please send them today." in late
    data = {"kind": "cv", "file": SimpleUploadedFile("cv.pdf", A_PDF)}
    assert client.post(reverse("programs:my-papers"), data).status_code == 302
    assert statuses(enrollment)["cv"] == "received"


def test_the_cohort_s_trainees_are_narrowed_to_whose_papers_are_missing(client, officer, enrollment):
    settled = factories.make_enrollment(cohort=enrollment.cohort, trainee=factories.make_trainee("All There"))
    factories.make_passport(settled.trainee)
    for kind in ("passport", "cv", "insurance"):
        factories.make_document(settled.trainee, kind)
    early = factories.make_enrollment(cohort=enrollment.cohort, trainee=factories.make_trainee("Bat Early"))
    factories.make_document(early.trainee, "cv")
    factories.make_document(early.trainee, "insurance", expires=date(2026, 11, 26))
    gone = factories.make_enrollment(cohort=enrollment.cohort, trainee=factories.make_trainee("Gone"))
    enrollments.reject(gone, by=PORTAL, reason="too late")
    address = reverse("programs:cohort-trainees", args=[enrollment.cohort_id])

    def names(**query):
        return [row.trainee.passport_name for row in client.get(address, query).context["listing"].rows]

    assert str(gone.trainee) in names()
    assert names(papers="any") == ["Bat Early", "Nomin-Erdene Tsogt"]
    assert names(papers="cv") == ["Nomin-Erdene Tsogt"]
    assert names(papers="insurance") == ["Bat Early", "Nomin-Erdene Tsogt"]
    assert names(papers="photo") == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_filter_costs_the_same_for_one_and_for_three(
    client, officer, enrollment, django_assert_num_queries, count
):
    for _ in range(count - 1):
        factories.make_enrollment(cohort=enrollment.cohort)
    address = reverse("programs:cohort-trainees", args=[enrollment.cohort_id])
    client.get(address, {"papers": "any"})
    with django_assert_num_queries(8):
        assert len(client.get(address, {"papers": "any"}).context["listing"].rows) == count


def test_a_viewer_is_told_nothing_of_papers_by_the_filter(client, enrollment):
    client.force_login(factories.make_user(Role.VIEWER))
    for kind in ("cv", "insurance", "passport"):
        other = factories.make_enrollment(cohort=enrollment.cohort)
        factories.make_passport(other.trainee)
        factories.make_document(other.trainee, kind)
    response = client.get(reverse("programs:cohort-trainees", args=[enrollment.cohort_id]), {"papers": "any"})
    assert len(response.context["listing"].rows) == 4
    assert "Papers missing" not in response.content.decode()
