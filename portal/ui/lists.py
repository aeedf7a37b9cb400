"""The helper of every list page: filter, sort, one page of rows, and a count that never costs more than it.

mous = listing(request, Mou.objects.visible_to(request.user).for_list(), filterset=MouFilter,
               sorts={"title": ["title"], "signed": ["-signed_on", "title"]}, default_sort="title")
return render_listing(request, "partners/mou_list.html", mous)
"""

from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.functional import cached_property

from .keyset import Order

COUNTED_EXACTLY = 1000
CURSORS = ("after", "before")
NOT_PLAIN = (forms.SelectMultiple, forms.RadioSelect, forms.NullBooleanSelect)


class Count(NamedTuple):
    """How many rows there are, counted up to a limit: beyond it a list says “1,000+”."""

    number: int
    is_capped: bool

    def __str__(self):
        number = number_format(self.number, force_grouping=True)
        return f"{number}+" if self.is_capped else number


class Control(NamedTuple):
    """One filter as the list's plain markup needs it: a form field costs too much on every page."""

    kind: str
    name: str
    id: str
    label: str
    value: str
    choices: list
    field: object


class Listing:
    """One page of a list, and the links from here to its other pages, orders and filters."""

    def __init__(self, request, queryset, *, filterset, sorts, default_sort, per_page, export=None):
        self.request = request
        self.per_page = per_page
        self.export = export
        self.sorts = sorts
        self.default_sort = default_sort
        self.filterset = filterset(request.GET, queryset=queryset, request=request) if filterset else None
        self.queryset = self.filterset.qs if self.filterset else queryset
        self.sort = self._asked_sort()
        self.order = Order(self.queryset, self._paths(self.sort))

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    # Order ------------------------------------------------------------------------------------------
    def _asked_sort(self):
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self.sorts else self.default_sort

    def _paths(self, sort):
        """The columns of a sort; a minus before its name turns every one of them round."""
        paths = self.sorts[sort.removeprefix("-")]
        if not sort.startswith("-"):
            return list(paths)
        return [path[1:] if path.startswith("-") else f"-{path}" for path in paths]

    def sort_link(self, name):
        """What a column head prints: where it leads, and how the rows stand by it now (for `aria-sort`)."""
        if self.sort == name:
            return {"url": self.url(sort=f"-{name}"), "direction": "ascending"}
        if self.sort == f"-{name}":
            return {"url": self.url(sort=name), "direction": "descending"}
        return {"url": self.url(sort=name), "direction": ""}

    # Rows -------------------------------------------------------------------------------------------
    @property
    def rows(self):
        return self._page[0]

    @property
    def has_previous(self):
        return self._page[1]

    @property
    def has_next(self):
        return self._page[2]

    @property
    def every_row(self):
        """All that the filters leave, in the order of the pages, as a queryset."""
        return self.order.apply(self.queryset)

    @cached_property
    def _page(self):
        """The rows of this page, and whether there are others before and after. Read when first asked for."""
        for name, backwards in (("after", False), ("before", True)):
            values = self.order.read(self.request.GET.get(name, ""))
            if values is None:
                continue
            rows, more = self._read(values, backwards)
            if backwards and (more or len(rows) == self.per_page):
                return rows, more, True
            if not backwards and rows:
                return rows, True, more
        rows, more = self._read()
        return rows, False, more

    def _read(self, values=None, backwards=False):
        queryset = self.order.apply(self.queryset, backwards=backwards)
        if values is not None:
            queryset = queryset.filter(self.order.beyond(values, backwards=backwards))
        rows = list(self._first(queryset, backwards))
        more = len(rows) > self.per_page
        rows = rows[: self.per_page]
        return rows[::-1] if backwards else rows, more

    def _first(self, ordered, backwards):
        """The first rows, and one more. What a row joins and counts is read for these alone, not for all that are
        sorted: over 40,000 rows that takes a tenth of the time.
        """
        if ordered.query.distinct:  # it is sorted by columns that a key alone does not have
            return ordered[: self.per_page + 1]
        keys = ordered.values("pk")[: self.per_page + 1]
        return self.order.apply(self.queryset.filter(pk__in=keys), backwards=backwards)

    @cached_property
    def count(self):
        if not (self.has_previous or self.has_next):
            return Count(len(self.rows), False)
        number = self.queryset.order_by().values("pk")[: COUNTED_EXACTLY + 1].count()
        return Count(min(number, COUNTED_EXACTLY), number > COUNTED_EXACTLY)

    # Links ------------------------------------------------------------------------------------------
    @property
    def path(self):
        return self.request.path

    def url(self, **changes):
        """This list with other parameters; a cursor is dropped, as it holds for one order and filter only."""
        kept = {
            name: values
            for name, values in self.request.GET.lists()
            if name not in (*CURSORS, "export") and name not in changes and any(values)
        }
        kept.update({name: [value] for name, value in changes.items() if value})
        return f"{self.path}?{urlencode(kept, doseq=True)}" if kept else self.path

    @property
    def next_url(self):
        return self.url(after=self.order.cursor_at(self.rows[-1])) if self.has_next else ""

    @property
    def previous_url(self):
        return self.url(before=self.order.cursor_at(self.rows[0])) if self.has_previous else ""

    @property
    def first_url(self):
        return self.url()

    @property
    def clear_url(self):
        """The list in its present order without any filter."""
        return (
            f"{self.path}?{urlencode({'sort': self.sort})}" if self.sort != self.default_sort else self.path
        )

    # Filters ----------------------------------------------------------------------------------------
    @cached_property
    def is_filtered(self):
        names = self.filterset.form.fields if self.filterset else ()
        return any(any(self.request.GET.getlist(name)) for name in names)

    @property
    def filters(self):
        """The filters that are set, as pairs of name and value."""
        names = self.filterset.form.fields if self.filterset else ()
        return [(name, value) for name in names for value in self.request.GET.getlist(name) if value]

    @cached_property
    def controls(self):
        return [_control(field) for field in self.filterset.form] if self.filterset else []

    @property
    def filter_words(self):
        """Pairs of a filter's label and what it is set to, as a reader would say it."""
        set_ones = [control for control in self.controls if control.value]
        return [(control.label, _chosen(control)) for control in set_ones]

    # Files ------------------------------------------------------------------------------------------
    @property
    def downloads(self):
        """Pairs of a format's name and the address of this list as such a file; none for who may not have it."""
        if not self.export or not self.export.allowed(self.request.user):
            return []
        return [(label, self.url(export=code)) for code, label in self.export.formats.items()]

    @property
    def is_for_download(self):
        return bool(self.export) and self.request.GET.get("export") in self.export.formats


def _control(bound):
    widget = type(bound.field.widget)
    # Exactly these: whatever else a filter uses (a date, several choices) prints its own widget.
    kind = "select" if issubclass(widget, forms.Select) and not issubclass(widget, NOT_PLAIN) else "other"
    if widget is forms.TextInput:
        kind = "search"
    value = bound.value()
    value = "" if value is None else str(value)
    choices = bound.field.widget.choices if kind == "select" else []
    options = [(str(code), label, str(code) == value) for code, label in choices]
    return Control(kind, bound.html_name, bound.id_for_label, bound.label, value, options, bound)


def _chosen(control):
    """The words of the chosen option; what was typed where there is nothing to choose from."""
    return next((str(label) for _code, label, chosen in control.choices if chosen), control.value)


def listing(request, queryset, *, filterset=None, sorts, default_sort, per_page=25, export=None):
    """One page of `queryset` as the request asks: filtered by a FilterSet class, sorted, paged by keyset.

    `sorts` maps the names in the query string to columns (`"-"` before one turns it round; `__` and
    annotations are fine); `?sort=-name` reverses all of them. Every order ends in the primary key by itself.
    `export` is what a file of the list holds (`portal.records.exports.Export`): links to it stand below the rows.
    """
    return Listing(
        request,
        queryset,
        filterset=filterset,
        sorts=sorts,
        default_sort=default_sort,
        per_page=per_page,
        export=export,
    )


def render_listing(request, template, listing, context=None):
    """The page of a list, or only its partial `rows` where htmx replaces that, or the whole list as a file."""
    if listing.is_for_download:
        return listing.export.answer(request, listing)
    name = f"{template}#rows" if request.htmx and request.htmx.target == "listing" else template
    response = render(request, name, {"listing": listing, **(context or {})})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
