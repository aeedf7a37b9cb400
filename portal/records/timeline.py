"""Entries of a time line from approximate dates: the mark and the words say what is known, and no more."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.ui.components import Precision, TimelineEntry

from .approximate import ApproximateDate, span_words
from .templatetags.records import span_note


@dataclass(frozen=True)
class RecordedEntry(TimelineEntry):
    """One event of the record, from `starts` to `ends`; its place among others comes from these.

    `lane` is where it stands among others in a drawing of them all, `short` what it is called there.
    """

    starts: ApproximateDate | None = None
    ends: ApproximateDate | None = None
    lane: str = ""
    short: str = ""

    @property
    def missing(self):
        return span_note(self.starts, self.ends)

    @property
    def place(self):
        """Where it stands in the order of time; what has no date yet is still to come."""
        return (self.starts is None, str(self.starts or ""), str(self.ends or ""))


def recorded(starts, ends=None, **shown):
    """An entry whose date in words and whose mark follow from the approximate dates."""
    return RecordedEntry(
        when=span_words(starts, ends) or _("no date yet"),
        precision=starts.precision if starts else Precision.OPEN,
        starts=starts,
        ends=ends,
        **shown,
    )


def newest_first(entries):
    return sorted(entries, key=lambda entry: entry.place, reverse=True)
