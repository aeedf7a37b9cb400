"""The holder of a certificate asks for a correction of the name on it; staff issue it anew, or say why not."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import Error
from django.db.models.query import QuerySet
from django.urls import reverse

from portal.accounts.roles import Role
from portal.mail import render
from portal.mail.models import OutgoingMail
from portal.records import clock
from portal.records.transitions import NotNow
from programs.models import Certificate
from programs.workflow import certificate_corrections, certificates
from tests import factories
from tests.threads import at_once, meet

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


# By phone, and settled otherwise ----------------------------------------------------------------------


def test_staff_take_down_what_came_by_phone_and_a_manager_accepts_it(client, certificate, manager):
    officer = factories.make_user(Role.OFFICER, name="Kim Seo-yeon")
    address = page_of("programs:certificate-enter-correction", certificate)
    assert address in as_(client, officer).get(page_of(DETAIL, certificate)).content.decode()
    page = client.post(address, {"name": WANTED, "note": "By phone"}, follow=True)
    assert "taken down by Kim Seo-yeon" in page.content.decode()
    assert client.post(address, {"name": "Third Name"}).status_code == 422

    as_(client, manager).post(page_of(ACCEPT, certificate), {"name": WANTED})
    certificate.refresh_from_db()
    assert certificate.superseded_by.printed["name"] == WANTED
    assert kinds_sent() == ["certificate_corrected"]


def test_an_ordinary_reissue_that_prints_the_name_settles_the_request(certificate, manager):
    asked(certificate)
    type(certificate.enrollment.trainee).objects.update(certificate_name=WANTED)
    certificates.reissue(certificate, by=manager, reason="wrong dates")
    certificate.refresh_from_db()
    assert (certificate.correction_asked_at, certificate.correction_name) == (None, "")
    assert kinds_sent() == ["certificate_corrected"]


def test_an_ordinary_reissue_that_does_not_print_it_says_why(certificate, manager):
    asked(certificate)
    fresh = certificates.reissue(certificate, by=manager, reason="wrong dates")
    assert fresh.printed["name"] != WANTED
    assert not Certificate.objects.to_be_corrected().exists()
    mail = OutgoingMail.objects.get(kind="certificate_not_corrected")
    assert (mail.about, mail.context["reason"]) == (fresh, "wrong dates")


def test_a_revocation_settles_the_request_and_the_holder_is_told(certificate, manager):
    asked(certificate)
    officer = factories.make_user(Role.OFFICER)
    certificates.ask_revocation(certificate, by=officer, reason="wrong person")
    certificates.revoke(certificate, by=manager)
    certificate.refresh_from_db()
    assert certificate.correction_asked_at is None
    texts = render.preview(OutgoingMail.objects.get(kind="certificate_not_corrected"))
    assert "is not valid any more, so nothing is printed." in texts["text"]
    assert "wrong person" in texts["text"]
    assert "valid as before" not in texts["text"]


def _accept_twice_at_once(certificate):
    managers = [factories.make_user(Role.MANAGER) for _ in range(2)]
    names = (WANTED, "Nomin-Erdene Tsogt")
    asked(certificate)

    def accept(by, name):
        def job():
            try:
                return certificate_corrections.accept(
                    Certificate.objects.get(pk=certificate.pk), by=by, name=name
                )
            except (NotNow, Error) as error:
                return error

        return job

    return at_once(*(accept(*pair) for pair in zip(managers, names, strict=True)))


def _all_look_before_any_writes(monkeypatch):
    """Both have looked before either goes on, as far as locks let them; returns who found it to be settled by them."""
    real, found = certificate_corrections._require_asked, []

    def slowly(certificate):
        real(certificate)
        found.append(certificate)
        meet()

    monkeypatch.setattr(certificate_corrections, "_require_asked", slowly)
    return found


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_managers_who_accept_at_once_issue_one_certificate_and_one_is_told(certificate, monkeypatch):
    found = _all_look_before_any_writes(monkeypatch)
    answers = _accept_twice_at_once(certificate)
    assert sorted(type(answer).__name__ for answer in answers) == ["Certificate", "NotNow"]
    assert len(found) == 1
    assert list(Certificate.objects.order_by("serial").values_list("serial", flat=True)) == [1, 2]
    fresh = Certificate.objects.get(state="issued")
    assert fresh.printed["name"] == fresh.enrollment.trainee.name_on_certificate
    assert kinds_sent() == ["certificate_corrected"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_managers_find_the_request_open(certificate, monkeypatch):
    """The negative control: only what the database itself forbids is left between them."""
    found = _all_look_before_any_writes(monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
    _accept_twice_at_once(certificate)
    assert len(found) == 2
