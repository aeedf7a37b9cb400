"""What is entered beside the plan of a cohort: its copy, its quotas, and people known by number only."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.models import Region
from portal.records.fields import ApproximateDateFormField
from portal.records.models import Source
from portal.ui.forms import PortalForm, PortalModelForm
from programs import copying
from programs.forms.cohorts import proposed_code
from programs.models import Cohort, HeadCount, Quota


class CopyForm(PortalForm):
    """The new cohort's name and first day; everything else comes along and can be changed afterwards."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("For example: Autumn 2026"))
    name_ko = forms.CharField(label=_("Name in Korean"), max_length=120, required=False)
    starts = ApproximateDateFormField(
        label=_("First day"),
        help_text=_("The other days move along by whole weeks, so that each stays on its day of the week."),
    )
    code = forms.SlugField(
        label=_("Code"),
        max_length=30,
        required=False,
        help_text=_("Left empty, it is made of the program and the year, for example gmtp-2026."),
    )
    parts = forms.MultipleChoiceField(
        label=_("What comes along"),
        choices=[
            ("hospitals", _("Host hospitals")),
            ("mous", _("MOUs")),
            ("quotas", _("Quotas")),
            ("sessions", _("Sessions of the schedule")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    fieldsets = [("", [("name", "name_ko"), ("starts", "code"), "parts"])]

    def __init__(self, data=None, *, cohort):
        first = {"starts": str(copying.usual_first_day(cohort)), "parts": list(copying.PARTS)}
        super().__init__(data, initial=first)
        self.cohort = cohort

    def clean_code(self):
        code = self.cleaned_data["code"]
        if code and Cohort.objects.filter(code=code).exists():
            raise forms.ValidationError(gettext("Another cohort has this code."))
        return code

    @property
    def facts(self):
        """Keyword arguments of the verb. Ask a valid form."""
        facts = dict(self.cleaned_data)
        facts["code"] = facts["code"] or proposed_code(self.cohort.program, facts["starts"].year)
        return facts

    @property
    def shown(self):
        """The first day and the parts that the preview is about: those typed, else those the page began with."""
        if self.is_bound and self.is_valid():
            return self.cleaned_data["starts"], self.cleaned_data["parts"]
        return copying.usual_first_day(self.cohort), copying.PARTS


class QuotaForm(PortalModelForm):
    """How many seats a region may fill."""

    fieldsets = [("", [("region", "seats")])]

    class Meta:
        model = Quota
        fields = ["region", "seats"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.to_choose(pk=self.instance.region_id)


QuotaLines = forms.inlineformset_factory(Cohort, Quota, form=QuotaForm, extra=3, can_delete_extra=False)


class HeadCountForm(PortalModelForm):
    """People by number. Several regions in one line say that the split between them is not known."""

    fieldsets = [("", ["count", "regions", "profession", "note", "sources"])]

    class Meta:
        model = HeadCount
        fields = ["count", "regions", "profession", "note", "sources"]
        widgets = {"regions": forms.CheckboxSelectMultiple, "sources": forms.CheckboxSelectMultiple}
        help_texts = {
            "regions": _(
                "One region where the number is known for it alone. Several: the split between them is not stated."
            ),
            "sources": _("Where the number was published."),
        }

    def __init__(self, data=None, *, cohort, instance=None):
        super().__init__(data, instance=instance or HeadCount(cohort=cohort))
        chosen = self.instance.regions.values("pk") if self.instance.pk else []
        regions = Region.objects.to_choose(pk__in=chosen)
        self.fields["regions"].queryset = regions.order_by("country", "level", "name")
        self.fields["sources"].queryset = Source.objects.all()
