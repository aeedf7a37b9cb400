"""Rows that a person has ticked on a list, or all that the list's filter finds: what a bulk action is about.

The list's page sends the keys as `chosen` (or `all=1` with the filter as it stands) to the page of the action by GET;
that page says for how many and does it by POST. No key means nobody: nothing is ever done to “everything” by
leaving something out.
"""

from urllib.parse import urlencode

from django.utils.functional import cached_property

MOST_KEYS = 1000
OWN = ("chosen", "all", "csrfmiddlewaretoken", "expected")


class Selection:
    """What was selected out of `queryset`; `filterset` is the list's, for “all that match”."""

    def __init__(self, request, queryset, filterset):
        self.request = request
        self.is_all = request.GET.get("all") == "1"
        self.keys = sorted(
            {
                int(key)
                for key in request.GET.getlist("chosen")
                if key.isascii() and key.isdigit() and len(key) < 19
            }
        )[:MOST_KEYS]
        self._queryset, self._filterset = queryset, filterset

    @cached_property
    def rows(self):
        """The selected rows, as a queryset."""
        if self.is_all:
            return self._filterset(self.request.GET, queryset=self._queryset, request=self.request).qs
        return self._queryset.filter(pk__in=self.keys)

    @cached_property
    def count(self):
        return self.rows.count() if self.is_all or self.keys else 0

    @property
    def has_moved(self):
        """Whether, since the page that asked, others have come or gone: it must be asked again."""
        return self.request.POST.get("expected", "") != str(self.count)

    @property
    def filters(self):
        """The filter of the list as pairs, to go back to it as it was."""
        return [(name, value) for name, value in self.request.GET.items() if name not in OWN and value]

    @property
    def back_query(self):
        return f"?{urlencode(self.filters)}" if self.filters else ""
