"""The Chinese catalogue, kept in step with the texts of the code without the gettext programs.

Code and templates carry English msgids; locale/zh_Hans holds their translation. `python -m
config.messages` adds new msgids to be filled in, drops those that are gone and never changes what
stays. --check writes nothing and exits 1 when a translation is missing, left over, fuzzy, or uses
other placeholders than its msgid.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from config.embedded import ROOT

CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
APPS = ("agencies", "students", "cases", "reporting", "config")
# Only what programs need of it: no dates and no names, so that a diff shows texts alone.
HEADER = rb"""msgid ""
msgstr ""
"Language: zh_Hans\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"""
# The places of the texts among the arguments: None is the first alone, "c" marks a context.
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# Texts that the code fills from a dict with more keys than English needs: 七年级, never 7年级.
OTHER_PLACEHOLDERS = {
    "Grade %(grade)s (%(number)s)": {"%(hanzi)s", "%(number)s"},
    "Grade %(grade)s, in no class yet": {"%(hanzi)s"},
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def sources() -> Iterator[tuple[Path, str]]:
    """All code with texts, templates as the Python in which Django expresses their texts."""
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        yield path, path.read_text("utf-8")
    for path in (p for end in ("html", "txt") for p in (ROOT / "templates").rglob(f"*.{end}")):
        source = templatize(path.read_text("utf-8"), origin=str(path))
        # The page itself has become XXX of the same shape; its indentation means nothing.
        yield path, "\n".join(line.strip() for line in source.splitlines())


def texts_of_the_code() -> Catalog:
    """Every msgid that is used, without translations."""
    found = Catalog(locale="zh_Hans")
    for _path, source in sources():
        file = io.BytesIO(source.encode())
        for _line, text, _comments, context in extract("python", file, keywords=CALLS):
            found.add(text, context=context)
    return found


def catalogue_as_written() -> Catalog:
    return read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="zh_Hans")


def messages(catalogue: Catalog) -> list[Message]:
    """Without the header, whose id is empty."""
    return [message for message in catalogue if message.id]


def translation(catalogue: Catalog, message: Message) -> Message | None:
    """The entry for this msgid; one that got or lost its plural is another."""
    known = catalogue.get(message.id, message.context)
    return known if known and known.pluralizable == message.pluralizable else None


def updated(old: Catalog, found: Catalog) -> Catalog:
    """The msgids of `found` with the translations of `old`."""
    new = Catalog(locale="zh_Hans")
    for message in messages(found):
        known = translation(old, message)
        new.add(message.id, known.string if known else None, context=message.context)
    return new


def forms(text: object) -> tuple[str, ...]:
    """A text alone, or its singular and plural."""
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def expected(message: Message) -> set[str]:
    """Placeholders: of the plural if there is one, for Chinese has one form for all numbers."""
    text = forms(message.id)[-1]
    return OTHER_PLACEHOLDERS.get(text) or set(PLACEHOLDER.findall(text))


def problems(old: Catalog, found: Catalog) -> Iterator[str]:
    """What is wrong with the catalogue `old` for code with the msgids `found`."""
    for message in messages(found):
        known = translation(old, message)
        if known is None or not all(forms(known.string)):
            yield f"missing: {message.id}"
        elif known.fuzzy:
            yield f"fuzzy: {message.id}"
        elif any(set(PLACEHOLDER.findall(s)) != expected(message) for s in forms(known.string)):
            yield f"other placeholders: {message.id}"
    for message in messages(old):
        if translation(found, message) is None:
            yield f"left over: {message.id}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 on a problem")
    check = parser.parse_args().check
    found = texts_of_the_code()
    if not check:
        new, texts = updated(catalogue_as_written(), found), io.BytesIO()
        write_po(texts, new, width=0, no_location=True, omit_header=True, sort_output=True)
        CATALOGUE.write_bytes(HEADER + b"\n" + texts.getvalue())
    wrong = list(problems(catalogue_as_written(), found))
    print(*wrong, f"{len(messages(found))} texts, {len(wrong)} problems", sep="\n")
    sys.exit(1 if check and wrong else 0)


if __name__ == "__main__":
    main()
