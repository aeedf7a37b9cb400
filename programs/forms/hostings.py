"""What a hospital offers to a cohort: interest first, seats by department and week later."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Hospital
from portal.records import clock
from portal.records.approximate import span_words
from portal.ui.forms import PortalForm
from programs.forms.placements import RecordedAnswerForm
from programs.models import Hosting
from programs.rules import ANSWER_WITHIN_DAYS, weeks_of

MOST_SEATS = 500


class HostingForm(RecordedAnswerForm):
    """Interest, a note, and a table of seats; an empty cell says nothing yet."""

    interest = forms.ChoiceField(
        label=gettext_lazy("Does the hospital want to host this cohort?"),
        choices=Hosting.Interest.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["interest", "note"]

    def __init__(self, data=None, *, cohort, departments, hosting, user):
        super().__init__(data, placement=None, user=user)
        self.weeks = weeks_of(cohort.first_day, cohort.last_day)
        self.departments = departments
        self.version = data.get("seen", 0) if data else hosting.version if hosting else 0
        given = _seats(hosting)
        if hosting is not None:
            self.initial |= {"interest": hosting.interest, "note": hosting.note}
        for department in departments:
            for monday, friday in self.weeks:
                self.fields[_name(department, monday)] = forms.IntegerField(
                    label=f"{department.label}, {span_words(monday, friday)}",
                    min_value=0, max_value=MOST_SEATS, required=False,
                    initial=given.get((department.pk, monday)),
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 3}),
                )  # fmt: skip

    @property
    def head(self):
        """The fields above the table."""
        return [self[name] for name in ("interest", "note", "channel", "who") if name in self.fields]

    @property
    def week_heads(self):
        return [span_words(monday, friday) for monday, friday in self.weeks]

    @property
    def table(self):
        """Pairs of a department and its cells, each cell with its week in words."""
        return [
            (
                department,
                [
                    (head, self[_name(department, monday)])
                    for head, (monday, _friday) in zip(self.week_heads, self.weeks, strict=True)
                ],
            )
            for department in self.departments
        ]

    def show_what_stands(self, hosting):
        """Beside each field in which somebody else has said something else meanwhile, what that is."""
        self.version, given = hosting.version, _seats(hosting)
        stands = {
            "interest": (hosting.interest, hosting.get_interest_display()),
            "note": (hosting.note, hosting.note),
        }
        for department in self.departments:
            for monday, _friday in self.weeks:
                seats = given.get((department.pk, monday))
                stands[_name(department, monday)] = (seats, "" if seats is None else seats)
        for name, (value, words) in stands.items():
            if value != self.cleaned_data.get(name):
                shown = _("Stands now: %(value)s") % {"value": words if words != "" else _("nothing")}
                self[name].help_text = shown

    @property
    def offered(self):
        """The seats that were typed, by department and Monday. Ask a valid form."""
        found = {}
        for department in self.departments:
            for monday, _friday in self.weeks:
                seats = self.cleaned_data[_name(department, monday)]
                if seats is not None:
                    found[department, monday] = seats
        return found

    @property
    def facts(self):
        """Keyword arguments of the verb. Ask a valid form."""
        said = {name: self.cleaned_data[name] for name in ("channel", "who") if name in self.fields}
        return {
            "interest": self.cleaned_data["interest"],
            "note": self.cleaned_data["note"],
            "offered": self.offered,
            "seen": self.cleaned_data["seen"] or 0,
            **said,
        }

    def clean(self):
        cleaned = super().clean()
        more = [
            name for department in self.departments for monday, _friday in self.weeks
            if (cleaned.get(name := _name(department, monday)) or 0) > department.seats
        ]  # fmt: skip
        for name in more:
            self.add_error(name, _("The department has fewer seats than that at one time."))
        return cleaned


def _seats(hosting):
    """The seats that stand, by the keys of department and Monday."""
    return {(row.department_id, row.monday): row.seats for row in hosting.seats.all()} if hosting else {}


class AskForOffersForm(PortalForm):
    """Which hosts are asked, and until when they are to say what they offer."""

    hospitals = forms.ModelMultipleChoiceField(
        Hospital.objects.none(),
        label=gettext_lazy("Which hospitals are asked?"),
        widget=forms.CheckboxSelectMultiple,
    )
    answer_by = forms.DateField(
        label=gettext_lazy("Until when?"),
        help_text=gettext_lazy("Who says nothing is reminded after four days; then you call."),
    )

    def __init__(self, data=None, *, cohort, hosts):
        usual = clock.today() + timedelta(days=ANSWER_WITHIN_DAYS)
        super().__init__(data, initial={"answer_by": min(usual, cohort.first_day - timedelta(days=1))})
        self.fields["hospitals"].queryset = Hospital.objects.filter(pk__in=[one.pk for one, _people in hosts])
        self.fields["hospitals"].choices = [(one.pk, _with_people(one, people)) for one, people in hosts]
        self.initial["hospitals"] = [one.pk for one, people in hosts if people]


def _with_people(hospital, coordinators):
    """Who gets the mail; where nobody does, that somebody has to call."""
    if not coordinators:
        return _("%(hospital)s: nobody answers there in the portal, please call") % {"hospital": hospital}
    names = ", ".join(str(one.user) for one in coordinators)
    return _("%(hospital)s: mail to %(names)s") % {"hospital": hospital, "names": names}


def _name(department, monday):
    return f"seats_{department.pk}_{monday:%Y%m%d}"
