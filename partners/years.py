"""MOUs over the years: in which each was in force, and in which nobody has published whether it still was."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from portal.records import clock

YEARS_AHEAD = 8  # an expiry further away is named in words, not drawn


@dataclass(frozen=True)
class Run:
    """A few years alike: `fill` is the shade, `words` say it."""

    years: int
    words: str = ""
    fill: str = ""


def year_table(mous):
    """`years` and `rows` (pairs of an MOU and its runs) for the signed MOUs of a page, read by `with_parties()`."""
    if not mous:
        return {"years": [], "rows": []}
    this_year = clock.today().year
    first = min(mou.signed.year for mou in mous)
    ends = [mou.expires.year for mou in mous if mou.expires]
    last = min(max(this_year, *ends, this_year), this_year + YEARS_AHEAD)
    years = list(range(first, max(last, this_year) + 1))
    return {"years": years, "rows": [(mou, list(_runs(mou, years[0], years[-1], this_year))) for mou in mous]}


def _runs(mou, first, last, this_year):
    """The years before it, in force, open, and after it, as runs that fill the row."""
    signed = min(max(mou.signed.year, first), last)
    certain, until = (min(max(year, signed), last) for year in _ends(mou, this_year))
    marks = [
        (first, "", ""),
        (signed, _("in force"), "2"),
        (certain + 1, _("expiry not published"), "open"),
        (until + 1, "", ""),
        (last + 1, "", ""),
    ]
    for (start, words, fill), (end, *_rest) in pairwise(marks):
        if end > start:
            yield Run(end - start, words, fill)


def _ends(mou, this_year):
    """The last year in which it was in force for certain, and the last in which it may have been."""
    if mou.superseded_by_id:
        signed = mou.superseded_by.signed
        return (signed.year if signed else this_year,) * 2
    known = mou.terminated or mou.expires
    return (known.year, known.year) if known else (mou.signed.year, this_year)


def ending(mou):
    """How it ends, in a few words."""
    if mou.superseded_by_id:
        return _("renewed %(date)s") % {"date": mou.superseded_by.signed.words()}
    if mou.terminated:
        return _("terminated %(date)s") % {"date": mou.terminated.words()}
    return _("until %(date)s") % {"date": mou.expires.words()} if mou.expires else _("expiry not published")
