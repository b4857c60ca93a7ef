"""A roster file as rows of cells, recognised by its content and never by its name.

Refused before anything is unpacked: too large, encrypted, no workbook, a zip bomb.
"""

import csv
import io
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum
from python_calamine import PasswordError as WorkbookPasswordError

from students.imports import probe

Cell = str | int | float | bool | date | datetime | time | timedelta
Row = Sequence[Cell]

MOST_BYTES = 40 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024
MOST_MEMBERS = 2000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_SHEETS = 20
ZIP, OLE = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
UTF_8_BOM, UTF_16_BOMS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
# A cell far outside makes a reader allocate every cell before it: column 201 (GS) and beyond, or
# a row of seven digits. Six digits are looked at one by one.
FAR_COLUMN = re.compile(rb' r="(?:[A-Z]{3,}|[H-Z][A-Z]|G[S-Z])\d+"')
FAR_ROW = re.compile(rb' r="[A-Z]{0,3}(\d{6,})"')
BROKEN = (ValueError, OSError, EOFError, NotImplementedError)
WINDOW, OVERLAP = 1 << 20, 32


class Refused(Exception):
    """The whole file cannot be read. problem: "code" or "code:detail" of roster_problems."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Sheet:
    """One table: rows as the spreadsheet program numbers them, from 1."""

    source: CalamineSheet | str
    delimiter: str = ","

    def rows(self) -> Iterator[Row]:
        if isinstance(self.source, str):
            yield from _csv_rows(self.source, self.delimiter)
        else:
            yield from self.source.iter_rows()


def unpacked_size(path: Path) -> int:
    """Bytes after unpacking, from the central directory, without unpacking anything.

    Raises Refused when the file is empty or too large, packed or unpacked.
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty")
    if size > MOST_BYTES:
        raise Refused("too_large")
    with path.open("rb") as file:
        if file.read(4) != ZIP:
            return size
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, *BROKEN) as error:
        raise Refused("damaged") from error
    total = sum(member.file_size for member in members)
    if total > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        raise Refused("unpacks_too_large")
    return total


def sheets(path: Path) -> Iterator[Sheet]:
    """The tables of the file, in their order. Raises Refused."""
    unpacked_size(path)
    with path.open("rb") as file:
        start = file.read(8)
    if start[:4] == ZIP:
        _check_archive(path)
        yield from _workbook_sheets(path)
    elif start == OLE:
        if ENCRYPTED in path.read_bytes():
            raise Refused("password")
        _probe(path)
        yield from _workbook_sheets(path)
    else:
        yield _text_sheet(path.read_bytes())


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise Refused("not_a_sheet")
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check_extent(archive, name)
    except (zipfile.BadZipFile, zlib.error, *BROKEN) as error:
        raise Refused("damaged") from error
    except RuntimeError as error:  # zipfile says so of an encrypted member
        raise Refused("password") from error


def _check_extent(archive: zipfile.ZipFile, name: str) -> None:
    """Read the sheet once as bytes: its real size, its checksum, and no cell far outside."""
    rest = b""
    with archive.open(name) as member:
        while window := member.read(WINDOW):
            text = rest + window
            if FAR_COLUMN.search(text):
                raise Refused("too_many_columns")
            if any(int(found.group(1)) > MOST_ROWS for found in FAR_ROW.finditer(text)):
                raise Refused("too_many_rows")
            rest = text[-OVERLAP:]


def _probe(path: Path) -> None:
    """Let another process open the old format first: see probe.py."""
    command = [sys.executable, probe.__file__, str(path)]
    status = subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603 ours
    if status:
        raise Refused("password" if status == probe.PASSWORD else "damaged")


def _workbook_sheets(path: Path) -> Iterator[Sheet]:
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            names = [
                meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet
            ]
            for name in names[:MOST_SHEETS]:
                sheet = book.get_sheet_by_name(name)
                _check_size(sheet)
                yield Sheet(sheet)
    except WorkbookPasswordError as error:
        raise Refused("password") from error
    except CalamineError as error:
        raise Refused("damaged") from error
    except BaseException as error:  # the reader panics at some broken files; that is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise Refused("damaged") from error


def _check_size(sheet: CalamineSheet) -> None:
    if sheet.total_width > MOST_COLUMNS:
        raise Refused("too_many_columns")
    if sheet.total_height > MOST_ROWS:
        raise Refused("too_many_rows")


def _text_sheet(content: bytes) -> Sheet:
    text = _decoded(content)
    head = text[:4000]
    delimiter = max(",\t;", key=head.count)
    return Sheet(text, delimiter)


def _decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, else GB18030; both strictly."""
    if content.startswith(UTF_16_BOMS):
        raise Refused("encoding")
    if b"\0" in content or content.startswith(b"%PDF"):
        raise Refused("not_a_sheet")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(reader, 1):
            if number > MOST_ROWS:
                raise Refused("too_many_rows")
            if len(row) > MOST_COLUMNS:
                raise Refused("too_many_columns")
            yield row
    except csv.Error as error:
        raise Refused("damaged") from error
