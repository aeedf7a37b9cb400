"""A signature and a seal that nobody owns: drawn by arithmetic, and saying SPECIMEN on themselves."""

import io
from itertools import pairwise
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFont

INK, RED = (24, 40, 92), (178, 34, 34)
WORD = "SPECIMEN"


def signature():
    """A line that swings like a hand does, as PNG bytes on white."""
    sheet = Image.new("RGB", (1400, 420), "white")
    draw = ImageDraw.Draw(sheet)
    points = []
    for step in range(900):
        at = step / 900
        swing = 130 * (1 - at) ** 0.6 + 14
        points.append(
            (
                90 + 1180 * at + 46 * cos(16 * pi * at),
                215 + swing * sin(16 * pi * at) * cos(3 * pi * at) - 40 * sin(pi * at),
            )
        )
    for number, (here, there) in enumerate(pairwise(points)):
        draw.line([here, there], fill=INK, width=7 + round(3 * sin(number / 23)), joint="curve")
    draw.line([(120, 352), (1010, 322)], fill=INK, width=7)
    draw.text((1030, 300), WORD, fill=(120, 120, 130), font=ImageFont.load_default(62))
    return _png(sheet)


def seal():
    """A square frame, as official seals have, with the word in it and nothing else."""
    sheet = Image.new("RGB", (480, 480), "white")
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle([24, 24, 456, 456], radius=26, outline=RED, width=24)
    font = ImageFont.load_default(104)
    for row, letters in enumerate(("SPEC", "IMEN")):
        draw.text((240, 165 + 150 * row), letters, fill=RED, font=font, anchor="mm")
    return _png(sheet)


def _png(sheet):
    found = io.BytesIO()
    sheet.save(found, "PNG")
    return found.getvalue()
