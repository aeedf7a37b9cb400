import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand

from programs.models import Certificate


class Command(BaseCommand):
    """Each year's certificates by number and digest, so that a paper can be checked without the portal."""

    help = (
        "Writes the register of certificates of a year as text: number, state, day of issue, SHA-256 of the PDF. "
        "No names. The same register gives the same bytes; print or publish the file, and keep its own SHA-256."
    )

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="the year of issue")
        parser.add_argument("file", type=Path, help="where to write it")

    def handle(self, *, year, file, **options):
        rows = Certificate.objects.numbered().filter(year=year).order_by("serial")
        lines = [f"# {year}\tnumber\tstate\tissued\tsha256\n"]
        facts = rows.values_list("number", "state", "issued_on", "file__sha256")
        lines += [f"{number}\t{state}\t{day.isoformat()}\t{digest}\n" for number, state, day, digest in facts]
        content = "".join(lines).encode()
        file.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        self.stdout.write(f"{len(lines) - 1} certificate(s) of {year}; SHA-256 of the file: {digest}")
