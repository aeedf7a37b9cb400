"""The columns of an importer: what they are called, and how the text of a cell becomes a value.

`read` gets the text and answers the value or raises a ValidationError in words; `keep` and `load` carry the value
through JSON; `show` is how a page prints it. An empty cell is no value and never erases one.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from ..approximate import ApproximateDate
from .headings import in_every_language, plain

_TIME_OF_DAY = re.compile(r"(\d{4}-\d{2}-\d{2}) \d{2}:\d{2}(:\d{2})?")
_PARTS = re.compile(r"[;\n|、；]")


@dataclass(frozen=True)
class Column:
    """One thing a row may say. Subclasses know how it is read."""

    name: str
    label: str
    synonyms: tuple | list = ()
    required: bool = field(default=False, kw_only=True)
    needed_when_new: bool = field(default=False, kw_only=True)  # a known record has it already
    help: str = field(default="", kw_only=True)
    example: str = field(default="", kw_only=True)
    # A passport number: sealed wherever it is kept, masked wherever it is shown.
    secret: bool = field(default=False, kw_only=True)

    @property
    def options(self):
        """What the template's drop-down offers; empty for none."""
        return []

    def read(self, text, importer):
        return text

    def keep(self, value):
        return value

    def load(self, kept):
        return kept

    def show(self, value):
        return str(value)

    def shown_change(self, before, after):
        """What a preview strikes out, and what it sets beside it; None is nothing."""
        return tuple("" if value is None else self.show(value) for value in (before, after))

    def same(self, one, other):
        return one == other

    def mask(self, text):
        """Enough to recognize it by."""
        return f"•••{text[-3:]}" if len(text) > 5 else "•••"


@dataclass(frozen=True)
class TextColumn(Column):
    """A line of text."""

    max_length: int = field(default=200, kw_only=True)

    def read(self, text, importer):
        text = " ".join(text.split())
        if len(text) > self.max_length:
            raise ValidationError(
                _("%(length)s characters are too many; %(limit)s fit."),
                params={"length": len(text), "limit": self.max_length},
            )
        return text


@dataclass(frozen=True)
class LinesColumn(TextColumn):
    """Several lines of text, as an address is."""

    max_length: int = field(default=2000, kw_only=True)

    def read(self, text, importer):
        super().read(text, importer)
        return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


@dataclass(frozen=True)
class EmailColumn(TextColumn):
    """An e-mail address."""

    def read(self, text, importer):
        text = super().read(text, importer).lower()
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValidationError(_("“%(value)s” is no e-mail address."), params={"value": text}) from error
        return text


@dataclass(frozen=True)
class ChoiceColumn(Column):
    """One of a few words; `words` names further spellings of each: {"hospital": ["clinic", "병원"]}."""

    choices: tuple | list = field(default=(), kw_only=True)
    words: dict = field(default_factory=dict, kw_only=True)

    @property
    def options(self):
        return [str(label) for _code, label in self.choices]

    @cached_property
    def _codes(self):
        """{a word for it, in any language: the choice's code}."""
        return {
            plain(word): code
            for code, label in self.choices
            for word in (code, *in_every_language(label), *self.words.get(code, ()))
        }

    def read(self, text, importer):
        code = self._codes.get(plain(text))
        if code is not None:
            return code
        raise ValidationError(
            _("“%(value)s” is not one of: %(options)s."),
            params={"value": text, "options": [label for _code, label in self.choices]},
        )

    def show(self, value):
        return str(dict(self.choices).get(value, value))


@dataclass(frozen=True)
class ApproximateDateColumn(Column):
    """A date as precisely as it is known: 2015, July 2021, 2022-06-09. Two readings of one text are refused."""

    def read(self, text, importer):
        if match := _TIME_OF_DAY.fullmatch(text):
            text = match[1]
        if re.fullmatch(r"\d{5}(\.\d+)?", text):
            raise ValidationError(
                _("“%(value)s” is a number that was a date once. Write it as 2022-06-09, for example."),
                params={"value": text},
            )
        return ApproximateDate.parse(text)

    def keep(self, value):
        return str(value)

    def load(self, kept):
        return ApproximateDate.of(kept)

    def show(self, value):
        return value.words()


@dataclass(frozen=True)
class DayColumn(ApproximateDateColumn):
    """A date whose day must be known, as a birth date."""

    def read(self, text, importer):
        value = super().read(text, importer)
        if value.day is None:
            raise ValidationError(
                _("“%(value)s” is no whole date. Write it as 1984-02-28, for example."),
                params={"value": text},
            )
        return value.earliest

    def keep(self, value):
        return value.isoformat()

    def load(self, kept):
        return ApproximateDate.from_iso(kept).earliest

    def show(self, value):
        return ApproximateDate.of(value).words()


@dataclass(frozen=True)
class NumberColumn(Column):
    """A whole number between two others."""

    minimum: int = field(default=0, kw_only=True)
    maximum: int = field(default=32_767, kw_only=True)

    def read(self, text, importer):
        digits = text.replace(",", "").replace(" ", "")
        if not re.fullmatch(r"-?[0-9]{1,12}(\.0+)?", digits):
            raise ValidationError(_("“%(value)s” is no whole number."), params={"value": text})
        number = int(digits.split(".", maxsplit=1)[0])
        if not self.minimum <= number <= self.maximum:
            raise ValidationError(
                _("“%(value)s” must be from %(first)s to %(last)s."),
                params={"value": text, "first": self.minimum, "last": self.maximum},
            )
        return number


@dataclass(frozen=True)
class ListColumn(TextColumn):
    """Several texts, parted by semicolons or line breaks. A file adds to the list and takes nothing from it."""

    def read(self, text, importer):
        parts = [super(ListColumn, self).read(part, importer) for part in _PARTS.split(text)]
        return list(dict.fromkeys(part for part in parts if part))

    def show(self, value):
        return "; ".join(map(str, value))


@dataclass(frozen=True)
class CodesColumn(ChoiceColumn):
    """Several of a few words, parted by semicolons or commas, as languages are."""

    def read(self, text, importer):
        parts = re.split(r"[;,\n|、/]", text)
        return list(
            dict.fromkeys(
                super(CodesColumn, self).read(part.strip(), importer) for part in parts if part.strip()
            )
        )

    def show(self, value):
        return ", ".join(super(CodesColumn, self).show(code) for code in value)

    @property
    def options(self):
        return []  # a drop-down gives one word only


class Reference(NamedTuple):
    """A record that a cell names."""

    pk: int
    label: str

    def __str__(self):
        return self.label


@dataclass(frozen=True)
class ReferenceColumn(Column):
    """The name of a record. The importer's `prepare` puts a NameIndex of them into `self.indexes[name]`."""

    def read(self, text, importer):
        return importer.indexes[self.name].only(text)

    def keep(self, value):
        return list(value)

    def load(self, kept):
        return Reference(*kept)

    def same(self, one, other):
        return one.pk == (other.pk if other else None)


@dataclass(frozen=True)
class ReferencesColumn(ReferenceColumn):
    """Several names of records, parted by semicolons or line breaks."""

    def read(self, text, importer):
        found = [
            importer.indexes[self.name].only(part.strip()) for part in _PARTS.split(text) if part.strip()
        ]
        return list(dict.fromkeys(found))

    def keep(self, value):
        return [list(one) for one in value]

    def load(self, kept):
        return [Reference(*one) for one in kept]

    def show(self, value):
        return "; ".join(map(str, value))

    def same(self, one, other):
        return {part.pk for part in one} == {part.pk for part in other or ()}
