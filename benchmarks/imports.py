"""Seconds, queries and memory of bringing in a spreadsheet: upload and check (the preview), write, revert.

Printed by `./dev bench imports`. Memory: by how much the process's peak grew. The workbook is read in another process.
"""

import io
import resource
import time

import xlsxwriter
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from partners.imports import InstitutionImport
from partners.models import Region
from portal.records.imports import checking, workflow


def main(user):
    """Print what each step takes with 30, 2,000 and 10,000 rows."""
    Region.objects.get_or_create(name="Mongolia", defaults={"level": "country", "country": "MN"})
    print(f"\n{'import of institutions, .xlsx':<44}{'rows':>7}{'queries':>9}{'seconds':>9}{'MB':>8}")
    for rows in (30, 2_000, 10_000):
        data = workbook(rows)
        batch = measured("upload, read and check", rows, lambda data=data: previewed(data, user))
        measured("write", rows, lambda batch=batch: workflow.write(batch, by=user))
        again = measured(
            "the same file again: nothing changes", rows, lambda data=data: previewed(data, user)
        )
        workflow.abandon(again, by=user)
        measured("revert", rows, lambda batch=batch: workflow.revert(batch, by=user, reason="bench"))


def workbook(rows):
    """A list as a ministry may send it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Name", "Kind", "Region", "Also printed as", "Name in Korean", "Note"])
    for number in range(1, rows + 1):
        words = [
            f"General Hospital {number:05d}",
            "hospital",
            "Mongolia",
            f"GH {number}",
            f"제{number}병원",
            "as sent",
        ]
        sheet.write_row(number, 0, words)
    book.close()
    return out.getvalue()


def previewed(data, user):
    """The batch of a file that was uploaded and checked."""
    batch = workflow.upload(data, "list.xlsx", InstitutionImport, by=user)
    checking.check(batch.pk)
    batch.refresh_from_db()
    return batch


def measured(label, rows, work):
    """Do the work and print what it took."""
    before, began = peak(), time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        result = work()
    seconds = time.perf_counter() - began
    print(f"{label:<44}{rows:>7}{len(queries):>9}{seconds:>9.2f}{peak() - before:>8.1f}")
    reset_queries()
    return result


def peak():
    """The most memory this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
