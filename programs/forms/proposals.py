"""What staff choose before a proposal, and where trainees would like to be."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Department, Hospital, Specialty
from portal.ui.forms import PortalForm
from programs.models import Proposal, Wish
from programs.proposing.words import ranks

ALL_WEEKS = 52


class ProposalForm(PortalForm):
    """The choices of a proposal."""

    stay_weeks = forms.TypedChoiceField(
        label=gettext_lazy("Weeks in one department"),
        coerce=int,
        choices=[
            (ALL_WEEKS, gettext_lazy("all weeks without a place")),
            (2, gettext_lazy("two, then another department")),
            (1, gettext_lazy("one, then another department")),
        ],
    )
    together = forms.ChoiceField(
        label=gettext_lazy("People of one institution"), choices=Proposal.Together.choices
    )
    own_specialty = forms.BooleanField(
        label=gettext_lazy("Only departments of the trainee’s own specialty"), required=False
    )
    common_language = forms.BooleanField(
        label=gettext_lazy("Only departments with a common language"), required=False
    )
    fieldsets = [("", [("stay_weeks", "together"), "own_specialty", "common_language"])]

    def __init__(self, data=None, *, latest=None):
        names = ("stay_weeks", "together", "own_specialty", "common_language")
        first = {"stay_weeks": 2, "together": "free", "own_specialty": True, "common_language": True}
        super().__init__(data, initial={name: getattr(latest, name) for name in names} if latest else first)


class WishesForm(PortalForm):
    """Up to three wishes, each a hospital that hosts the cohort, a specialty, or both."""

    def __init__(self, data=None, *, enrollment):
        self.wishes = {wish.rank: wish for wish in enrollment.places_wished.all()}
        super().__init__(data)
        hosts = set(enrollment.cohort.hospitals.values_list("pk", flat=True))
        taught = set(
            Department.objects.placeable().filter(hospital__in=hosts).values_list("specialty", flat=True)
        )
        # What was wished before stays a choice, also where a hospital does not host any more.
        hosts |= {wish.hospital_id for wish in self.wishes.values()}
        taught |= {wish.specialty_id for wish in self.wishes.values()}
        choices = {
            "hospital": (_("Hospital"), Hospital.objects.filter(pk__in=hosts).order_by("name")),
            "specialty": (_("Specialty"), Specialty.objects.filter(pk__in=taught).order_by("name")),
        }
        for rank in Wish.RANKS:
            for name, (label, rows) in choices.items():
                self.fields[f"{name}_{rank}"] = forms.ModelChoiceField(
                    rows, label=label, required=False, empty_label=_("any"),
                    initial=getattr(self.wishes.get(rank), name, None),
                )  # fmt: skip
        self.fieldsets = [
            (legend, [(f"hospital_{rank}", f"specialty_{rank}")]) for rank, legend in ranks().items()
        ]

    def clean(self):
        cleaned, seen = super().clean(), set()
        for rank in Wish.RANKS:
            pair = cleaned.get(f"hospital_{rank}"), cleaned.get(f"specialty_{rank}")
            if any(pair) and pair in seen:
                self.add_error(f"hospital_{rank}", _("This is an earlier wish already."))
            seen.add(pair)
        return cleaned

    @property
    def wanted(self):
        """The wishes in order, as pairs of hospital and specialty; empty ones are left out. Ask a valid form."""
        pairs = [
            (self.cleaned_data[f"hospital_{rank}"], self.cleaned_data[f"specialty_{rank}"])
            for rank in Wish.RANKS
        ]
        return [pair for pair in pairs if any(pair)]
