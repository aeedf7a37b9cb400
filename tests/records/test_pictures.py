"""Pictures that people upload: drawn as before, turned as before, and telling nothing of where they were taken."""

import io

import pytest
from PIL import Image

from portal.records import pictures

PLACE, MADE_BY, HIDDEN = b"37.2636N", b"Camera of Kim", b"second picture"


def photo(kind="JPEG", *, turned=6, **facts):
    """A picture with two colors, which tells how it is turned, by whose camera, and where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = MADE_BY.decode()
    exif.get_ifd(0x8825)[29] = PLACE.decode()
    sheet = Image.new("RGB", (48, 32), "red")
    sheet.paste("blue", (0, 0, 24, 32))
    found = io.BytesIO()
    sheet.save(found, kind, exif=exif, **facts)
    return found.getvalue()


def dots(content):
    return Image.open(io.BytesIO(content)).convert("RGB").tobytes()


@pytest.mark.parametrize(
    "content",
    [photo(), photo(progressive=True), photo(comment=MADE_BY, dpi=(72, 72)), photo("PNG")],
    ids=["as phones write it", "in several scans", "with a comment", "PNG"],
)
def test_a_picture_is_the_same_dot_by_dot_without_what_it_tells(content):
    assert PLACE in content
    kept = pictures.drawn(content)
    assert [word for word in (PLACE, MADE_BY, b"GPS") if word in kept] == []
    assert dots(kept) == dots(content)


@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_a_photo_taken_upright_stays_upright(turned):
    kept = Image.open(io.BytesIO(pictures.drawn(photo(turned=turned))))
    assert kept.getexif().get(0x0112, 1) == turned
    assert len(kept.getexif()) == (turned != 1)


def test_the_colors_stay_what_they_were():
    told = b"ICC_PROFILE of a telephone"
    kept = Image.open(io.BytesIO(pictures.drawn(photo(icc_profile=told))))
    assert kept.info["icc_profile"] == told


def test_a_second_picture_or_a_film_behind_the_first_stays_behind():
    """What telephones append (a depth map, a moving picture) has blocks of its own with the place."""
    kept = pictures.drawn(photo() + b"\xff\xd8\xff\xe1" + HIDDEN + PLACE + b"\xff\xd9")
    assert (HIDDEN in kept, PLACE in kept, kept[-2:]) == (False, False, b"\xff\xd9")


def test_bytes_that_fill_up_between_segments_are_left_out():
    whole = photo()
    assert pictures.drawn(whole[:2] + b"\xff" * 9 + whole[2:]) == pictures.drawn(whole)


@pytest.mark.parametrize(
    "content",
    [
        photo()[:200],
        photo()[:-2],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe1\x00",
        b"\xff\xd8\xff\xe1\xff\xff",
        photo("PNG")[:-6],
        b"GIF89a",
        b"",
    ],
)
def test_what_is_cut_off_or_no_picture_is_refused(content):
    with pytest.raises(ValueError, match=r"cut off|segment|drawn|picture"):
        pictures.drawn(content)


def test_a_block_that_nobody_can_read_is_left_out():
    whole = photo()
    begin = whole.index(b"Exif")
    broken = whole[: begin + 6] + b"\xff" * 8 + whole[begin + 14 :]
    assert pictures.drawn(broken) == pictures.drawn(photo(turned=1))


def test_the_small_picture_that_an_old_camera_puts_in_front_stays_behind():
    usual = photo()
    jfif = b"JFIF\0\x01\x02\0\0\x01\0\x01"
    hiding = jfif + b"\x01\x05" + HIDDEN + b"."  # one dot wide, five high: three bytes each
    content = usual[:2] + b"\xff\xe0" + (len(hiding) + 2).to_bytes(2, "big") + hiding + usual[2:]
    kept = pictures.drawn(content)
    assert (HIDDEN in content, HIDDEN in kept) == (True, False)
    assert kept.startswith(b"\xff\xd8\xff\xe0\x00\x10" + jfif + b"\0\0\xff")
    assert dots(kept) == dots(content)


@pytest.mark.parametrize(
    "content",
    [
        pictures.JPEG[:2] + b"\xff\xe1\x00\x02" * 30_000 + photo()[2:],
        pictures.JPEG[:2] + b"\xff\xe1\x00\x0aExif\0\0MM" * 30_000 + photo()[2:],
        photo("PNG")[:33] + b"\0\0\0\0tEXt\0\0\0\0" * 30_000 + photo("PNG")[33:],
    ],
    ids=["JPEG", "one way to be turned after the other", "PNG"],
)
def test_thousands_of_empty_segments_are_refused_before_they_keep_anybody_busy(content):
    with pytest.raises(ValueError, match="too many"):
        pictures.drawn(content)
