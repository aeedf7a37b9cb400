"""The certificate on paper: an A4 page in English and Korean and a transcript behind it, as an accessible archival PDF.

The page itself is set by Typst, from `typst/certificate.typ`. Everything a person typed reaches it as data
(JSON), never as Typst source, so that no name can be read as markup.
"""

import dataclasses
import datetime
import functools
import importlib.resources
import io
import json
import os
import re
import tempfile
import threading
import unicodedata
from pathlib import Path

import segno
import typst

TEMPLATE = Path(__file__).with_name("typst") / "certificate.typ"

# The only fonts the page may use: those installed with the portal. What the machine has is ignored, so that
# the same certificate looks the same, and fails the same, everywhere.
FONT_PACKAGES = ("fontpkg_noto_sans", "manimgx_fonts_cjk", "fontpkg_noto_sans_khmer")

# An archive can open the page in fifty years (A-2a) and a screen reader can read it today (UA-1). Both turn a
# letter that no font can draw into an error.
PDF_STANDARDS = ["a-2a", "ua-1"]

# Some scripts need these to break words or to join letters; they print nothing by themselves.
JOINERS = frozenset("\u200b\u200c\u200d")


@dataclasses.dataclass(frozen=True)
class CertificateContent:
    """All that is printed on one certificate, as it was approved."""

    number: str
    name: str
    local_name: str
    korean_name: str
    program_en: str
    program_ko: str
    period_en: str
    period_ko: str
    hospitals: tuple[tuple[str, str], ...]
    home_institution: str
    issued_on: datetime.date
    signatory_en: str
    signatory_ko: str
    signatory_title_en: str
    signatory_title_ko: str
    verify_url: str
    demo: bool
    # The transcript on the second page; without a line there is no second page.
    rotation: tuple[dict, ...] = ()
    topics: str = ""
    # The program's own sentence; empty where the usual one stands, as on papers from before there was another.
    statement_en: str = ""
    statement_ko: str = ""
    # How much of it they attended, by programs.transcript; empty where nothing was noted.
    attended: dict = dataclasses.field(default_factory=dict)
    # PNG pictures beside the signatory's name; empty where the name stands alone.
    signature: bytes = b""
    seal: bytes = b""


class MissingGlyph(Exception):
    """A letter on the certificate that none of its fonts can draw; `letters` holds it, or them."""

    def __init__(self, letters):
        self.letters = tuple(dict.fromkeys(letters))
        named = ", ".join(f"“{letter}” ({_code_points(letter)})" for letter in self.letters)
        super().__init__(f"The certificate cannot print {named}.")


def render(content: CertificateContent) -> bytes:
    """Set the certificate and return its PDF, not packed yet; the same content always gives the same bytes."""
    compiler, lock, process = _compiler()
    if process != os.getpid():
        # Typst's worker threads stay behind in the parent, and waiting for them would never end.
        raise RuntimeError("This process was forked from one that had already rendered a certificate.")
    with lock, tempfile.TemporaryDirectory(prefix="certificate-") as desk:
        _lay_out(content, Path(desk))
        try:
            return compiler.compile(
                TEMPLATE.read_bytes(),
                root=desk,
                format="pdf",
                pdf_standards=PDF_STANDARDS,
                timestamp=_midnight(content.issued_on),
            )
        except typst.TypstError as error:
            letters = _undrawable(error)
            if not letters:
                raise
            raise MissingGlyph(letters) from error


@functools.cache
def _compiler():
    """The compiler that has read the fonts, which takes longer than setting a page; its lock; its process."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(importlib.resources.files(package)) for package in FONT_PACKAGES],
    )
    return typst.Compiler(font_paths=fonts), threading.Lock(), os.getpid()


def _lay_out(content, desk):
    """Put what the page is made of where the template finds it: its words, the QR code and the pictures."""
    printed = {}
    for field in dataclasses.fields(content):
        value = getattr(content, field.name)
        if isinstance(value, bytes):
            printed[f"has_{field.name}"] = bool(value)
            (desk / f"{field.name}.png").write_bytes(value)
        else:
            printed[field.name] = _printed(value)
    (desk / "certificate.json").write_text(json.dumps(printed, ensure_ascii=False))
    (desk / "qr.svg").write_text(_qr_svg(content.verify_url))


def _printed(value):
    """The value as it goes on paper: composed letters, single spaces, dates as ISO text."""
    if isinstance(value, str):
        text = " ".join(unicodedata.normalize("NFC", value).split())
        if invisible := [letter for letter in text if _invisible(letter)]:
            raise MissingGlyph(invisible)
        return text
    if isinstance(value, dict):
        return {key: _printed(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printed(part) for part in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def _invisible(letter):
    """Whether the character prints nothing but could change what is read, such as a reversal of direction."""
    return unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs"} and letter not in JOINERS


def _undrawable(error):
    """The letters that Typst found no glyph for, out of its message; none if it failed for another reason."""
    quoted = re.findall(r'the text `"(.+?)"` could not be displayed', error.diagnostic)
    return [re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), text) for text in quoted]


def _code_points(text):
    return " ".join(f"U+{ord(letter):04X}" for letter in text)


def _qr_svg(url):
    """The QR code as SVG; its mask is fixed, because comparing all eight takes as long as the page."""
    out = io.BytesIO()
    segno.make_qr(url, error="m", mask=2).save(
        out, kind="svg", border=0, dark="#1e2124", xmldecl=False, nl=False
    )
    return out.getvalue().decode()


def _midnight(day):
    """The time stamp inside the file: the day of issue, so that it says when, not on which machine."""
    return datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
