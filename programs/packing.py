"""A PDF made smaller without a word of it changed: what is no stream goes into one compressed object stream (PDF 1.5).

Typst writes the tags of an accessible document as plain text, which is a third of a certificate. Only what Typst
writes is read here: one section of cross references, no encryption, generation 0 throughout.
"""

import re
import struct
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\s*")
TRAILER = re.compile(rb"trailer\s*<<(.*)>>\s*startxref\s*(\d+)\s*%%EOF\s*$", re.DOTALL)
SIZE = re.compile(rb"/Size\s+\d+")
NOT_COMPRESSED, IN_A_STREAM = 1, 2


def packed(content: bytes) -> bytes:
    """The same document, smaller; the same bytes always give the same bytes."""
    told = TRAILER.search(content)
    offsets = _offsets(content, int(told[2]))
    ends = dict(zip(offsets, [*offsets[1:], int(told[2])], strict=True))
    head = content[: offsets[0]]
    loose, streams = [], []
    for offset in offsets:
        whole = content[offset : ends[offset]].rstrip()
        begin = OBJECT.match(whole)
        body = whole[begin.end() :].removesuffix(b"endobj").rstrip()
        (streams if body.endswith(b"endstream") else loose).append((int(begin[1]), body))
    return _written(head, loose, streams, SIZE.sub(b"", told[1]).strip())


def _offsets(content, start):
    """Where each object begins, in the order of the file."""
    lines = content[start:].split(b"\n", 2)[2]
    entries = re.findall(rb"(\d{10}) \d{5} n", lines)
    return sorted(int(entry) for entry in entries)


def _written(head, loose, streams, trailer):
    """The file: the streams as they were, then the others together, then where each of them is."""
    found, where = bytearray(head), {}
    holder = 1 + max(number for number, _body in (*loose, *streams))
    index, bodies = b"", b""
    for place, (number, body) in enumerate(loose):
        index += b"%d %d " % (number, len(bodies))
        bodies += body + b"\n"
        where[number] = (IN_A_STREAM, holder, place)
    together = zlib.compress(index + bodies, 9)
    kept = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (
        len(loose), len(index), len(together),
    )  # fmt: skip
    streams = [*streams, (holder, kept + b"\nstream\n" + together + b"\nendstream")]
    for number, body in streams:
        where[number] = (NOT_COMPRESSED, len(found), 0)
        found += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return bytes(found + _cross_references(len(found), holder + 1, where, trailer))


def _cross_references(start, number, where, trailer):
    """The table of where everything is, as a stream, and the end of the file."""
    where[number] = (NOT_COMPRESSED, start, 0)
    rows = [where.get(one, (0, 0, 65535)) for one in range(number + 1)]
    table = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows), 9)
    told = b"<</Type/XRef/Size %d/W[1 4 2]/Filter/FlateDecode/Length %d%s>>" % (
        number + 1, len(table), trailer,
    )  # fmt: skip
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        number, told, table, start,
    )  # fmt: skip
