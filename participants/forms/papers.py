"""A paper is handed in, checked and refused; and what a person says about themselves."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants import scans
from participants.models import Document, Trainee
from portal.accounts.models import READING_LANGUAGES
from portal.records import clock
from portal.ui.forms import PortalForm, PortalModelForm
from portal.ui.seen import SeenMixin

ACCEPTED = "application/pdf,image/jpeg,image/png"


class ScanField(forms.FileField):
    """One paper, cleaned to a `scans.Scan`: told by its content."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("PDF, JPEG or PNG, 10 MB at most."))
        super().__init__(widget=forms.FileInput(attrs={"accept": ACCEPTED}), **kwargs)

    def clean(self, data, initial=None):
        sent = super().clean(data, initial)
        return scans.read(sent) if sent else None


class UploadForm(PortalForm):
    """One paper. `kinds` are those that may be handed in here; `ask_consent` where the passport's is not given yet."""

    kind = forms.ChoiceField(label=_("Which paper"))
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF, JPEG or PNG, 10 MB at most. A photo taken with the phone is fine if all is readable."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    expires = forms.DateField(
        label=_("Expires"),
        required=False,
        help_text=_("Of a passport, a license or an insurance: until when."),
    )
    agrees = forms.BooleanField(
        label=_("I agree that a scan of my passport is kept, as the text above says"), required=False
    )

    def __init__(self, *args, kinds, ask_consent=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, Document.Kind(kind).label) for kind in kinds]
        self.ask_consent = ask_consent
        if not ask_consent:
            del self.fields["agrees"]

    def clean_expires(self):
        expires = self.cleaned_data["expires"]
        if expires and expires < clock.today():
            raise ValidationError(gettext("This paper has expired. Hand in a valid one."))
        return expires

    def clean(self):
        cleaned = super().clean()
        kind, file = cleaned.get("kind"), cleaned.get("file")
        if kind and file:
            try:
                cleaned["scan"] = scans.read(file, pictures_only=kind == Document.Kind.PHOTO)
            except ValidationError as error:
                self.add_error("file", error)
        if kind == Document.Kind.PASSPORT and self.ask_consent and not cleaned.get("agrees"):
            self.add_error("agrees", gettext("Without this we may not keep a scan of your passport."))
        return cleaned

    @property
    def paper(self):
        """What the verb takes."""
        return {name: self.cleaned_data[name] for name in ("kind", "scan", "expires")}


class CheckForm(PortalForm):
    """What the paper itself says about how long it is valid."""

    expires = forms.DateField(label=_("Expires"), required=False, help_text=_("As it stands on the paper."))


class CheckAgainForm(PortalForm):
    """Why a paper that was checked is looked at once more."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class RefuseForm(PortalForm):
    """Why a paper cannot be used."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The person reads it, for example: the page with the photo is cut off."),
    )


class MyProfileForm(SeenMixin, PortalModelForm):
    """What a person may change of their own record. Name, birth date and home stay the staff's: they are checked."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=READING_LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )

    fieldsets = [
        (_("How to reach you"), ["phone", "emergency_contact", "language"]),
        (_("You"), ["local_name", "languages", "needs"]),
        (_("Work at home"), ["profession", "position"]),
    ]

    class Meta:
        model = Trainee
        fields = [
            "phone", "emergency_contact", "language", "local_name", "languages", "needs", "profession",
            "position",
        ]  # fmt: skip
        help_texts = {
            "emergency_contact": _("Name and phone number of somebody whom we may call."),
            "needs": _(
                "What you do not eat, when you pray: the hospital is told. Nothing about your health."
            ),
        }
