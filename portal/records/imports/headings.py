"""Which row holds the headings, and which column is which: by name, near spelling, or what a person said once."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.translation import override
from rapidfuzz import fuzz, process

from .reading import LIMITS, letters, refusal

NEAR = 88  # of 100: a slip of the pen, not another word
_HINT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）")
_SIGNS = re.compile(r"[^\w]+")
IGNORED = ""


@lru_cache(2048)  # the same few headings and words of choice, again in every row
def plain(text):
    """A heading or a word of choice without what differs by accident: case, width, signs, a hint in brackets."""
    text = unicodedata.normalize("NFKC", text).casefold()
    bare = _SIGNS.sub(" ", _HINT.sub(" ", text).replace("_", " ")).strip()
    return bare or _SIGNS.sub(" ", text).strip()


def in_every_language(words):
    """A lazy text in each language of the portal: a file is in its sender's, not in its reader's."""
    for language, _name in [(None, ""), *settings.LANGUAGES]:
        with override(language):
            yield str(words)


@dataclass
class Heading:
    """One column of the file: where it stands, what is written above it, and which column of the importer it is.

    `target` is a column's name, IGNORED for one that was looked at and is not wanted, None for one nobody has decided.
    """

    place: int
    text: str
    target: str | None

    @property
    def letters(self):
        return letters(self.place)


@dataclass
class Table:
    """The list in a file: its headings, and the rows below with their numbers."""

    sheet: str
    headings: list
    heading_row: int
    rows: list  # pairs of the row's number and its cells

    def examples(self, place):
        """The first entries of a column, for a person who must say what it is."""
        found = (cells[place] for _number, cells in self.rows if place < len(cells) and cells[place])
        return [text for text, _count in zip(found, range(3), strict=False)]


def find_table(sheets, columns, remembered):
    """The list among the sheets: the row whose cells name most columns, and everything below it."""
    known = known_headings(columns, remembered)
    best = max(
        ((_score(row, known), -order, -number, sheet, number) for order, sheet in enumerate(sheets)
         for number, row in enumerate(sheet.rows[: LIMITS["titles"]])),
        key=lambda found: found[:3],
        default=(0, 0, 0, None, 0),
    )  # fmt: skip
    score, _order, _number, sheet, number = best
    if not score:
        sheet, number = _unnamed(sheets) or (None, 0)
    if sheet is None:
        raise refusal("no_heading", columns=", ".join(str(column.label) for column in columns[:4]))
    return table_below(sheet, number, known)


def known_headings(columns, remembered):
    """{plain heading: column's name}; what a person has said goes before what the importer knows."""
    known = {}
    for column in columns:
        for word in (column.name, *in_every_language(column.label), *column.synonyms):
            known.setdefault(plain(word), column.name)
    return known | remembered


def _score(row, known):
    return len({known[text] for text in map(plain, row) if known.get(text)})


def _unnamed(sheets):
    """A row of headings in words nobody knows yet: the first with two texts or more and no number among them."""
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[: LIMITS["titles"]]):
            filled = [text for text in row if text]
            if (
                len(filled) > 1
                and not any(re.search(r"\d", text) for text in filled)
                and number + 1 < len(sheet.rows)
            ):
                return sheet, number
    return None


def table_below(sheet, number, known):
    """The list below the row of headings that has this index."""
    cells = sheet.rows[number]
    headings = [Heading(place, text, target) for place, text, target in _targets(cells, known)]
    head = [plain(text) for text in cells]
    rows = []
    for index, row in enumerate(sheet.rows[number + 1 :], number + 2):
        # Blank rows part a list, and headings are repeated on each printed page.
        if any(place >= len(head) or head[place] != plain(text) for place, text in enumerate(row) if text):
            rows.append((index, row))
    if not rows:
        raise refusal("no_rows")
    if len(rows) > LIMITS["rows"]:
        raise refusal("too_many_rows", limit=LIMITS["rows"])
    return Table(sheet.name, headings, number + 1, rows)


def _targets(cells, known):
    """(place, text, target) of each heading; the first of two alike has the column, the second is to be decided."""
    taken = set()
    for place, text in enumerate(cells):
        word = plain(text)
        if not word:
            continue
        target = known.get(word)
        if target is None:
            near = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
            target = (near and known[near[0]]) or None
        if target and target in taken:
            target = None
        taken.add(target)
        yield place, text, target
