"""Pictures put together anew from the parts that draw them, without being decoded.

Where a photograph was taken, when, with whose camera, small and second pictures hidden in the file: all of that stays
behind. How it is to be turned stays, and its colors.
"""

import re
from typing import NamedTuple

from PIL import Image

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
ORIENTATION = 0x0112
# A picture of 20 MB has some thousands; millions of empty ones would only keep the portal busy.
MOST_SEGMENTS = 20_000
JFIF, JFIF_LENGTH = b"JFIF\0", 16
EXIF = b"Exif\0\0"
START_OF_SCAN, END_OF_PICTURE = 0xDA, 0xD9
MARK = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)  # any number of bytes may fill up before it
# Segments that only tell: application data and comments; but for the few that a picture is drawn by.
JPEG_TOLD = frozenset([*range(0xE0, 0xF0), 0xFE])
JPEG_DRAWN_BY = (b"ICC_PROFILE\0", b"Adobe")
# What follows the dots of a scan: neither an escaped byte nor one of the marks that dots are counted by.
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
PNG_DRAWN = frozenset(
    [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"iCCP", b"cHRM", b"sBIT"]
)


def drawn(content):
    """The bytes of a JPEG or PNG without what they tell. Raises ValueError where it is neither, or not whole."""
    if content.startswith(JPEG):
        return _drawn_jpeg(content)
    if content.startswith(PNG):
        return _drawn_png(content)
    raise ValueError("no picture")


def _drawn_jpeg(content):
    """The segments that draw, up to the end of the first picture: phones hide further ones behind it."""
    kept, at, has_dots = [content[:2]], 2, False
    while (segment := _segment(content, at)).kind != END_OF_PICTURE:
        if len(kept) > MOST_SEGMENTS:
            raise ValueError("too many segments")
        kept.append(segment.drawn)
        at, has_dots = segment.end, has_dots or segment.kind == START_OF_SCAN
    if not has_dots:
        raise ValueError("nothing is drawn")
    return b"".join([*kept, segment.drawn])


class _Segment(NamedTuple):
    kind: int
    drawn: bytes  # what of it draws
    end: int


def _segment(content, at):
    """The segment that begins here."""
    mark = MARK.match(content, at)
    if mark is None:
        raise ValueError("not a segment")
    kind, begin, end = mark[1][0], mark.start(1) - 1, mark.end()
    if kind == END_OF_PICTURE:
        return _Segment(kind, content[begin:end], end)
    end += int.from_bytes(content[end : end + 2], "big")
    if end > len(content):
        raise ValueError("cut off")
    if kind == START_OF_SCAN:
        end = _after_scan(content, end)
    whole = content[begin:end]
    return _Segment(kind, _drawn_by(whole) if kind in JPEG_TOLD else whole, end)


def _after_scan(content, at):
    found = AFTER_SCAN.search(content, at)
    if found is None:
        raise ValueError("cut off")
    return found.start()


def _drawn_by(segment):
    """What of a segment that tells is needed for drawing: all of it, how the picture is turned, or nothing."""
    body = segment[4:]
    if body.startswith(JFIF) and len(segment) >= JFIF_LENGTH + 2:
        # Its version and density; the small picture that may follow shows what was cut off the large one.
        return segment[:2] + JFIF_LENGTH.to_bytes(2, "big") + body[:12] + b"\0\0"
    if body.startswith(JPEG_DRAWN_BY):
        return segment
    turned = _turned(body) if body.startswith(EXIF) else 1
    if turned == 1:
        return b""
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    told = exif.tobytes()
    return b"\xff\xe1" + (len(told) + 2).to_bytes(2, "big") + told


def _turned(body):
    """How the picture is to be turned, 1 to 8; 1, not at all, where that is not told readably."""
    exif = Image.Exif()
    try:
        exif.load(body)
        turned = exif.get(ORIENTATION)
    except Exception:  # whatever a hostile block makes the reader stumble over: it is left out
        return 1
    return turned if turned in range(1, 9) else 1


def _drawn_png(content):
    """The chunks that draw."""
    kept, at = [PNG], len(PNG)
    for _chunk in range(MOST_SEGMENTS):
        length = int.from_bytes(content[at : at + 4], "big")
        chunk = content[at : at + 12 + length]
        if len(chunk) != 12 + length:
            raise ValueError("cut off")
        if chunk[4:8] in PNG_DRAWN:
            kept.append(chunk)
        if chunk[4:8] == b"IEND":
            return b"".join(kept)
        at += 12 + length
    raise ValueError("too many chunks")
