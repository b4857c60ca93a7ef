"""The Chinese catalogue, kept in step with the texts of the code without the gettext programs.

python -m config.messages [--check]

The code and the templates carry English msgids; locale/zh_Hans holds their translation. Without
an option new msgids get an empty line to be filled in, and those that are gone are dropped; a
translation that stays is never changed. --check writes nothing and exits 1 when something is
missing, left over, fuzzy, or uses other placeholders than its msgid.
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
# Only what a reader of the file needs: no dates and no names, so that diffs show texts alone.
HEADER = r"""msgid ""
msgstr ""
"Language: zh_Hans\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
# Which argument is the text: None = the first, "c" marks a context.
ONE, PLURAL, CONTEXT, CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), CONTEXT_PLURAL),
}
# The code fills these texts from a dict with more keys than English needs.
OTHER_PLACEHOLDERS = {
    "Grade %(grade)s (%(number)s)": {"%(hanzi)s", "%(number)s"},  # a grade is 七, not 7
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")


def python_sources() -> Iterator[tuple[Path, str]]:
    """Every file with texts as Python source: the code, and the templates as Django reads them."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path, path.read_text("utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = templatize(path.read_text("utf-8"), origin=str(path))
        # What is not a text becomes XXX in the shape of the page, whose indentation means nothing.
        yield path, "\n".join(line.strip() for line in source.splitlines())


def texts_of_the_code() -> Catalog:
    """Every msgid that the code and the templates use, without translations."""
    found = Catalog(locale="zh_Hans")
    for _path, source in python_sources():
        for _line, text, _comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=CALLS
        ):
            found.add(text, context=context)
    return found


def written() -> Catalog:
    """The catalogue as it is in the file."""
    return read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="zh_Hans")


def updated(old: Catalog, found: Catalog) -> Catalog:
    """The msgids of `found` with the translations of `old`."""
    new = Catalog(locale="zh_Hans")
    for message in messages(found):
        known = old.get(message.id, message.context)
        keep = known is not None and known.pluralizable == message.pluralizable
        new.add(message.id, known.string if keep else None, context=message.context)
    return new


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]  # the header has no id


def problems(old: Catalog, found: Catalog) -> Iterator[str]:
    """What is wrong with the catalogue `old` for a code with the texts `found`, in sentences."""
    for message in messages(found):
        known = old.get(message.id, message.context)
        if known is None or known.pluralizable != message.pluralizable or not all(strings(known)):
            yield f"missing: {message.id}"
        elif known.fuzzy:
            yield f"fuzzy: {message.id}"
        elif any(placeholders(text) != expected(message) for text in strings(known)):
            yield f"other placeholders than its msgid: {message.id}"
    for message in messages(old):
        if found.get(message.id, message.context) is None:
            yield f"superfluous: {message.id}"


def strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def expected(message: Message) -> set[str]:
    """Of the plural when there is one: "One day" needs no number, Chinese has one form for all."""
    text = message.id[-1] if message.pluralizable else message.id
    return OTHER_PLACEHOLDERS.get(text) or placeholders(text)


def write(catalogue: Catalog) -> None:
    texts = io.BytesIO()
    write_po(texts, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    CATALOGUE.write_bytes(HEADER.encode() + texts.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 on a problem")
    check = parser.parse_args().check
    found = texts_of_the_code()
    if not check:
        write(updated(written(), found))
    wrong = list(problems(written(), found))
    for problem in wrong:
        print(problem)
    print(f"{len(messages(found))} texts, {len(wrong)} problems")
    sys.exit(check and bool(wrong))


if __name__ == "__main__":
    main()
