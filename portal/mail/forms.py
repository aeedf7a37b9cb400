from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from portal.ui.forms import NativeDateInput, PortalForm

from . import kinds, troubles, wording
from .models import OutgoingMail, State
from .scopes import scopes


class ReasonForm(PortalForm):
    """Why a mail is not to leave."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Colleagues read it beside the mail.")
    )


class NoteForm(PortalForm):
    """What somebody found out, if they want to note it."""

    reason = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("For example: she confirmed it by phone."),
    )


class WordsForm(PortalForm):
    """What one mail says between its greeting and its footer."""

    subject = forms.CharField(label=_("Subject"), max_length=300)
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "Between the greeting and the footer. [link 1] stands for the recipient’s own link: leave it in."
        ),
    )

    def __init__(self, *args, usual, **kwargs):
        self.usual = usual
        super().__init__(*args, **kwargs)

    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        found = wording.link_problems(text, self.usual.text)
        if found:
            raise forms.ValidationError(found)
        return text

    def clean_subject(self):
        return " ".join(self.cleaned_data["subject"].split())


class WordingForm(PortalForm):
    """What the mails of a kind say from now on, and the mail it is shown with before."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "Between the greeting and the footer. A line that begins with “- ” becomes an entry of a list; "
            "{link} alone on its line becomes the button."
        ),
    )
    example = forms.ModelChoiceField(
        label=_("Show it with"),
        queryset=OutgoingMail.objects.none(),
        required=False,
        help_text=_("A mail of this kind, whose facts fill the preview."),
        empty_label=None,
    )

    def __init__(self, *args, kind, examples, **kwargs):
        self.kind = kind
        super().__init__(*args, **kwargs)
        self.fields["example"].queryset = examples
        self.fields["example"].label_from_instance = _as_example

    def clean(self):
        words = super().clean()
        subject, text = (
            " ".join(words.get("subject", "").split()),
            words.get("text", "").replace("\r\n", "\n"),
        )
        for problem in wording.problems(subject, text, self.kind.variables) if text else []:
            self.add_error("text", problem)
        return {**words, "subject": subject, "text": text}


def _as_example(mail):
    return f"{mail.recipient_name}, {date_format(localtime(mail.due), 'DATE_FORMAT')}"


def _date_input():
    return NativeDateInput(attrs={"class": "form-control"})


class OutgoingMailFilter(FilterSet):
    """What the list of mails can be narrowed to; what upper apps know of mails comes with their scopes."""

    recipient = CharFilter(label=_("Recipient"), method="by_recipient")
    state = ChoiceFilter(label=_("State"), choices=State.choices, empty_label=_("All states"))
    trouble = ChoiceFilter(
        label=_("Needs a person"), choices=troubles.choices, empty_label=_("Any"), method="by_trouble"
    )
    kind = ChoiceFilter(label=_("Kind"), choices=kinds.choices, empty_label=_("All kinds"))
    since = DateFilter(label=_("From"), field_name="due", lookup_expr="date__gte", widget=_date_input())
    until = DateFilter(label=_("Until"), field_name="due", lookup_expr="date__lte", widget=_date_input())

    class Meta:
        model = OutgoingMail
        fields = ["recipient", "state", "trouble", "kind", "since", "until"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for scope in scopes():
            chosen = ChoiceFilter(
                label=scope.label,
                choices=scope.choices,
                empty_label=_("All"),
                method=lambda mails, _name, value, scope=scope: scope.narrow(mails, value),
            )
            chosen.parent, chosen.model = self, OutgoingMail
            self.filters[scope.name] = chosen

    def by_recipient(self, mails, name, value):
        return mails.addressed_to(value)

    def by_trouble(self, mails, name, value):
        return mails.annotate(trouble=troubles.named()).filter(trouble=value)
