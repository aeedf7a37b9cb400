"""A PDF with room for a signature: laid out once by qpdf, and filled in where the room is.

What a signature covers is all of the file but the room itself, so that nothing stands outside it. What is no stream
goes into compressed object streams on the way (PDF 1.5): Typst writes the tags of an accessible document as plain
text, which is a third of a certificate.
"""

import hashlib
import io

import pikepdf
from pikepdf import Array, Dictionary, Name, String

FIELD = "Seal"
# As wide as any offset may be; the true ones are written over it.
OFFSET = 2_000_000_000
PRINTED_AND_LOCKED = 132
NO_CHANGES = 1


class Unsealed:
    """The bytes of a document with room for the signature of `room` bytes: their digest, and filled in."""

    def __init__(self, content, room):
        numbers = f"[ 0 {OFFSET} {OFFSET} {OFFSET} ]".encode()
        empty = b"/ByteRange " + numbers + b" /Contents <" + b"0" * 2 * room + b">"
        if content.count(empty) != 1:
            raise ValueError("The PDF has no room for a signature where it was laid out.")
        at = content.index(empty)
        self._end = at + len(empty)
        self._begin = self._end - 2 * room - 2
        spans = f"[ 0 {self._begin} {self._end} {len(content) - self._end} ]".encode().ljust(len(numbers))
        place = at + len(b"/ByteRange ")
        self._room = room
        self._before = content[:place] + spans + content[place + len(numbers) : self._begin]
        self._after = content[self._end :]

    @property
    def digest(self):
        """SHA-256 of all that is signed."""
        found = hashlib.sha256(self._before)
        found.update(self._after)
        return found.digest()

    def filled(self, signature):
        """The document with the signature (DER) in its place."""
        if len(signature) > self._room:
            raise ValueError("The signature is longer than the room that was left for it.")
        digits = signature.hex().upper().ljust(2 * self._room, "0")
        return b"".join((self._before, b"<", digits.encode(), b">", self._after))


def laid_out(content, *, room, **told):
    """The document with a field for the seal: Unsealed. `told` is what the seal says, as `_signature` takes it."""
    found = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        _add_field(document, document.make_indirect(_signature(room, **told)))
        document.save(
            found,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            deterministic_id=True,
            # The metadata say PDF/A-2a and PDF/UA-1, and stay as they are.
            fix_metadata_version=False,
        )
    return Unsealed(found.getvalue(), room)


def _signature(room, *, name, reason, moment):
    """The signature's own dictionary (PAdES), which allows no change afterwards. qpdf never compresses such a one."""
    allowed = Dictionary(Type=Name.TransformParams, V=Name("/1.2"), P=NO_CHANGES)
    return Dictionary(
        Type=Name.Sig,
        Filter=Name("/Adobe.PPKLite"),
        SubFilter=Name("/ETSI.CAdES.detached"),
        ByteRange=Array([0, OFFSET, OFFSET, OFFSET]),
        Contents=String(bytes(room)),
        Name=name,
        Reason=reason,
        M=f"{moment:D:%Y%m%d%H%M%SZ}",
        Reference=Array([Dictionary(Type=Name.SigRef, TransformMethod=Name.DocMDP, TransformParams=allowed)]),
    )


def _add_field(document, signature):
    """The field that holds it: a widget without size on the first page, as an unseen signature is kept."""
    page = document.pages[0].obj
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=FIELD,
            F=PRINTED_AND_LOCKED,
            Rect=Array([0, 0, 0, 0]),
            P=page,
            V=signature,
        )
    )
    page.Annots = Array([*page.get("/Annots", ()), field])
    document.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    document.Root.Perms = Dictionary(DocMDP=signature)
    # PAdES is an extension to PDF 1.7 by ETSI.
    document.Root.Extensions = Dictionary(ESIC=Dictionary(BaseVersion=Name("/1.7"), ExtensionLevel=1))
