"""Forms of sign-in: allauth's, with labels that say what to type and nothing said twice in placeholders."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context as allauth_context
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalModelForm

from . import languages, throttle, time_zones
from .models import READING_LANGUAGES, User


class Labelled:
    """Names allauth's fields as the portal names them."""

    labels = {}
    help_texts = {}
    label_suffix = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.widget.attrs["autocomplete"] = "email"


CODE_LABEL = _("Code")
LENGTH_HELP = _("At least 12 characters. A few words you can remember are good.")


class CodeRequestForm(Labelled, account.RequestLoginCodeForm):
    """Where to send the code."""

    labels = {"email": _("E-mail address")}


class CodeForm(Labelled, account.ConfirmLoginCodeForm):
    """The code out of the mail."""

    labels = {"code": CODE_LABEL}
    limit = {"limit": 10, "seconds": 3600}

    def clean_code(self):
        """allauth counts tries in the session, where those that arrive together count as one; here each counts."""
        address = allauth_context.request._login_stage.state.get("email", "").strip().lower()
        if throttle.too_often_for(address, "sign-in-code", **self.limit):
            raise get_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()
        throttle.forget(address, "sign-in-code")
        return code


class PasswordForm(Labelled, account.LoginForm):
    """Address and password, for those who have set one."""

    labels = {"login": _("E-mail address"), "password": _("Password")}


class ResetForm(Labelled, account.ResetPasswordForm):
    """Whose password was forgotten."""

    labels = {"email": _("E-mail address")}


class ResetKeyForm(Labelled, account.ResetPasswordKeyForm):
    """The new password, after the link in the mail."""

    labels = {"password1": _("New password"), "password2": _("New password, again")}
    help_texts = {"password1": LENGTH_HELP}


class PasswordChangeForm(Labelled, account.ChangePasswordForm):
    """A new password in place of the present one."""

    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password, again"),
    }
    help_texts = {"password1": LENGTH_HELP}


class PasswordSetForm(Labelled, account.SetPasswordForm):
    """A first password, for somebody who signs in by mailed codes so far."""

    labels = {"password1": _("Password"), "password2": _("Password, again")}
    help_texts = {"password1": LENGTH_HELP}


class ReauthenticateForm(Labelled, account.ReauthenticateForm):
    """The password once more, before something delicate."""

    labels = {"password": _("Password")}


class AppCodeForm(Labelled, second_factor.AuthenticateForm):
    """The code of the app, or a recovery code, after the first factor."""

    labels = {"code": _("Code from your app, or a recovery code")}


class AppCodeAgainForm(Labelled, second_factor.ReauthenticateForm):
    """The code of the app once more, before something delicate."""

    labels = {"code": _("Code from your app, or a recovery code")}


class AppSetupForm(Labelled, ActivateTOTPForm):
    """The first code of a newly set up app."""

    labels = {"code": _("The six digits the app shows now")}

    def clean_code(self):
        """Whoever types the app's code has proven to be there: the recovery codes come without asking again."""
        code = super().clean_code()
        record_authentication(allauth_context.request, self.user, method="mfa", reauthenticated=True)
        return code


class ProfileForm(PortalModelForm):
    """What people may change of their own account; their address and roles are changed by those who invite."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Mails and your schedule tell times in it."),
    )

    fieldsets = [("", ["name", "phone", ("language", "time_zone")])]

    class Meta:
        model = User
        fields = ["name", "phone", "language", "time_zone"]
        help_texts = {"language": _("For pages and mails.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A language that is not offered to them is kept where it is set already.
        offered = {*dict(languages.offered_to(self.instance)), self.instance.language}
        self.fields["language"].choices = [choice for choice in READING_LANGUAGES if choice[0] in offered]
        self.fields["time_zone"].choices = time_zones.offered(self.instance.time_zone, timezone.now())
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"
