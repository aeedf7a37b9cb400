"""A time line at one glance: where its marks and words stand in a drawing of the years, a lane for each kind."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from unicodedata import east_asian_width

from . import clock

LEFT, RIGHT, TOP = 140, 1228, 12  # of a drawing 1240 wide; what stands left of it names the lanes
ROW, GAP = 26, 10
MOST_ROWS = 8  # of a lane; what finds no place in them is told in the list alone
WIDEST = 520  # of the words beside a mark
YEAR_WORDS = 44  # the room that the number of a year takes


@dataclass(frozen=True)
class Mark:
    """One entry as drawn: `shape` is bar (only the year known), span, month or day; the words stand beside it."""

    shape: str
    x: int
    width: int
    y: int
    words: str
    words_x: int
    anchor: str


@dataclass
class Lane:
    """Entries of one kind, in as many rows as their words need."""

    label: str
    y: int = 0
    marks: list = field(default_factory=list)
    taken: list = field(default_factory=list)  # for each row the pieces that are taken
    left_out: int = 0

    @property
    def height(self):
        return len(self.taken) * ROW

    def row_for(self, start, end):
        """The first row with room from `start` to `end`, which it takes; None where the lane is full."""
        for number, pieces in enumerate(self.taken):
            if all(end < begins or ends < start for begins, ends in pieces):
                pieces.append((start, end))
                return number
        if len(self.taken) == MOST_ROWS:
            return None
        self.taken.append([(start, end)])
        return len(self.taken) - 1


@dataclass(frozen=True)
class Years:
    """The years across the drawing."""

    first: int
    last: int

    @property
    def width(self):
        return (RIGHT - LEFT) / (self.last - self.first + 1)

    def x(self, day):
        start = day.replace(month=1, day=1)
        days = (day.replace(month=12, day=31) - start).days + 1
        return LEFT + self.width * (day.year - self.first + (day - start).days / days)

    @property
    def ticks(self):
        """Each year that there is room to name, with its place."""
        step = max(1, round(YEAR_WORDS / self.width + 0.5)) if self.width < YEAR_WORDS else 1
        return [
            (year, round(LEFT + self.width * (year - self.first)))
            for year in range(self.first, self.last + 1, step)
        ]


def chart_of(entries):
    """The drawing of a time line's dated entries, the lane that begins first on top; None of fewer than two."""
    dated = sorted((entry for entry in entries if entry.starts), key=lambda entry: entry.place)
    if len(dated) < 2:
        return None
    latest = max((entry.ends or entry.starts).latest.year for entry in dated)
    years = Years(dated[0].starts.year, max(latest, clock.today().year))
    by_label = defaultdict(list)
    for entry in dated:
        by_label[str(entry.lane)].append(entry)
    lanes, y = [], TOP + ROW // 2
    for label, found in by_label.items():
        lane = Lane(label, y)
        for entry in found:
            _draw(lane, entry, years)
        lanes.append(lane)
        y += lane.height + GAP
    left_out = sum(lane.left_out for lane in lanes)
    return {"lanes": lanes, "years": years, "axis": y, "height": y + 36, "top": TOP, "left_out": left_out,
            "left": LEFT, "right": RIGHT}  # fmt: skip


def _draw(lane, entry, years):
    """Put the entry into the lane, in a row where its mark and its words cover nothing."""
    shape, x, width = _mark(entry, years)
    words, long = _cut(f"{entry.when} · {entry.short or entry.title}")
    words_x, anchor, taken = x + width + GAP, "start", (x - GAP, x + width + GAP + long)
    if taken[1] > RIGHT:
        words_x, anchor, taken = x - GAP, "end", (x - GAP - long, x + width + GAP)
    row = lane.row_for(*taken)
    if row is None:
        lane.left_out += 1
    else:
        lane.marks.append(Mark(shape, x, width, lane.y + row * ROW, words, words_x, anchor))


def _cut(words):
    """The words as far as there is room for them, and the room they take at most."""
    wide = 0
    for place, letter in enumerate(words):
        wide += 14 if east_asian_width(letter) in "WF" else 8
        if wide > WIDEST:
            return words[:place].rstrip() + "…", WIDEST
    return words, wide


def _mark(entry, years):
    """The shape, its left side and its width. A mark is no narrower than can be seen."""
    last = (entry.ends or entry.starts).latest
    left, right = years.x(entry.starts.earliest), years.x(last + timedelta(days=1))
    if entry.precision == "year":
        return "bar", round(left) + 2, max(round(right - left) - 4, 8)
    if entry.ends and entry.ends != entry.starts:
        return "span", round(left), max(round(right - left), 8)
    return entry.precision, round((left + right) / 2) - 7, 14
