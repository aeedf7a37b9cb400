"""Who signs certificates, and the picture of a signature or a seal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalForm, PortalModelForm
from programs import marks
from programs.models import Signatory, SignatoryMark


class SignatoryForm(PortalModelForm):
    """The names as they are printed below the line, and from which day on."""

    class Meta:
        model = Signatory
        fields = ["name", "name_ko", "title", "title_ko", "since"]
        help_texts = {
            "name": _("As printed below the signature, such as “Dr. Kim Min-seo”."),
            "title": _("The office, such as “Governor of Gyeonggi Province”."),
            "since": _("Certificates issued from this day on are signed by this person."),
        }
        error_messages = {"since": {"unique": _("Somebody else begins to sign on this day already.")}}


class MarkForm(PortalForm):
    """A scan or photograph on white; it is cut to the ink and made small."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=SignatoryMark.Kind.choices,
        widget=forms.RadioSelect,
        initial="signature",
    )
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG or JPEG, 2 MB at most: dark ink on white paper. It is cut to the ink."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )

    def clean_picture(self):
        """The bytes; one that is too large is not read."""
        sent = self.cleaned_data["picture"]
        return sent.read(marks.LARGEST_BYTES + 1)

    @property
    def facts(self):
        """Keyword arguments of the verb. Ask a valid form."""
        return {"kind": self.cleaned_data["kind"], "content": self.cleaned_data["picture"]}
