"""What the search page offers of one kind of record, and why a record is among the hits."""

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz

from portal.records.keeping import Mergeable

from .folding import squashed, words
from .matching import best_first, end_of, found_by, with_any_word
from .names import contains, is_said, names_of

AT_MOST = 6


@dataclass(frozen=True)
class Hit:
    """One record that was found: what it is called, where it opens, what tells it from its like, and why it is here."""

    title: str
    url: str
    about: str = ""
    why_label: str = ""
    why: str = ""
    record: object = None


@dataclass(frozen=True)
class Group:
    """The hits of one kind; `more_url` is the list with all of them, where there are more than are shown."""

    label: str
    hits: list
    has_more: bool = False
    more_url: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of record on the search page. `<app>/search.py` lists those of its app as KINDS.

    rows       a function of the user: what they may see of it, ready to be shown
    url        a function of the row; `about` and `title` too
    paths      whose names count, as `found_by` takes them
    own        the paths of which at least one word has to be found (a department is not found by its hospital alone)
    allowed    whether the user can open such a page at all
    list_url   a function of what was typed: the list with all of them
    """

    label: str
    rows: Callable
    url: Callable
    title: Callable = str
    about: Callable = lambda row: ""
    paths: tuple = ("",)
    own: tuple = ()
    order: tuple = ("pk",)
    allowed: Callable = lambda user: True
    list_url: Callable | None = None

    def models(self, user):
        """The models by whose names this kind is found."""
        model = self.rows(user).model
        return {end_of(model, path)._meta.label_lower for path in self.paths}

    def group(self, user, typed, *, nearly=False):
        """The first hits, the best on top; None where there is none."""
        rows = self.rows(user)
        if issubclass(rows.model, Mergeable):
            rows = rows.unmerged()  # what was merged into another is found by its names there
        found = found_by(rows, typed, *self.paths, nearly=nearly)
        if self.own:
            found = with_any_word(found, typed, *self.own, nearly=nearly)
        order = self.order
        if "" in self.paths:
            found, order = best_first(found, typed), ("closeness", *order)
        shown = list(found.order_by(*order)[: AT_MOST + 1])
        if not shown:
            return None
        hits = [self._hit(row, typed, nearly) for row in shown[:AT_MOST]]
        more_url = self.list_url(typed) if self.list_url and not nearly else ""
        return Group(self.label, hits, len(shown) > AT_MOST, more_url)

    def _hit(self, row, typed, nearly):
        title, about = str(self.title(row)), str(self.about(row) or "")
        label, name = _reason(row, typed, nearly) if "" in self.paths else ("", "")
        if is_said(name, f"{title} {about}"):
            label, name = "", ""
        return Hit(title, self.url(row), about, label, name, row)


def _reason(row, typed, nearly):
    """The name that was found, with what kind of name it is."""
    names = list(names_of(type(row)).of(row))
    looked_for = words(typed)
    if nearly:
        whole = squashed(typed)
        return max(names, key=lambda pair: fuzz.partial_ratio(whole, squashed(pair[1])), default=("", ""))
    return next((pair for pair in names if contains(pair[1], looked_for)), ("", ""))
