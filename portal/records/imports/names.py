"""Names of records in any script: exactly alike, several alike, or nearly."""

import re
import unicodedata
from collections import defaultdict

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from .columns import Reference
from .said import Unknown, said

NEAR = 80  # of 100: worth asking a person
MOST_COMPARED = 300
NAMES = ("name", "name_ko", "name_local", "short_name", "short_name_ko", "aliases")
_SIGNS = re.compile(r"[\W_]+")
_CYRILLIC = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфхыэөүүіїєґ", "abvgdeeziyklmnoprstufhyeouuiieg", strict=True))
    | {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
)


def same_name(text):
    """The name without what differs by accident: case, width, accents, signs."""
    if text.isascii():  # most names, and nothing of them is composed
        return _SIGNS.sub(" ", text.casefold()).strip()
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    letters = "".join(sign for sign in text if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", _SIGNS.sub(" ", letters).strip())


def spelled(text):
    """The name in Latin letters where it is Cyrillic, for what sounds alike."""
    return same_name(text).translate(_CYRILLIC)


def _numbers(name):
    return re.findall(r"\d+", name)


def names_of(record, names=NAMES):
    """Every name a record is known by, its own first."""
    found = []
    for name in names:
        value = getattr(record, name, "")
        found += value if isinstance(value, list) else [value]
    return [name for name in found if name]


class NameIndex:
    """Every name a set of records is known by. `label` makes the name a page prints (without a query)."""

    def __init__(self):
        self.labels = {}
        self.main = {}
        self.known = defaultdict(dict)  # same name -> {pk: the name as recorded}
        self._near = None
        self._answers = {}

    @classmethod
    def of(cls, records, names=NAMES, *, label=str):
        """All records of a queryset, in one query."""
        index = cls()
        for record in records:
            index.add(record.pk, label(record), names_of(record, names))
        return index

    def add(self, pk, label, names):
        self.labels[pk] = label
        self.main[pk] = same_name(names[0]) if names else ""
        for name in names:
            self.known[same_name(name)].setdefault(pk, name)

    def reference(self, pk):
        return Reference(pk, self.labels.get(pk, "?"))

    def exact(self, text):
        """The records that are called so, under whichever of their names."""
        return [Reference(pk, self.labels[pk]) for pk in self.known.get(same_name(text), ())]

    def only(self, text):
        """The one record called so. Raises Unknown, in words, with the nearest name where there is one."""
        found = self.exact(text)
        if len(found) == 1:
            return found[0]
        if found:
            raise Unknown(
                _("Several are called “%(value)s”. Write a name that only one has."), params={"value": text}
            )
        nearest = self.nearest(text)
        raise Unknown(
            _("Nobody here has the name or alias “%(value)s”."),
            params={"value": text},
            nearest=nearest.label if nearest else "",
        )

    def nearest(self, text, *, cutoff=NEAR):
        """The record whose name comes closest, across scripts, or None. “No. 1” is nowhere near “No. 3”."""
        wanted = spelled(text)
        if (wanted, cutoff) not in self._answers:
            numbers = _numbers(wanted)
            choices = [name for name in self._candidates(wanted) if _numbers(name) == numbers]
            near = process.extractOne(wanted, choices, scorer=fuzz.token_sort_ratio, score_cutoff=cutoff)
            pk = self._near["pks"][near[0]] if near else None
            self._answers[wanted, cutoff] = Reference(pk, self.labels[pk]) if near else None
        return self._answers[wanted, cutoff]

    def _candidates(self, wanted):
        """The names that share the beginning of a word: comparing 10,000 with 10,000 would take minutes."""
        if self._near is None:
            pks, starts = {}, defaultdict(list)
            for name, records in self.known.items():
                key = name.translate(_CYRILLIC)
                pks.setdefault(key, next(iter(records)))
                for start in {word[:3] for word in key.split()}:
                    starts[start].append(key)
            self._near = {"pks": pks, "starts": starts}
        if len(self._near["pks"]) <= MOST_COMPARED:
            return list(self._near["pks"])
        found = {}
        for start in sorted(
            {word[:3] for word in wanted.split()}, key=lambda s: len(self._near["starts"].get(s, ()))
        ):
            found |= dict.fromkeys(self._near["starts"].get(start, ())[:MOST_COMPARED])
            if len(found) >= MOST_COMPARED:
                break
        return list(found)

    def settle(self, row, text, *, among=None):
        """Say which record `row` is about: the one called so; on weak evidence the nearest, for a person to decide."""
        found = [one for one in self.exact(text) if among is None or one.pk in among]
        if len(found) == 1:
            recorded = self.known[same_name(text)][found[0].pk]
            if self.main[found[0].pk] == same_name(text):
                row.is_about(found[0], said(_("Has the same name as %(record)s."), record=found[0].label))
            else:
                row.is_about(
                    found[0],
                    said(
                        _("“%(name)s” is another name of %(record)s."), name=recorded, record=found[0].label
                    ),
                )
            return
        if found:
            row.may_be(found, said(_("Several are called so. Left out until you decide.")))
            return
        nearest = self.nearest(text, cutoff=90)
        if nearest and (among is None or nearest.pk in among):
            row.may_be([nearest], said(_("The name is nearly that of %(record)s."), record=nearest.label))
