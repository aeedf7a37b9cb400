"""What is entered about an MOU: its dates as precisely as they are known, its text, its signature, its end."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners import rules
from partners.models import Mou
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.records.fields import ApproximateDateFormField
from portal.records.uploads import UploadField
from portal.ui.forms import PortalForm, PortalModelForm
from portal.ui.seen import SeenMixin

LAST_DAY_HELP = _("Left empty where it is not known: the page then claims nothing.")


class DatesForm(PortalModelForm):
    """The dates of an MOU fit together; what does not is said at the field."""

    def _get_validation_exclusions(self):
        # The constraints of the table say the same of no field.
        return super()._get_validation_exclusions() | {"signed", "expires"}

    def _post_clean(self):
        super()._post_clean()
        for field, words in rules.objections_to_mou(self.instance).items():
            if field in self.fields and field not in self.errors:
                self.add_error(field, words)


class MouForm(SeenMixin, DatesForm):
    """The paper itself. Who signs is asked beside it (`parties`), its end by verbs of their own."""

    fieldsets = [
        (_("The paper"), ["kind", ("title", "title_ko"), "scope", "seats_a_year"]),
        (_("Dates"), [("signed", "effective"), "expires"]),
        (_("In the province"), ["owner"]),
    ]

    class Meta:
        model = Mou
        fields = [
            "kind", "title", "title_ko", "scope", "seats_a_year", "signed", "effective", "expires", "owner",
        ]  # fmt: skip
        help_texts = {
            "title": _("Left empty, it is called by its parties."),
            "signed": _(
                "Also of a paper signed long ago: 2015, 2021-07 or 2022-06-09. Empty while it is a draft."
            ),
            "effective": _("Where it takes effect on another day than the signature."),
            "expires": LAST_DAY_HELP,
            "seats_a_year": _("As the paper says; empty where it says nothing."),
            "scope": _("What was agreed. Earlier versions stay readable."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        editors = Q(pk__in=User.objects.who_may(Permission.EDIT_PARTNERS)) | Q(pk=self.instance.owner_id)
        self.fields["owner"].queryset = User.objects.filter(editors)
        self.fields["owner"].empty_label = gettext("nobody: all who may change partners are reminded")


class SignForm(DatesForm):
    """When a draft was signed, and until when it holds."""

    class Meta:
        model = Mou
        fields = ["signed", "effective", "expires"]
        help_texts = {"expires": LAST_DAY_HELP}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signed"].required = True


class TerminateForm(PortalForm):
    """When an MOU ended before its time, and why."""

    terminated = ApproximateDateFormField(label=_("Terminated"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Colleagues read it in the history.")
    )


class ScanForm(PortalForm):
    """One more version of the signed paper."""

    scan = UploadField(label=_("Scanned file"))
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("For example: with all annexes")
    )
