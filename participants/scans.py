"""What somebody hands in, known by its content: its name and what the browser calls it say nothing.

PDF, JPEG and PNG are taken. Pictures are put together anew from the parts that draw them: places, names of cameras and
whatever else stood beside stay behind. Anything a browser would run is none of the three.
"""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST = 10 * 1024 * 1024
PDF, JPEG, PNG = b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
PNG_DRAWN = frozenset([b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"sBIT"])
START_OF_SCAN = 0xDA
# Segments that only tell: application data 1 to 13 and 15 (EXIF, XMP, ICC…), comments.
JPEG_TOLD = frozenset([*range(0xE1, 0xEE), 0xEF, 0xFE])


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
    try:
        if content.startswith(PDF) and b"%%EOF" in content[-2048:]:
            return Scan(content, "application/pdf", "pdf")
        if content.startswith(JPEG):
            return Scan(_drawn_jpeg(content), "image/jpeg", "jpg")
        if content.startswith(PNG):
            return Scan(_drawn_png(content), "image/png", "png")
    except (ValueError, IndexError):
        return None
    return None


def _drawn_jpeg(content):
    """The segments up to the scan that draw, then the scan. Raises ValueError where it is no whole picture."""
    end = content.rfind(b"\xff\xd9")
    kept, at = [content[:2]], 2
    while content[at + 1] != START_OF_SCAN:
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if content[at] != 0xFF or length < 2:
            raise ValueError("not a segment")
        if content[at + 1] not in JPEG_TOLD:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    if end < at:
        raise ValueError("cut off")
    return b"".join([*kept, content[at : end + 2]])


def _drawn_png(content):
    """The chunks that draw. Raises ValueError where it is no whole picture."""
    kept, at = [PNG], len(PNG)
    while True:
        length = int.from_bytes(content[at : at + 4], "big")
        chunk = content[at : at + 12 + length]
        if len(chunk) != 12 + length:
            raise ValueError("cut off")
        if chunk[4:8] in PNG_DRAWN:
            kept.append(chunk)
        if chunk[4:8] == b"IEND":
            return b"".join(kept)
        at += 12 + length
