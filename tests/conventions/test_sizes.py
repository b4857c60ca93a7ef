"""Files and functions stay small enough to be read once and believed."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("config", "agencies", "students", "cases", "reporting")
MOST_LINES, MEDIAN, MOST_IN_FUNCTION = 400, 130, 60


def code() -> Iterator[Path]:
    for app in APPS:
        yield from (p for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts)


def test_no_file_is_over_400_lines_and_the_median_is_at_most_130():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in code()}
    assert {str(p): n for p, n in lengths.items() if n > MOST_LINES} == {}
    assert statistics.median(n for n in lengths.values() if n) <= MEDIAN


def test_no_function_is_over_60_lines():
    long = []
    for path in code():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_IN_FUNCTION:
                    long.append(f"{path.name}:{node.name} {length}")
    assert long == []


def test_templates_are_under_150_lines():
    for path in (ROOT / "templates").rglob("*.html"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 150, path
