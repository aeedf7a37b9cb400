"""Signing in by mailed code and by password, and what keeps others out."""

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from portal.accounts.adapter import AccountAdapter
from portal.accounts.roles import Role
from portal.accounts.workflow import deactivate
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def user_of(client):
    return client.session.get("_auth_user_id")


def test_sign_in_page_offers_the_code_first_and_the_password_second(client):
    page = client.get(reverse("account_login")).content.decode()
    assert page.index("Mail me a code") < page.index("With a password")
    assert page.count("<h1>") == 1


def test_mailed_code_signs_in_and_leads_to_today(client, sign_in):
    user = make_user(email="officer@example.org")
    response = sign_in("officer@example.org")
    assert (response.status_code, response.url) == (302, reverse("desk:today"))
    assert user_of(client) == str(user.pk)


def test_code_mail_says_what_it_is_for_in_few_words(client, ask_for_code):
    make_user(email="officer@example.org")
    code = ask_for_code("officer@example.org")
    [letter] = mail.outbox
    assert letter.to == ["officer@example.org"]
    assert letter.subject == f"{code} is your code to sign in"
    assert letter.body == (
        "Your code to sign in:\n\n"
        f"{code}\n\n"
        "Type it into the page that asked for it, within ten minutes.\n\n"
        "If you did not ask for it, somebody typed your address. "
        "Without this code they cannot get in; you need do nothing.\n\n"
        "Medical Training, Gyeonggi Province"
    )


def test_code_is_stored_nowhere_that_staff_can_read(client, ask_for_code):
    from portal.mail.models import OutgoingMail

    make_user(email="officer@example.org")
    ask_for_code("officer@example.org")
    assert not OutgoingMail.objects.exists()


def test_address_is_found_in_any_case_and_with_blanks_around(client, sign_in):
    user = make_user(email="officer@example.org")
    sign_in(" Officer@Example.ORG ")
    assert user_of(client) == str(user.pk)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_code_mail_is_written_in_the_language_of_its_reader(client, ask_for_code, monkeypatch, language):
    spoken = []
    render = AccountAdapter.render_mail

    def listening(self, *args, **kwargs):
        spoken.append(translation.get_language())
        return render(self, *args, **kwargs)

    monkeypatch.setattr(AccountAdapter, "render_mail", listening)
    make_user(Role.COORDINATOR, email="someone@example.org", language=language)
    ask_for_code("someone@example.org")
    assert spoken == [language]


def test_unknown_address_gets_the_same_answer_as_a_known_one(client):
    make_user(email="known@example.org")
    pages = []
    for email in ("known@example.org", "stranger@example.org"):
        response = client.post(reverse("account_request_login_code"), {"email": email}, follow=True)
        shown = client.get(reverse("account_confirm_login_code")).content.decode().replace(email, "…")
        pages.append((response.redirect_chain, response.status_code, without_tokens(shown)))
        client.post(reverse("account_logout"))
        client.cookies.clear()
    assert pages[0] == pages[1]


def without_tokens(page):
    return "\n".join(line for line in page.splitlines() if "csrf" not in line.lower())


def test_unknown_address_is_told_by_mail_that_there_is_no_account(client, ask_for_code):
    assert ask_for_code("stranger@example.org") is None
    [letter] = mail.outbox
    assert letter.subject == "There is no account with this address"
    assert "stranger@example.org" in letter.body
    assert "http" not in letter.body


def test_closed_account_gets_no_code(client, ask_for_code):
    make_user(email="gone@example.org", is_active=False)
    assert ask_for_code("gone@example.org") is None


def test_wrong_code_is_refused_in_words_and_the_third_one_ends_it(client, ask_for_code):
    make_user(email="officer@example.org")
    code = ask_for_code("officer@example.org")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    confirm = reverse("account_confirm_login_code")
    for _ in range(2):
        assert "This is not the code we sent" in client.post(confirm, {"code": wrong}).content.decode()
    assert client.post(confirm, {"code": wrong}).url == reverse("account_request_login_code")
    client.post(confirm, {"code": code})
    assert user_of(client) is None


def test_code_ends_after_ten_minutes(client, ask_for_code):
    make_user(email="officer@example.org")
    code = ask_for_code("officer@example.org")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        client.post(reverse("account_confirm_login_code"), {"code": code})
        assert user_of(client) is None


def test_new_code_can_be_asked_for_and_ends_the_old_one(client, ask_for_code):
    make_user(email="officer@example.org")
    old = ask_for_code("officer@example.org")
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    new = mail.outbox[-1].subject.split()[0]
    assert new != old
    client.post(reverse("account_confirm_login_code"), {"code": new})
    assert user_of(client) is not None


def test_password_signs_in_too(client):
    user = make_user(email="officer@example.org", password=PASSWORD)
    response = client.post(reverse("account_login"), {"login": "officer@example.org", "password": PASSWORD})
    assert response.url == reverse("desk:today")
    assert user_of(client) == str(user.pk)


@pytest.mark.parametrize("email", ["officer@example.org", "stranger@example.org", "closed@example.org"])
def test_wrong_password_never_tells_whether_the_account_exists(client, email):
    make_user(email="officer@example.org", password=PASSWORD)
    make_user(email="closed@example.org", password=PASSWORD, is_active=False)
    page = client.post(reverse("account_login"), {"login": email, "password": "wrong one"}).content.decode()
    assert "This e-mail address and password do not belong together." in page


def test_user_without_a_password_cannot_sign_in_with_an_empty_one(client):
    make_user(email="officer@example.org")
    client.post(reverse("account_login"), {"login": "officer@example.org", "password": ""})
    assert user_of(client) is None


def test_ended_session_returns_to_the_same_place(client, sign_in):
    make_user(email="officer@example.org")
    place = reverse("accounts:profile") + "?tab=2"
    asked = client.get(place)
    assert parse_qs(urlsplit(asked.url).query) == {"next": [place]}
    assert sign_in("officer@example.org", next=place).url == place


def test_foreign_address_to_return_to_is_ignored(client, sign_in):
    make_user(email="officer@example.org")
    assert sign_in("officer@example.org", next="https://evil.example/").url == reverse("desk:today")


def test_fourth_code_within_a_minute_for_one_address_is_refused(client, ask_for_code):
    make_user(email="officer@example.org")
    for _ in range(3):
        ask_for_code("officer@example.org")
        client.cookies.clear()
    page = client.post(
        reverse("account_request_login_code"), {"email": "officer@example.org"}
    ).content.decode()
    assert "That was too often." in page
    assert len(mail.outbox) == 3


def test_guessing_passwords_is_slowed_down(client):
    make_user(email="officer@example.org", password=PASSWORD)
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "officer@example.org", "password": "wrong one"})
    client.post(reverse("account_login"), {"login": "officer@example.org", "password": PASSWORD})
    assert user_of(client) is None


def test_sign_in_works_and_is_limited_while_the_cache_does_not_answer(client, sign_in, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "portal.accounts.cache.AttemptsCache",
            "LOCATION": "redis://127.0.0.1:9/0",  # nothing listens on the discard port
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
    user = make_user(email="officer@example.org")
    sign_in("officer@example.org")
    assert user_of(client) == str(user.pk)
    client.post(reverse("account_logout"))
    for _ in range(3):
        client.post(reverse("account_request_login_code"), {"email": "other@example.org"})
        client.cookies.clear()
    page = client.post(reverse("account_request_login_code"), {"email": "other@example.org"}).content.decode()
    assert "That was too often." in page


def test_dead_mail_server_is_said_in_words(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    make_user(email="officer@example.org")
    response = client.post(reverse("account_request_login_code"), {"email": "officer@example.org"})
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "No mail leaves at this moment" in response.content.decode()


def test_nobody_signs_up(client):
    from portal.accounts.models import User

    assert "People are invited here" in client.get(reverse("account_signup")).content.decode()
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
    assert not User.objects.filter(email="new@example.org").exists()


def test_addresses_are_kept_in_the_account_alone(client, sign_in):
    """allauth's own table of addresses would go on signing in under an address that was changed here."""
    make_user(email="officer@example.org")
    sign_in("officer@example.org")
    assert not EmailAddress.objects.exists()
    with pytest.raises(NoReverseMatch):
        reverse("account_email")


def test_deactivated_user_is_out_at_the_next_request(client, sign_in):
    user = make_user(Role.COORDINATOR, email="coordinator@example.org")
    sign_in("coordinator@example.org")
    assert client.get(reverse("accounts:profile")).status_code == 200
    deactivate(user, by=make_user(Role.ADMINISTRATOR))
    assert client.get(reverse("accounts:profile")).url.startswith(reverse("account_login"))


def test_admin_is_entered_through_the_same_door(client):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(reverse("account_login"))
    client.force_login(make_user(Role.OFFICER))
    assert client.get("/admin/login/").status_code == 403


def test_signing_out_asks_for_a_post(client):
    user = make_user()
    client.force_login(user)
    client.get(reverse("account_logout"))
    assert user_of(client) == str(user.pk)
    client.post(reverse("account_logout"))
    assert user_of(client) is None


def guess_ten_times(client, ask_for_code, email):
    """Two tries for each code asked for, and a new one before the third, which would end it."""
    for minutes in range(0, 10, 2):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            client.cookies.clear()
            code = ask_for_code(email)
            for _ in range(2):
                client.post(
                    reverse("account_confirm_login_code"), {"code": f"{(int(code) + 1) % 1_000_000:06}"}
                )
    return code


def test_eleventh_try_of_a_code_within_an_hour_is_refused_even_where_it_is_right(client, ask_for_code):
    make_user(email="officer@example.org")
    code = guess_ten_times(client, ask_for_code, "officer@example.org")
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert user_of(client) is None


def test_somebody_else_signs_in_while_an_address_is_guessed_at(client, ask_for_code, sign_in):
    make_user(email="officer@example.org")
    user = make_user(email="other@example.org")
    guess_ten_times(client, ask_for_code, "officer@example.org")
    client.cookies.clear()
    sign_in("other@example.org")
    assert user_of(client) == str(user.pk)


def test_right_code_ends_the_counting(client, ask_for_code):
    user = make_user(email="officer@example.org")
    confirm = reverse("account_confirm_login_code")
    code = ""
    for minutes, wrong_tries in enumerate([2, 2, 2, 2, 0, 2]):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            client.cookies.clear()
            code = ask_for_code("officer@example.org")
            for _ in range(wrong_tries):
                client.post(confirm, {"code": f"{(int(code) + 1) % 1_000_000:06}"})
            if not wrong_tries:
                client.post(confirm, {"code": code})
    client.post(confirm, {"code": code})
    assert user_of(client) == str(user.pk)


def test_eleventh_code_asked_for_within_an_hour_is_refused(client):
    make_user(email="officer@example.org")
    for minutes in range(11):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            client.cookies.clear()
            client.post(reverse("account_request_login_code"), {"email": "officer@example.org"})
    assert len(mail.outbox) == 10
