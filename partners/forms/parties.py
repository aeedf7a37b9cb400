"""Who signs an MOU: rows for the Gyeonggi side and rows for the partner side, as many as are needed.

Works without JavaScript: “Add another” posts the form, which comes back with one row more and all that was typed.
"""

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospitals.models import Hospital
from partners.models import Institution, MouParty, Region
from portal.records.lookup import key_in
from portal.ui.forms import PortalForm

from .called import CalledField

PROVINCE = "province"
MOST = 20


class OurPartyForm(PortalForm):
    party = forms.ChoiceField(label=gettext_lazy("Party on the Gyeonggi side"), required=False)

    def __init__(self, *args, choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = choices


class TheirPartyForm(PortalForm):
    party = CalledField(
        label=gettext_lazy("Party on the partner side"),
        models=(Region, Institution),
        required=False,
        help_text=gettext_lazy("A region or an institution by any of its names, for example Darkhan-Uul."),
    )

    def __init__(self, *args, chosen=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].chosen = chosen


class SideFormSet(BaseFormSet):
    """The parties of one side, each once and one at least. An empty row says nothing."""

    def clean(self):
        chosen = []
        for form in self.forms:
            party = getattr(form, "cleaned_data", {}).get("party")
            if not party:
                continue
            if party in chosen:
                form.add_error("party", _("This party stands on this side already."))
            chosen.append(party)
        if not chosen and not any(form.errors for form in self.forms) and self.forms:
            self.forms[0].add_error("party", _("Somebody signs on this side."))

    @property
    def chosen(self):
        return [form.cleaned_data["party"] for form in self.forms if form.cleaned_data.get("party")]


OurFormSet = formset_factory(OurPartyForm, formset=SideFormSet, extra=0, max_num=MOST, absolute_max=MOST)
TheirFormSet = formset_factory(TheirPartyForm, formset=SideFormSet, extra=0, max_num=MOST, absolute_max=MOST)


class PartiesForm:
    """Both sides together. `parties` are those that stand there already, or that are proposed."""

    def __init__(self, data=None, *, parties=()):
        # While a row is added nothing is checked: what was typed stands in a form that nobody has sent yet.
        self.added = data.get("add", "") if data is not None else ""
        ours = [_key(party) for party in parties if party.side == MouParty.Side.GYEONGGI] or [PROVINCE]
        stand = [party.party for party in parties if party.side == MouParty.Side.PARTNER]
        theirs = stand or [None]
        if self.added:
            ours, theirs = _typed(data, "ours", self.added), _typed(data, "theirs", self.added)
            data = None
        choices = _our_choices([party.hospital_id for party in parties])
        self.ours = OurFormSet(data, prefix="ours", initial=_rows(ours), form_kwargs={"choices": choices})
        self.theirs = TheirFormSet(
            data, prefix="theirs", initial=_rows(theirs), form_kwargs={"chosen": stand}
        )
        for form in self.forms:
            form.empty_permitted = False  # a row that stands as proposed is an answer as well

    @property
    def forms(self):
        return [*self.ours.forms, *self.theirs.forms]

    @property
    def may_add_ours(self):
        return len(self.ours.forms) < MOST

    @property
    def may_add_theirs(self):
        return len(self.theirs.forms) < MOST

    def is_valid(self):
        # Both are asked, so that all that is wrong is said at once.
        return all([self.ours.is_valid(), self.theirs.is_valid()])

    @property
    def parties(self):
        """The parties as unsaved rows, in the order they were entered. Ask a valid form."""
        side = MouParty.Side
        ours = [
            MouParty(side=side.GYEONGGI, is_province=True)
            if key == PROVINCE
            else MouParty(side=side.GYEONGGI, hospital_id=int(key))
            for key in self.ours.chosen
        ]
        theirs = [
            MouParty(side=side.PARTNER, **{"region" if isinstance(party, Region) else "institution": party})
            for party in self.theirs.chosen
        ]
        return [*ours, *theirs]


def _key(party):
    return PROVINCE if party.is_province else str(party.hospital_id)


def _our_choices(chosen):
    offered = Hospital.objects.to_choose(pk__in=[key for key in chosen if key])
    hospitals = sorted((str(hospital), str(hospital.pk)) for hospital in offered)
    return [("", "—"), (PROVINCE, _("Gyeonggi Province")), *((key, name) for name, key in hospitals)]


def _rows(parties):
    return [{"party": party} for party in parties]


def _typed(data, prefix, added):
    """What stands in the rows of one side, with an empty one more where that was asked for."""
    count = key_in(data.get(f"{prefix}-TOTAL_FORMS"))
    rows = 1 if count is None else min(count, MOST)
    typed = [data.get(f"{prefix}-{row}-party", "") for row in range(rows)]
    return [*typed, ""][:MOST] if added == prefix else typed
