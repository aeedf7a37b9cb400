"""Any list as a file: the rows the page would show, in its order and within its scope, as XLSX or CSV.

MOUS = Export(_("MOUs"), [Column(_("Kind"), "get_kind_display"), DateColumn(_("Signed"), "signed")])
mous = listing(request, Mou.objects.visible_to(request.user).with_parties(), …, export=MOUS)

That is all a view does: `render_listing` answers `?export=xlsx` and `?export=csv`, and the links stand below the rows.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.roles import Permission

from . import clock, sheets
from .access import looked
from .columns import Column, CountColumn, DateColumn, Head
from .forms import DownloadReasonForm
from .transitions import record

__all__ = ["Column", "CountColumn", "DateColumn", "Export", "Head"]

FORMATS = {"xlsx": "XLSX", "csv": "CSV"}
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Export:
    """What a list's file holds. A `personal` one asks for a reason first, which stays in the trail."""

    title: str
    columns: list
    personal: bool = False

    formats = FORMATS

    def allowed(self, user):
        """Whether who may read the list may also carry it away."""
        return not self.personal or user.has(Permission.DOWNLOAD_PEOPLE)

    def answer(self, request, listing):
        """The file, or for personal data first the question what for. Who may not have it gets a 403."""
        if not self.allowed(request.user):
            raise PermissionDenied
        wanted = _Wanted(self, request, listing)
        if not self.personal:
            return wanted.file()
        form = DownloadReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            wanted.leave_a_trace(form.cleaned_data["reason"])
            return wanted.file()
        page = {
            "title": self.title,
            "effects": wanted.effects(),
            "form": form,
            "list_url": listing.url(export=""),
        }
        return render(request, "records/export_reason.html", page, status=422 if form.is_bound else 200)


class _Wanted:
    """One file for one reader: what it says of itself, and its lines."""

    def __init__(self, export, request, listing):
        self.export = export
        self.request = request
        self.user = request.user
        self.listing = listing
        self.format = request.GET["export"]
        self.now = clock.now()
        self.count = listing.queryset.order_by().values("pk").count()

    def effects(self):
        """What the reader is told before they give their reason."""
        words = ngettext(
            "The file holds %(count)s entry with personal data.",
            "The file holds %(count)s entries with personal data.",
            self.count,
        )
        return [
            words % {"count": self.count},
            _("Your name, the time and the reason are kept with it."),
            _("Passport numbers are never in it."),
            _("Delete the file when it has served its purpose."),
        ]

    def leave_a_trace(self, reason):
        """One line in the trail of who downloads, before the first byte leaves."""
        words = f"{self.export.title}: {reason}"
        data = {
            "list": self.listing.path,
            "filters": [f"{label}: {value}" for label, value in self.listing.filter_words],
            "rows": self.count,
            "format": self.format,
        }
        with transaction.atomic():
            record(self.user, "download", by=self.user, reason=words, data=data)
            name = ngettext("%(list)s, %(count)s entry", "%(list)s, %(count)s entries", self.count)
            name %= {"list": self.export.title, "count": self.count}
            looked(self.user, None, "download", reason, self.request, name=name)

    # The file -----------------------------------------------------------------------------------------
    def file(self):
        make = self._xlsx if self.format == "xlsx" else self._csv
        response = make()
        response.headers["Content-Disposition"] = content_disposition_header(True, self.filename)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @property
    def filename(self):
        day = localtime(self.now, clock.SEOUL).date().isoformat()
        return f"{slugify(self.export.title, allow_unicode=True) or 'list'}-{day}.{self.format}"

    def _xlsx(self):
        made = sheets.xlsx(str(self.export.title), self.about(), self.heads(), self.lines())
        return FileResponse(made, content_type=sheets.XLSX_TYPE)

    def _csv(self):
        chunks = sheets.csv_chunks(self.about(), self.heads(), self.lines())
        return StreamingHttpResponse(
            _in_language(chunks, translation.get_language()), content_type=sheets.CSV_TYPE
        )

    def about(self):
        """What the file says of itself: pairs of a word and what it is about."""
        made = date_format(localtime(self.now, clock.SEOUL), "DATETIME_FORMAT")
        filters = self.listing.filter_words or [(_("Filters"), _("none: the whole list"))]
        return [
            (_("List"), str(self.export.title)),
            *[(str(label), str(value)) for label, value in filters],
            (_("Rows"), self.count),
            (_("Made"), _("%(time)s, Seoul time") % {"time": made}),
            (_("Made by"), str(self.user)),
        ]

    def heads(self):
        return [head for column in self.export.columns for head in column.heads()]

    def lines(self):
        """The cells of each row: as many rows at once in memory as are prefetched together."""
        readers = [column.reader() for column in self.export.columns]
        for row in self.listing.every_row.iterator(chunk_size=ROWS_AT_ONCE):
            yield [cell for read in readers for cell in read(row)]


def _in_language(chunks, language):
    """The chunks of an answer that is made after the request's language has been laid down."""
    chunks = iter(chunks)
    while True:
        with translation.override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk
