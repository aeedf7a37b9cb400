"""A signature or a seal as a picture: what is uploaded is drawn anew, small, on white, with nothing but the ink."""

import io
import warnings

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

LARGEST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 24_000_000
# As printed: 58 × 13 mm and a square of 20 mm, at some 240 dots an inch. A certificate has 60 kB in all.
ROOM = {"signature": (540, 121), "seal": (190, 190)}
SMALLEST = 40
# Paper is never quite white in a photograph; what is lighter than this is paper.
PAPER = 225
# A signature leaves most of its rectangle white. A photograph of a desk does not.
MOST_INK = 0.6
COLORS = 6
# What Pillow raises over bytes that are no picture, or one that would be far too large.
DAMAGED = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, Warning)


def drawn_anew(content, kind):
    """The picture as PNG: on white, cut to the ink, small enough for a certificate. Raises ValidationError."""
    ink = _cut(_on_white(_opened(content)))
    ink.thumbnail(ROOM[kind], Image.Resampling.LANCZOS)
    found = io.BytesIO()
    ink.quantize(COLORS, dither=Image.Dither.NONE).convert("RGB").save(found, "PNG", optimize=True)
    return found.getvalue()


def _opened(content):
    """The picture, whatever its name said. One that would fill the memory is refused before it is unpacked."""
    if len(content) > LARGEST_BYTES:
        raise ValidationError(_("The picture is larger than 2 MB. Scan it with a lower resolution."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(_("The picture has too many dots. Scan it with a lower resolution."))
            picture = ImageOps.exif_transpose(picture)  # a telephone writes beside it how it was held
    except DAMAGED as error:
        words = _(
            "This is not a PNG or JPEG picture, or it is damaged. Its content was looked at, not its name."
        )
        raise ValidationError(words) from error
    return picture


def _on_white(picture):
    """Without transparency, and with white paper."""
    picture = picture.convert("RGBA")
    sheet = Image.new("RGBA", picture.size, "white")
    sheet.alpha_composite(picture)
    return sheet.convert("RGB").point(lambda value: 255 if value >= PAPER else value)


def _cut(picture):
    """The rectangle that holds the ink."""
    shade = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).convert("L")
    box = shade.getbbox()
    if box is None:
        raise ValidationError(_("The picture is empty: there is no ink on it."))
    shade, picture = shade.crop(box), picture.crop(box)
    if max(picture.size) < SMALLEST:
        raise ValidationError(_("The picture is too small to be printed."))
    inked = 1 - shade.histogram()[0] / (shade.width * shade.height)
    if inked > MOST_INK:
        raise ValidationError(_("The background is not white. Sign on white paper, and scan that."))
    return picture
