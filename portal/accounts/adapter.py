"""allauth's doors to us: what it may do, what it says, and how it sends."""

import base64
import io
import logging
import secrets
import smtplib

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from . import sealing
from .models import User

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: people are invited. Codes and reset links are mailed at once."""

    # In our own words, so that a page is in one language and says what to do.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This is not the code we sent. Use the one in the latest mail."),
        "incorrect_password": _("This is not your password."),
        "invalid_login": _("This e-mail address and password do not belong together."),
        "invalid_password_reset": _("This link has been used, or its time is over."),
        "rate_limited": _("That was too often. Wait a minute, then try again."),
        "too_many_login_attempts": _("That was too often. Wait a few minutes, then ask for a new code."),
    }

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """Send at once, in the recipient's language.

        Codes and reset links do not go through the outbox: they are worthless after minutes, they open an account, and
        the outbox keeps what it sends where staff can read it.
        """
        user = User.objects.active().filter(email=email.strip().lower()).first()
        with translation.override(_language_of(user)):
            message = self.render_mail(template_prefix, email, {"email": email, **context})
        message.extra_headers["Auto-Submitted"] = "auto-generated"
        try:
            message.send()
        except (smtplib.SMTPException, OSError) as error:
            request = allauth_context.request
            answer = render(request, "account/mail_unavailable.html", status=503)
            raise ImmediateHttpResponse(answer) from error


def _language_of(user):
    """The user's language where the portal offers it; for somebody unknown the page's."""
    return translation.get_language() if user is None else user.reading_language


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor in our own words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _("Set up the app first; the recovery codes come with it."),
        "incorrect_code": _("This is not the code your app shows now. Wait for the next one and type that."),
    }

    def encrypt(self, text):
        """Seeds of apps and recovery codes are sealed: the database alone shows nobody's codes."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text):
        """The seed again; in place of one that no key opens another one, which no code anybody has fits."""
        try:
            return sealing.unseal(encrypted_text)
        except sealing.Unreadable:
            logger.error("A second factor was sealed with a key that is not in SECRET_KEY_FALLBACKS.")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_svg(self, url):
        """The QR mark on white, so that it can be read on a dark page too."""
        svg = io.BytesIO()
        segno.make(url).save(svg, kind="svg", light="#ffffff", xmldecl=False, svgns=True)
        return svg.getvalue().decode()
