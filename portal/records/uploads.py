"""What people upload: told by its bytes, and refused where these are not what the name says.

Pictures are put together anew, without where and by whom they were taken. Documents stay as they came, with the names
in their properties: to write them anew would break signatures, and what their own programs keep in them.
"""

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import pictures
from .models import PrivateFile

LARGEST = 20 * 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"  # of an Office file: what each of its parts is
MOST_UNPACKED = 1024 * 1024
MOST_PARTS = 5_000


@dataclass(frozen=True)
class FileKind:
    """A kind of file: how it is called, by which ends its name may say so, and how its bytes begin.

    Office files all begin alike: these are told by the `part` that their archive has, or the `mark` in their bytes.
    """

    label: str
    content_type: str
    suffixes: tuple
    beginnings: tuple
    part: str = ""
    mark: bytes = b""

    def is_in(self, content, parts):
        """Whether these bytes are of this kind; `parts` are the names in their archive, if they are one."""
        begins = content.startswith(self.beginnings)
        return begins and (not self.part or self.part in parts) and self.mark in content


PDF = FileKind("PDF", "application/pdf", (".pdf",), (b"%PDF-",))
JPEG = FileKind("JPEG", "image/jpeg", (".jpg", ".jpeg"), (pictures.JPEG,))
PNG = FileKind("PNG", "image/png", (".png",), (pictures.PNG,))
TIFF = FileKind("TIFF", "image/tiff", (".tif", ".tiff"), (b"II*\x00", b"MM\x00*"))
SCANS = (PDF, JPEG, PNG, TIFF)
PICTURES = (JPEG, PNG)
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ZIP = (b"PK\x03\x04",)
_ZIP_ENTRY = b"PK\x01\x02"  # how each part begins in the archive's directory
DOCX = FileKind("Word", f"{_OFFICE}.wordprocessingml.document", (".docx",), _ZIP, "word/document.xml")
XLSX = FileKind("Excel", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",), _ZIP, "xl/workbook.xml")
PPTX = FileKind(
    "PowerPoint", f"{_OFFICE}.presentationml.presentation", (".pptx",), _ZIP, "ppt/presentation.xml"
)
HWPX = FileKind("HWPX", "application/hwp+zip", (".hwpx",), _ZIP, "Contents/content.hpf")
HWP = FileKind(
    "HWP", "application/x-hwp", (".hwp",), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",), mark=b"HWP Document File"
)
HANDOUTS = (PDF, JPEG, PNG, DOCX, XLSX, PPTX, HWPX, HWP)


@dataclass(frozen=True)
class Upload:
    """A file whose content has been looked at."""

    content: bytes
    name: str
    content_type: str

    @property
    def sha256(self):
        """What the stored file will be known by."""
        return hashlib.sha256(self.content).hexdigest()

    def store(self):
        """Keep it as a private file; nothing that was stored before is touched."""
        return PrivateFile.objects.store(self.content, name=self.name, content_type=self.content_type)


class UploadField(forms.FileField):
    """A file of one of the `kinds`. Cleans to an `Upload`."""

    def __init__(self, *, kinds=SCANS, largest=LARGEST, help_text=None, **kwargs):
        self.kinds, self.largest = kinds, largest
        suffixes = ",".join(suffix for kind in kinds for suffix in kind.suffixes)
        words = gettext_lazy("PDF, JPEG, PNG or TIFF, 20 MB at most.")
        super().__init__(help_text=help_text or words, **kwargs)
        self.widget.attrs["accept"] = suffixes

    def clean(self, data, initial=None):
        sent = super().clean(data, initial)
        if not sent:
            return None
        if sent.size > self.largest:
            raise forms.ValidationError(
                _("This file has %(size)s; %(largest)s is the most.")
                % {"size": filesizeformat(sent.size), "largest": filesizeformat(self.largest)}
            )
        name = PurePath(sent.name).name
        content = sent.read()
        kind = self._kind_of(content, name)
        if kind in PICTURES:
            content = _drawn(content, name)
        return Upload(content, name[-200:], kind.content_type)

    def _kind_of(self, content, name):
        """The kind that the bytes tell. Raises where it is none of ours, or not what the name says."""
        labels = ", ".join(kind.label for kind in self.kinds)
        parts = _parts_of(content)
        if any(part.lower().endswith("vbaproject.bin") for part in parts) or _says_macros(content, parts):
            raise forms.ValidationError(_("“%(name)s” has macros. Save it without them.") % {"name": name})
        kind = next((kind for kind in self.kinds if kind.is_in(content, parts)), None)
        if kind is None:
            raise forms.ValidationError(
                _("“%(name)s” is none of these: %(kinds)s. Its content was looked at, not its name.")
                % {"name": name, "kinds": labels}
            )
        if not name.lower().endswith(kind.suffixes):
            raise forms.ValidationError(
                _(
                    "“%(name)s” is not what its name says: its content is %(kind)s. Name it so, or choose another file."
                )
                % {"name": name, "kind": kind.label}
            )
        return kind


def _drawn(content, name):
    try:
        return pictures.drawn(content)
    except ValueError as error:
        words = _("“%(name)s” is damaged. Open it, save it anew, and choose it again.")
        raise forms.ValidationError(words % {"name": name}) from error


def _parts_of(content):
    """The names in an archive, read from its directory: nothing is unpacked. Empty for what is none."""
    if not content.startswith(_ZIP) or content.count(_ZIP_ENTRY) > MOST_PARTS:
        return frozenset()
    try:
        return frozenset(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError):
        return frozenset()


def _says_macros(content, parts):
    """Whether an Office file says of itself that it has macros, whatever the part that holds them is called.

    No more than the beginning of that list is unpacked.
    """
    if CONTENT_TYPES not in parts:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)).open(CONTENT_TYPES) as kinds:
            said = kinds.read(MOST_UNPACKED).lower()
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError):
        return True  # what cannot be read is not passed on
    return any(word in said for word in (b"vbaproject", b"macroenabled", b"macrosheet"))
