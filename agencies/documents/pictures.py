"""Photos and scans as they are kept: known by their bytes, re-encoded, with nothing else in them.

What a file is called, and what its sender says it is, counts for nothing (security.md SR-30).
"""

import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from agencies.documents import pdf_marks, shrink
from agencies.errors import Reason, RuleBroken, Text

MOST_BYTES = 10 * 1024 * 1024  # a photo of a telephone has 2 to 8 MB (SR-30)
MOST_SECONDS = 30  # of patience with the process that makes it small
JPEG, PDF = "image/jpeg", "application/pdf"
NOT_A_PHOTO: Text = _("This is no photo. JPEG, PNG, WebP and HEIC are taken.")
PROGRAM: Text = _("This is a program or an archive, not a photo.")
PAGE: Text = _("This is a web page or a drawing made of text, not a photo.")
MOVING: Text = _("This is a moving picture. Send a still one.")
BROKEN: Text = _("The file is damaged or cut off. Take the photo anew or send it again.")
LARGE: Text = _("The file is larger than 10 MB. Send it smaller.")
MANY_PIXELS: Text = _("The photo has more than 50 million pixels. Send it smaller.")
DOCUMENT: Text = _("This is a document. Send a photo.")

# What is refused by its first bytes, each with the words for it.
REFUSED: tuple[tuple[tuple[bytes, ...], str, Text], ...] = (
    ((b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!"), "program", PROGRAM),
    ((b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"), "program", PROGRAM),
    ((b"GIF87a", b"GIF89a"), "moving", MOVING),
    ((b"%PDF",), "document", DOCUMENT),
)
# An archive that hides behind a photo is still opened by programs that look for it at the end.
ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1")
STATUSES = {
    shrink.MANY_PIXELS: Reason("too_many_pixels", MANY_PIXELS),
    shrink.MOVING: Reason("moving", MOVING),
}


@dataclass(frozen=True)
class Photo:
    """Two JPEGs: at most 1600 and 320 pixels on the longer side, upright, without metadata."""

    full: bytes
    small: bytes


@dataclass(frozen=True)
class Scan:
    """A PDF as it was sent, or a JPEG made from a photo."""

    media_type: str
    data: bytes


def photo(data: bytes, pointer: str) -> Photo:
    """A photo, fit to be kept. pointer: the field it came in.

    Raises RuleBroken: too large, no photo, a program, moving, damaged, too many pixels.
    """
    if reason := _problem(data):
        raise RuleBroken(Reason(reason.code, reason.text, pointer))
    made = _shrunk(data)
    if isinstance(made, Reason):
        raise RuleBroken(Reason(made.code, made.text, pointer))
    return made


def scan(data: bytes, pointer: str) -> Scan:
    """A scanned paper: a PDF that only shows pages is kept as it is, anything else is a photo.

    Raises RuleBroken: as `photo`, and for a PDF that acts, hides files, or cannot be looked into.
    """
    if not data.startswith(b"%PDF-"):
        return Scan(JPEG, photo(data, pointer).full)
    if len(data) > MOST_BYTES:
        raise RuleBroken(Reason("too_large", LARGE, pointer))
    if reason := pdf_marks.problem(data):
        raise RuleBroken(Reason(reason.code, reason.text, pointer))
    return Scan(PDF, data)


def _problem(data: bytes) -> Reason | None:
    if len(data) > MOST_BYTES:
        return Reason("too_large", LARGE)
    if not data:
        return Reason("damaged", BROKEN)
    for starts, code, text in REFUSED:
        if data.startswith(starts):
            return Reason(code, text)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Reason("page", PAGE)
    if not _is_photo(data):
        return Reason("not_a_photo", NOT_A_PHOTO)
    if zipfile.is_zipfile(io.BytesIO(data)) or any(mark in data for mark in ARCHIVES):
        return Reason("program", PROGRAM)
    return None


def _is_photo(data: bytes) -> bool:
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data[4:8] == b"ftyp" and data[8:12] in HEIC)
    )


def _shrunk(data: bytes) -> Photo | Reason:
    command = [sys.executable, "-I", shrink.__file__]
    try:
        done = subprocess.run(  # noqa: S603 our own program
            command, input=data, capture_output=True, check=False, timeout=MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        return Reason("damaged", BROKEN)
    if done.returncode:
        return STATUSES.get(done.returncode, Reason("damaged", BROKEN))
    end = shrink.LENGTH + int.from_bytes(done.stdout[: shrink.LENGTH], "big")
    return Photo(done.stdout[shrink.LENGTH : end], done.stdout[end:])
