"""Characters as a document can hold them, and how wide they are.

Nothing is lost silently: a character that cannot be shown stands there as its code, 〔U+20BB7〕.
"""

import re
import unicodedata

WIDE, CAPITAL, NARROW = 2.0, 1.5, 1.1  # in half an em; Latin letters are wider than half
FAR_EAST = frozenset("WFA")
# Pieces within which a line is not broken by itself.
RUN = re.compile(r"[!-~\u00c0-\u024f]+")
ZERO_WIDTH_SPACE = "\u200b"


def code(char: str) -> str:
    """〔U+20BB7〕: what stands for a character that cannot be shown."""
    return f"〔U+{ord(char):04X}〕"


def clean(text: str) -> str:
    """Without control and direction characters; what no file may hold stands as its code."""
    if text.isprintable():
        return text
    return "".join(map(_clean, text.replace("\r\n", "\n")))


def _clean(char: str) -> str:
    if char in "\n\r\v\f\x85\u2028\u2029":
        return "\n"
    if char == "\t":
        return " "
    if _is_no_character(char):
        return code(char)
    return "" if unicodedata.category(char) in ("Cc", "Cf") else char


def _is_no_character(char: str) -> bool:
    """Half of a pair, or a code that Unicode never gives to a character (Unicode 23.7)."""
    number = ord(char)
    return 0xD800 <= number <= 0xDFFF or 0xFDD0 <= number <= 0xFDEF or (number & 0xFFFE) == 0xFFFE


def width(text: str) -> float:
    """Width of the longest line, in half-widths (half an em)."""
    return max((sum(map(_width, line)) for line in text.split("\n")), default=0.0)


def longest_run(text: str) -> float:
    """Width of the longest piece that holds together, such as an ID number, in half-widths."""
    return max((width(run) for run in RUN.findall(text)), default=0.0)


def with_breaks(text: str, most: float) -> str:
    """The text with invisible places to break in those pieces that are wider than `most`."""
    return RUN.sub(
        lambda run: (
            ZERO_WIDTH_SPACE.join(run.group()) if width(run.group()) > most else run.group()
        ),
        text,
    )


def _width(char: str) -> float:
    if char == ZERO_WIDTH_SPACE:
        return 0.0
    if unicodedata.east_asian_width(char) in FAR_EAST:
        return WIDE
    return CAPITAL if char.isupper() else NARROW
