"""What somebody hands in, known by its content: its name and what the browser calls it say nothing.

PDF, JPEG and PNG are taken. Pictures are put together anew from the parts that draw them: places, names of cameras and
whatever else stood beside stay behind. Anything a browser would run is none of the three.
"""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.records import pictures

LARGEST = 10 * 1024 * 1024
PDF = b"%PDF-"


class Scan(NamedTuple):
    """A file that may be kept."""

    content: bytes
    content_type: str
    extension: str


def read(file, *, pictures_only=False):
    """The uploaded file (of a form) as a Scan. Raises ValidationError: too large, or none of the three."""
    if file.size > LARGEST:
        raise ValidationError(_("The file is larger than 10 MB. Scan it with a lower resolution."))
    content = file.read()
    scan = _recognized(content)
    if scan is None or (pictures_only and scan.extension == "pdf"):
        words = (
            _("Use a JPEG or PNG picture.") if pictures_only else _("Use a PDF, or a JPEG or PNG picture.")
        )
        raise ValidationError(words)
    return scan


def _recognized(content):
    if content.startswith(PDF) and b"%%EOF" in content[-2048:]:
        return Scan(content, "application/pdf", "pdf")
    try:
        picture = pictures.drawn(content)
    except ValueError:
        return None
    if picture.startswith(pictures.JPEG):
        return Scan(picture, "image/jpeg", "jpg")
    return Scan(picture, "image/png", "png")
