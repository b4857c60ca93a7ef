"""The documentation says what the code says: generated parts, numbers, names of files."""

import re
from pathlib import Path

import pytest

from config.docs import PART, PARTS, stale
from config.embedded import ROOT

PAGES = [*ROOT.glob("README*.md"), ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
# `cases/rules/workflow.py`, and the file in front of `cases/rules/workflow.py:refusals`
FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.[a-z]+)(?::\w+)?`")
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+\.md)(?:#[^)]*)?\)")


def test_generated_parts_are_up_to_date():
    assert [page.name for page in stale()] == []


def test_every_generated_part_stands_in_one_page():
    found = [match["name"] for page in PAGES for match in PART.finditer(page.read_text("utf-8"))]
    assert sorted(found) == sorted(part.__name__ for part in PARTS)


def test_decisions_are_numbered_once_without_gaps():
    numbers = [int(page.name[:4]) for page in ADRS]
    assert numbers == list(range(1, len(ADRS) + 1))
    for page in ADRS:
        assert page.read_text("utf-8").startswith(f"# {page.name[:4]} ")


@pytest.mark.parametrize("written", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_that_a_page_names_exist(written: Path):
    text = written.read_text("utf-8")
    named = [ROOT / name for name in FILE.findall(text)]
    linked = [written.parent / name for name in LINK.findall(text)]
    assert [str(path.relative_to(ROOT)) for path in named + linked if not path.exists()] == []
