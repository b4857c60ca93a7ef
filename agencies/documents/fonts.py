"""Fonts that print every place name of the county: the operator's first, those of the wheel last.

Old fonts of the GB2312 set lack 峃 and 漈, which stand in the names of towns (大峃镇, 百丈漈镇).
Fonts of the system are not used, so that a paper looks the same everywhere. The wheel holds all of
GB 18030-2022 level 1, but few characters beyond U+20000, such as 𠮷: those print as their code
until the operator adds a font that has them, which the renderer then finds by itself.
"""

import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings

from agencies.documents import letters

WHEELS = ("pylopdf_fonts_zh_cn",)
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
# What government offices have and may not be given away (GB/T 9704-2012 7.3); by family name.
TITLE = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05 Regular", "SimSun")
HEAD = ("SimHei", "FZHei-B01S")
BODY = ("FangSong_GB2312", "FangSong", "STFangsong", "FZFangSong-Z02S", "SimSun")
# In every font of the wheel; what lies outside is tried before it is printed.
COMMON = re.compile(r"[\n\x20-\x7e\u4e00-\u9fa5，。、；：？！（）《》〈〉【】〔〕“”‘’…—·％]*\Z")
STANDARD: Final = "a-2b"  # PDF/A-2b, ISO 19005-2: for archives; it refuses a missing glyph
PROBE = b"#set text(font: json(bytes(sys.inputs.fonts)))\n#sys.inputs.text"


def root() -> Path | None:
    """The operator's folder of fonts, if there is one (setting FONTS_ROOT)."""
    found = getattr(settings, "FONTS_ROOT", None)
    return Path(found) if found else None


@lru_cache(maxsize=4)
def available(folder: Path | None) -> typst.Fonts:
    """The operator's fonts and the wheel's, without those of the system."""
    folders = [folder] if folder and folder.is_dir() else []
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[*map(str, folders), *(str(files(wheel)) for wheel in WHEELS)],
    )


def families(fonts: typst.Fonts) -> dict[str, list[str]]:
    """The families for title, heads and body, best first; every list ends with the wheel's."""
    there = set(fonts.families())

    def chosen(wanted: tuple[str, ...], *last: str) -> list[str]:
        return [*(name for name in wanted if name in there), *last]

    return {
        "title": chosen(TITLE, SERIF, SANS),
        "head": chosen(HEAD, SANS, SERIF),
        "body": chosen(BODY, SERIF, SANS),
    }


def printable(text: str, folder: Path | None) -> str:
    """Clean text; a character that no font has stands there as its code."""
    text = letters.clean(text)
    if COMMON.match(text):
        return text
    return "".join(
        char if COMMON.match(char) or has(char, folder) else letters.code(char) for char in text
    )


def all_printable(value: Any, folder: Path | None) -> Any:
    """The same for every text in facts, however deep."""
    if isinstance(value, str):
        return printable(value, folder)
    if isinstance(value, dict):
        return {name: all_printable(one, folder) for name, one in value.items()}
    return [all_printable(one, folder) for one in value] if isinstance(value, list) else value


@lru_cache(maxsize=8192)
def has(char: str, folder: Path | None) -> bool:
    """Whether some font has this character; asked of the renderer itself."""
    fonts = available(folder)
    try:
        typst.Compiler(PROBE, font_paths=fonts).compile(
            format="pdf",
            pdf_standards=STANDARD,
            sys_inputs={"fonts": f'["{SERIF}", "{SANS}"]', "text": char},
        )
    except typst.TypstError:
        return False
    return True
