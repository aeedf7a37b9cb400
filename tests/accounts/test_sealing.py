"""Seeds of the second factor, as they lie in the database."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse

from portal.accounts import sealing
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def app_code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_app(user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def test_seed_of_an_app_does_not_stand_in_the_database():
    secret = with_app(make_user())
    kept = str(Authenticator.objects.get().data)
    assert secret not in kept
    assert sealing.unseal(Authenticator.objects.get().data["secret"]) == secret


def test_app_works_after_the_key_has_changed_as_long_as_the_former_one_is_named(settings):
    secret = with_app(make_user())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 5, [settings.SECRET_KEY]
    assert sealing.unseal(Authenticator.objects.get().data["secret"]) == secret
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(Authenticator.objects.get().data["secret"])


def test_app_whose_key_is_lost_lets_nobody_in_and_says_so_in_words(client, sign_in):
    user = make_user()
    secret = with_app(user)
    sign_in(user.email)
    seed = Authenticator.objects.get()
    seed.data["secret"] = "sealed with a key that is gone"
    seed.save()
    page = client.post(reverse("mfa_authenticate"), {"code": app_code(secret)}).content.decode()
    assert "This is not the code your app shows now." in page
    assert "_auth_user_id" not in client.session
