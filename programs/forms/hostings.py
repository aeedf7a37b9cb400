"""What a hospital offers to a cohort: interest first, seats by department and week later."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.records.approximate import span_words
from programs.forms.placements import RecordedAnswerForm
from programs.models import Hosting
from programs.rules import weeks_of

MOST_SEATS = 500


class HostingForm(RecordedAnswerForm):
    """Interest, a note, and a table of seats; an empty cell says nothing yet."""

    interest = forms.ChoiceField(
        label=gettext_lazy("Does the hospital want to host this cohort?"),
        choices=Hosting.Interest.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)
    field_order = ["interest", "note"]

    def __init__(self, data=None, *, cohort, departments, hosting, user):
        super().__init__(data, placement=None, user=user)
        self.weeks = weeks_of(cohort.first_day, cohort.last_day)
        self.departments = departments
        given = {}
        if hosting is not None:
            self.initial |= {"interest": hosting.interest, "note": hosting.note}
            given = {(row.department_id, row.monday): row.seats for row in hosting.seats.all()}
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
        """Pairs of a department and its cells."""
        return [
            (department, [self[_name(department, monday)] for monday, _friday in self.weeks])
            for department in self.departments
        ]

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


def _name(department, monday):
    return f"seats_{department.pk}_{monday:%Y%m%d}"
