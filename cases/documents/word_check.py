"""Whether an uploaded Word template may be kept: nothing hidden in it, no code, known fields only.

Every reason is told in words, so that whoever wrote the template can mend it.
"""

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext_lazy as _
from jinja2 import TemplateError, TemplateSyntaxError

from agencies.errors import Reason, RuleBroken, Text
from cases.documents.word import filled
from cases.documents.word_env import NotAllowed, WordEnvironment
from cases.rules.papers import CATALOGUE, PaperKind

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_OF_A_PART = 4 * 1024 * 1024  # bytes of one XML part
MOST_PARTS = 200
MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
HIDDEN_NAMES = re.compile(r"vbaProject|vbaData|embeddings/|activeX|oleObject|\.bin$", re.IGNORECASE)
HIDDEN_TYPES = re.compile(rb"macroEnabled|vbaProject|oleObject|activeX", re.IGNORECASE)
OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External["']""", re.IGNORECASE)
LINKED = re.compile(
    rb"/relationships/(attachedTemplate|oleObject|control|subDocument|frame|aFChunk|package)\b"
)
ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
FIELD_CODE = re.compile(
    rb"<w:instrText[^>]*>(.*?)</w:instrText>|w:instr\s*=\s*[\"']([^\"']*)", re.DOTALL
)
FETCHES = re.compile(
    rb"DDE|INCLUDE|(?<!HYPER)LINK|IMPORT|MACROBUTTON|DATABASE|AUTOTEXT", re.IGNORECASE
)


def check(kind: PaperKind, data: bytes) -> None:
    """Raises RuleBroken with every reason that was found."""
    if reasons := _package(data) or _words(kind, data):
        raise RuleBroken(*reasons)


def _no(code: str, text: Text) -> Reason:
    return Reason(code, text, "/file")


def _package(data: bytes) -> list[Reason]:
    """The file as a parcel: its size, what it holds, where it points."""
    if len(data) > MOST_BYTES:
        return [_no("too_large", _("The file is larger than 2 MB."))]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parcel:
            if bomb := _bomb(parcel):
                return [bomb]
            parts = {entry.filename: parcel.read(entry) for entry in parcel.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return [_no("not_word", _("This is not a Word file (.docx)."))]
    if MAIN not in parts.get("[Content_Types].xml", b"") or "word/document.xml" not in parts:
        return [_no("not_word", _("This is not a Word file (.docx)."))]
    return _contents(parts)


def _bomb(parcel: zipfile.ZipFile) -> Reason | None:
    entries = parcel.infolist()
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    most = max((entry.file_size for entry in entries), default=0)
    if len(entries) > MOST_PARTS or unpacked > MOST_UNPACKED:
        return _no("bomb", _("Unpacked, the file is too large."))
    if most > MOST_OF_A_PART and any(
        entry.file_size > MOST_OF_A_PART and entry.filename.endswith((".xml", ".rels"))
        for entry in entries
    ):
        return _no("bomb", _("Unpacked, the file is too large."))
    odd = any(name.startswith(("/", "\\")) or ".." in name.split("/") for name in names)
    if odd or len(set(names)) != len(names):
        return _no("not_word", _("This is not a Word file (.docx)."))
    return None


def _contents(parts: dict[str, bytes]) -> list[Reason]:
    found: dict[str, Text] = {}
    for name, data in parts.items():
        if HIDDEN_NAMES.search(name) or (
            name == "[Content_Types].xml" and HIDDEN_TYPES.search(data)
        ):
            found["program"] = _("It holds a macro or an embedded object.")
        if name.endswith((".xml", ".rels")) and ENTITIES.search(data):
            found["entities"] = _("It defines entities, which Word never does.")
        if name.endswith(".rels") and (OUTSIDE.search(data) or LINKED.search(data)):
            found["outside"] = _("It points to something outside the file.")
        codes = b"".join(a or b for a, b in FIELD_CODE.findall(data))
        if FETCHES.search(codes):
            found["field_code"] = _("It has a field that fetches something from outside.")
    return [_no(code, text) for code, text in found.items()]


def _words(kind: PaperKind, data: bytes) -> list[Reason]:
    """The text of the template, by filling it once with examples."""
    environment = WordEnvironment(kind)
    try:
        filled(data, kind, example(kind), environment)
    except NotAllowed as refused:
        text = _("A template may not contain: %(what)s.") % {"what": refused.words}
        return [_no("code", text)]
    except TemplateSyntaxError as wrong:
        text = _("Its braces cannot be read: %(what)s.") % {"what": wrong.message}
        return [_no("syntax", text)]
    except TemplateError as wrong:
        return [_no("syntax", _("It cannot be filled: %(what)s.") % {"what": wrong.message})]
    except Exception:  # a file from outside can break the parts that read it in any way
        return [_no("not_word", _("This is not a Word file (.docx)."))]
    if not environment.names:
        return [_no("no_field", _("It has no field of this paper: every one would be alike."))]
    unknown = sorted(environment.names - CATALOGUE[kind].names)
    no_field = _("This paper has no field “%(name)s”.")
    return [_no("unknown", no_field % {"name": name}) for name in unknown]


def example(kind: PaperKind) -> dict[str, object]:
    """Every field with its own name as its value, three rows where there are rows."""
    spec = CATALOGUE[kind]
    facts: dict[str, object] = dict.fromkeys(spec.names, "〔〕")
    for field in spec.fields:
        rows = [dict.fromkeys((name for name, _head in field.columns), "〔〕")] * 3
        facts[field.name] = rows if field.columns else f"〔{field.printed}〕"
    return facts
