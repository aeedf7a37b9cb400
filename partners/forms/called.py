"""Choosing a region or an institution by typing what it is called: a list of ten thousand is no list to choose from."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz, process, utils

from hospitals.models import Hospital
from partners.models import Institution, Region
from portal.search.matching import found_by
from portal.ui.forms import SuggestingInput

SUGGESTED = 300
ALIKE = 60  # of 100, by which a name may be what was meant
LOOKED_AT = 200


def suggestions(models):
    """The names a reader may choose from, as far as a page can carry them; any other may be typed."""
    return sorted(place.label for model in models for place in _rows(model)[:SUGGESTED])


def _rows(model):
    rows = model.objects.in_use()
    return rows.select_related("region") if model is Institution else rows


def find(text, models):
    """Every region and institution of the `models` that is called exactly so, by any of its names or its label."""
    text = " ".join(text.split())
    return [place for model in models for place in _called(model, text)]


def _called(model, text):
    wanted = text.casefold()
    rows = _rows(model)
    found = found_by(rows, text)[:LOOKED_AT]
    exact = [place for place in found if wanted in {name.casefold() for name in place.every_name}]
    name, comma, region = text.rpartition(",")
    if exact or not comma or model is not Institution:
        return exact
    # “First National Hospital, Ulaanbaatar”: the name, and where it is.
    return [
        place
        for place in found_by(found_by(rows, name), region, "region")
        if name.strip().casefold() in {each.casefold() for each in place.every_name}
    ]


def _is_ours(text):
    """Whether the province or a host hospital is called so."""
    wanted = text.casefold()
    if wanted in (_("Gyeonggi Province").casefold(), "gyeonggi province"):
        return True
    rows = found_by(Hospital.objects.all(), text)[:LOOKED_AT]
    return any(
        wanted in {name.casefold() for name in [row.name, row.name_ko, row.short_name, *row.aliases]}
        for row in rows
    )


def nearest(text, models):
    """The three labels that are most like the text."""
    known = {}
    for model in models:
        for pk, *names in (
            model.objects.in_use().order_by().values_list("pk", "name", "name_ko", "name_local")
        ):
            known |= {(model, pk, place): name for place, name in enumerate(names) if name}
    alike = process.extract(
        text, known, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=ALIKE, limit=6
    )
    keys = list(dict.fromkeys((model, pk) for _name, _score, (model, pk, _place) in alike))[:3]
    return [_rows(model).get(pk=pk).label for model, pk in keys]


class CalledField(forms.CharField):
    """A region or an institution by its name, in any script. Cleans to the record.

    `chosen` are records that stand there already: they are found by their label even where they are archived.
    """

    chosen = ()

    def __init__(self, *, models, **kwargs):
        self.models = models
        super().__init__(widget=SuggestingInput(lambda: suggestions(models)), **kwargs)

    def prepare_value(self, value):
        """The label of what stands in the record; what was typed stays as it is."""
        if isinstance(value, int):
            place = self.models[0].objects.filter(pk=value).first()
            return place.label if place else ""
        return value.label if isinstance(value, Region | Institution) else value

    def to_python(self, value):
        if value is None or isinstance(value, int | Region | Institution):
            return value
        text = super().to_python(value)
        return self._found(text) if text else None

    def has_changed(self, initial, data):
        return (self.prepare_value(initial) or "") != (data or "").strip()

    def run_validators(self, value):
        """A record is no text: it has no length."""

    def _found(self, text):
        kept = [place for place in self.chosen if place and place.label.casefold() == text.casefold()]
        found = kept or find(text, self.models)
        if len(found) == 1:
            return found[0]
        if found:
            words = _("Several are called “%(text)s”: %(names)s. Write one of these.")
            names = "; ".join(place.label for place in found)
            raise forms.ValidationError(words % {"text": text, "names": names})
        if _is_ours(text):
            words = _("“%(text)s” stands on the Gyeonggi side.")
            raise forms.ValidationError(words % {"text": text})
        raise forms.ValidationError(self._unknown(text))

    def _unknown(self, text):
        near = nearest(text, self.models)
        if near:
            words = _("Nothing here is called “%(text)s”. Did you mean %(names)s?")
            return words % {"text": text, "names": _(" or ").join(f"“{name}”" for name in near)}
        return _("Nothing here is called “%(text)s”. Enter it first.") % {"text": text}


INSTITUTION_HELP = gettext_lazy("Any name it is known by, in any script.")
