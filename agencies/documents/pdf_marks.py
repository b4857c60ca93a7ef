"""What a PDF may not have in it to be kept as a scan: scripts, programs, files inside, a password.

It is not rewritten, so that a signature in it stays good; therefore it is looked through.
"""

import re
import zlib

from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, Text

MOST_UNPACKED = 80 * 1024 * 1024  # of all its packed object lists together (SR-30)
ACTS: Text = _("The PDF holds a script or opens a program. Print it anew as a plain PDF.")
FILES: Text = _("The PDF holds other files. Print it anew as a plain PDF.")
LOCKED: Text = _("The PDF is locked with a password and cannot be checked.")
BROKEN: Text = _("The PDF is damaged or cut off. Send it again.")

# Names long enough that the bytes of a picture do not spell them by chance; every script has to
# name itself /JavaScript, and a form that acts by itself has its /XFA in a list or elsewhere.
MARKS: tuple[tuple[re.Pattern[bytes], str, Text], ...] = (
    (
        re.compile(
            rb"/(JavaScript|Launch|SubmitForm|ImportData|RichMedia)\b|/XFA\s*(\[|\d+ \d+ R)"
        ),
        "acts",
        ACTS,
    ),
    (re.compile(rb"/(EmbeddedFiles?|FileAttachment)\b"), "holds_files", FILES),
    (re.compile(rb"/Encrypt\b"), "locked", LOCKED),
)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # "/J#61vaScript" is the same name
STREAM = re.compile(rb"(?<!end)stream\r?\n")
BEFORE_STREAM = 1000  # bytes in which the description of a stream stands
AT_END = 2048  # bytes in which a whole PDF says that it ends


def problem(data: bytes) -> Reason | None:
    """Why this PDF is not kept; None when it only shows pages."""
    if b"%%EOF" not in data[-AT_END:]:
        return Reason("damaged", BROKEN)
    pieces = [data]
    left = MOST_UNPACKED
    for packed in _packed_objects(data):
        unpacked = _unpack(packed, left)
        if unpacked is None:
            return Reason("damaged", BROKEN)
        pieces.append(unpacked)
        left -= len(unpacked)
    for piece in pieces:
        plain = ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), piece)
        for mark, code, text in MARKS:
            if mark.search(plain):
                return Reason(code, text)
    return None


def _packed_objects(data: bytes) -> list[bytes]:
    """The packed lists of objects: what stands in them is not seen in the file itself."""
    found = []
    for stream in STREAM.finditer(data):
        before = data[max(stream.start() - BEFORE_STREAM, 0) : stream.start()]
        about = before[before.rfind(b" obj") :]
        if b"/ObjStm" in about and b"/Filter" in about:
            found.append(data[stream.end() : data.find(b"endstream", stream.end())])
    return found


def _unpack(packed: bytes, most: int) -> bytes | None:
    """None when it cannot be unpacked, or would become too large."""
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(packed, most)
    except (zlib.error, ValueError):
        return None
    return None if unpacking.unconsumed_tail else unpacked
