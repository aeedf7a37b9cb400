"""The holder of a certificate asks for a correction of the name on it; staff issue it anew, or say why not."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail.models import OutgoingMail
from portal.records import clock
from programs.models import Certificate
from programs.workflow import certificate_corrections
from tests import factories

pytestmark = pytest.mark.django_db
WANTED = "Nomin-Erdene TSOGT"
DETAIL = "programs:certificate-detail"
ACCEPT = "programs:certificate-accept-correction"
DECLINE = "programs:certificate-decline-correction"


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


@pytest.fixture
def certificate():
    trainee = factories.make_trainee("Nomin Erdene Tsogt", user=True)
    enrollment = factories.make_enrollment(trainee=trainee, state="completed")
    return factories.make_certificate(enrollment=enrollment, state="issued")


@pytest.fixture
def manager():
    return factories.make_user(Role.MANAGER)


def holder(certificate):
    return certificate.enrollment.trainee.user


def as_(client, user):
    client.force_login(user)
    return client


def form_of(certificate):
    return reverse("programs:my-certificate-correction", args=[certificate.pk])


def page_of(name, certificate):
    return reverse(name, args=[certificate.pk])


def asked(certificate, **said):
    return certificate_corrections.ask_correction(
        certificate, by=holder(certificate), **{"name": WANTED, **said}
    )


def kinds_sent():
    return sorted(OutgoingMail.objects.filter(kind__contains="correct").values_list("kind", flat=True))


def test_the_holder_asks_and_sees_that_it_is_being_looked_at(client, certificate):
    client = as_(client, holder(certificate))
    mine = reverse("programs:my-certificates")
    assert form_of(certificate) in client.get(mine).content.decode()
    page = client.post(form_of(certificate), {"name": WANTED, "note": "The hyphen"}, follow=True)
    assert page.redirect_chain == [(mine, 302)]
    text = page.content.decode()
    assert "Correction asked for" in text
    assert form_of(certificate) not in text
    certificate.refresh_from_db()
    assert (certificate.correction_name, certificate.correction_note) == (WANTED, "The hyphen")
    assert certificate.state == "issued"


def test_one_request_a_certificate_is_open(client, certificate):
    asked(certificate)
    client = as_(client, holder(certificate))
    assert "we are looking at it" in client.get(form_of(certificate)).content.decode()
    assert client.post(form_of(certificate), {"name": "Third Name"}).status_code == 422
    certificate.refresh_from_db()
    assert certificate.correction_name == WANTED


@pytest.mark.parametrize("name", ["", "Номин", "x" * 161])
def test_a_name_that_cannot_be_printed_comes_back_with_what_was_typed(client, certificate, name):
    response = as_(client, holder(certificate)).post(
        form_of(certificate), {"name": name, "note": "My remark"}
    )
    assert response.status_code == 422
    assert "My remark" in response.content.decode()
    certificate.refresh_from_db()
    assert certificate.correction_asked_at is None


def test_the_name_that_is_printed_already_is_no_correction(client, certificate):
    response = as_(client, holder(certificate)).post(
        form_of(certificate), {"name": certificate.printed["name"]}
    )
    assert "prints the name like this already" in response.content.decode()


def test_who_asks_again_and_again_is_told_to_write(client, certificate):
    client = as_(client, holder(certificate))
    for _try in range(5):
        client.post(form_of(certificate), {"name": certificate.printed["name"]})
    response = client.post(form_of(certificate), {"name": WANTED})
    assert response.status_code == 422
    assert "several times today" in response.content.decode()
    certificate.refresh_from_db()
    assert certificate.correction_asked_at is None


def test_nobody_asks_for_the_certificate_of_another(client, certificate):
    other = factories.make_trainee("Other Person", user=True)
    client = as_(client, other.user)
    assert client.get(form_of(certificate)).status_code == 404
    assert client.post(form_of(certificate), {"name": WANTED}).status_code == 404


def test_staff_see_it_on_the_certificate_and_settle_it_there(client, certificate, manager):
    asked(certificate, note="The hyphen")
    page = as_(client, manager).get(page_of(DETAIL, certificate)).content.decode()
    for words in (WANTED, "The hyphen", page_of(ACCEPT, certificate)):
        assert words in page
    assert page_of(DECLINE, certificate) in page
    page = as_(client, factories.make_user(Role.OFFICER)).get(page_of(DETAIL, certificate))
    assert page_of(ACCEPT, certificate) not in page.content.decode()


def test_accepting_issues_another_with_the_right_name_and_tells_the_holder(client, certificate, manager):
    asked(certificate)
    client = as_(client, manager)
    page = client.get(page_of(ACCEPT, certificate)).content.decode()
    assert f'value="{WANTED}"' in page
    client.post(page_of(ACCEPT, certificate), {"name": WANTED})
    certificate.refresh_from_db()
    fresh = certificate.superseded_by
    assert (certificate.state, fresh.state) == ("superseded", "issued")
    assert (certificate.printed["name"], fresh.printed["name"]) == ("Nomin Erdene Tsogt", WANTED)
    assert kinds_sent() == ["certificate_corrected"]
    assert OutgoingMail.objects.get(kind="certificate_corrected").about == fresh
    again = client.post(page_of(ACCEPT, certificate), {"name": WANTED})
    assert again.status_code == 422
    assert Certificate.objects.count() == 2


def test_declining_says_why_and_the_holder_may_ask_again(client, certificate, manager):
    asked(certificate)
    client = as_(client, manager)
    client.post(page_of(DECLINE, certificate), {"reason": "Your passport says so"})
    certificate.refresh_from_db()
    assert (certificate.state, certificate.correction_name) == ("issued", "")
    mail = OutgoingMail.objects.get(kind="certificate_not_corrected")
    assert mail.context == {"name": WANTED, "reason": "Your passport says so"}
    again = client.post(page_of(DECLINE, certificate), {"reason": "Twice"})
    assert again.status_code == 409
    with clock.at(clock.now() + timedelta(days=1)):
        asked(certificate)
    certificate_corrections.decline_correction(certificate, by=manager, reason="As before")
    assert kinds_sent() == ["certificate_not_corrected"] * 2


def test_a_name_that_cannot_be_printed_leaves_everything_as_it_was(client, certificate, manager):
    asked(certificate)
    response = as_(client, manager).post(page_of(ACCEPT, certificate), {"name": "Номин"})
    assert response.status_code == 422
    certificate.refresh_from_db()
    assert (certificate.state, kinds_sent()) == ("issued", [])
