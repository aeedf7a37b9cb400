"""One page of the board as the query string asks: searched, ordered, and cut where the cohort is large."""

from functools import cached_property
from urllib.parse import urlencode

from . import PER_PAGE, UNCUT, board_of
from .unreleased import unreleased_of

SEARCHED = 12  # of more trainees one is searched for


class BoardPage:
    """The rows and departments that one page shows, and the links to the others; on paper it is all one page."""

    def __init__(self, cohort, asked, *, is_whole=False, may_place=True):
        self.board = board_of(cohort)
        self.board.may_place = may_place
        self.unreleased = unreleased_of(cohort)
        self.unreleased.mark(self.board)
        self.is_whole = is_whole
        self.search = asked.get("q", "").strip()
        self.by_name = asked.get("order") == "name"
        self.only_attention = asked.get("show") == "attention"
        asked_page = asked.get("page", "")
        self.number = int(asked_page) if asked_page.isascii() and asked_page.isdigit() else 1
        self.number = min(max(self.number, 1), self.pages)

    @cached_property
    def found(self):
        """All rows that are searched for, in their order."""
        rows = self.board.rows if self.by_name else self.board.attention_first()
        if self.only_attention:
            rows = [row for row in rows if row.needs_attention]
        wanted = self.search.casefold()
        return [row for row in rows if wanted in _text(row)] if wanted else rows

    @property
    def pages(self):
        count = len(self.found)
        return 1 if count <= UNCUT or self.is_whole else -(-count // PER_PAGE)

    @property
    def has_search(self):
        """Where the eye finds nobody at once."""
        return self.total > SEARCHED or bool(self.search)

    @cached_property
    def rows(self):
        if self.pages == 1:
            return self.found
        return self.found[(self.number - 1) * PER_PAGE : self.number * PER_PAGE]

    @property
    def icons(self):
        """Those that the cells show, each drawn once."""
        shown = (cell.icon for row in self.rows for line in row.lines for cell in line if cell.icon)
        return sorted({"megaphone", *shown})

    @property
    def weeks(self):
        """Pairs of a week's days and their words."""
        return list(zip(self.board.weeks, self.board.week_heads, strict=True))

    @cached_property
    def seats(self):
        return self.board.seats if self.is_whole else self.board.seats_for(self.rows)

    @property
    def is_cut(self):
        """Whether departments are left out of the strip, because there are too many."""
        return len(self.seats) < len(self.board.departments)

    @property
    def total(self):
        return len(self.board.rows)

    @property
    def others(self):
        """How many trainees need nothing, where only those are shown who need somebody."""
        return len(self.board.rows) - sum(row.needs_attention for row in self.board.rows)

    # Links ------------------------------------------------------------------------------------------
    @property
    def kept(self):
        """The parameters that make this page what it is."""
        asked = {
            "q": self.search,
            "order": "name" if self.by_name else "",
            "show": "attention" if self.only_attention else "",
        }
        return [(name, value) for name, value in asked.items() if value]

    def url(self, **changes):
        """This board with other parameters."""
        asked = {**dict(self.kept), **changes}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def previous_url(self):
        return self.url(page=self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self):
        return self.url(page=self.number + 1) if self.number < self.pages else ""

    @property
    def order_url(self):
        return self.url(order="" if self.by_name else "name")

    @property
    def everybody_url(self):
        return self.url(q="")

    @property
    def attention_url(self):
        return self.url(show="" if self.only_attention else "attention")


def _text(row):
    trainee = row.enrollment.trainee
    names = (trainee.passport_name, trainee.local_name, trainee.korean_name, row.from_where)
    return " ".join([*names, *(str(placement.department) for placement in row.placements)]).casefold()
