"""Countries by their two letters (ISO 3166), with their names in the reader's language."""

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Babel also names groupings, islands without a code of their own, and codes for tests.
NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])


def _territories():
    return Locale.parse(get_language() or "en", sep="-").territories


def country_name(code):
    """The country's name; the code itself where there is none."""
    return _territories().get(code, code)


def country_choices(near=()):
    """Choices for a select: first the countries `near` (codes), then all others, each by name."""
    names = {
        code: name
        for code, name in _territories().items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    }
    near = sorted(set(near) & set(names), key=names.get)
    others = sorted(set(names) - set(near), key=names.get)
    groups = [(_("Partner countries"), near), (_("Other countries"), others)]
    return [("", _("not known")), *((label, [(c, names[c]) for c in codes]) for label, codes in groups)]


class CountryField(forms.ChoiceField):
    """A country chosen by its name, kept as its two letters."""

    def __init__(self, *, near, **kwargs):
        super().__init__(choices=lambda: country_choices(near()), **kwargs)

    def to_python(self, value):
        return super().to_python(value).upper()

    def validate(self, value):
        if value and not self.valid_value(value):
            raise forms.ValidationError(_("Choose a country from the list."))
        forms.Field.validate(self, value)
