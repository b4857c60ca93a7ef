"""Only services (and demo data) write rows; nothing reacts to a save."""

import ast
from pathlib import Path

from tests.conventions.test_sizes import ROOT, code

WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
SERVICES = ("services", "imports")
# Files outside services that may write, each for a reason.
ALLOWED = {
    "agencies/background.py": "records when a task last succeeded",
    "agencies/models/user.py": "the user manager creates accounts",
    "agencies/grants.py": "grants are a projection that services ask for",
    "agencies/documents/shrink.py": "saves a picture into memory, no row",
    "cases/documents/word.py": "saves a Word file into memory, no row",
    "cases/documents/word_built_in.py": "likewise",
}


def may_write(path: Path) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return (
        any(part in SERVICES for part in path.parts)
        or path.name.startswith("demo")
        or name in ALLOWED
    )


def test_only_services_write():
    found = []
    for path in code():
        if may_write(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            called = node.func
            of_objects = isinstance(called.value, ast.Attribute) and called.value.attr == "objects"
            if called.attr in WRITES and (of_objects or called.attr == "save"):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} .{called.attr}(")
    assert found == []


def test_nobody_listens_to_signals():
    for path in code():
        text = path.read_text(encoding="utf-8")
        assert "@receiver" not in text, path
        assert "models.signals" not in text, path
