"""manage.py import_roster: one object on standard output, exit status 0 only when done."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from students.models import ImportJob, Student
from tests.support.rosters import roster, row, table, xlsx


def run(path: Path, *options: str) -> tuple[int, dict]:
    out = io.StringIO()
    status = 0
    try:
        call_command(
            "import_roster", str(path), "--school", "3133000001", "--json", *options, stdout=out
        )
    except SystemExit as end:
        status = end.code
    return status, json.loads(out.getvalue())


@pytest.fixture
def file(tmp_path):
    def write(rows) -> Path:
        path = tmp_path / "roster.bin"
        path.write_bytes(xlsx(table(rows)))
        return path

    return write


def test_dry_run_then_apply(world, file):
    path = file(roster(world, row("林小满", 902)))
    status, answer = run(path)
    assert (status, answer["state"], answer["new"]) == (0, "checked", 1)
    assert not Student.objects.filter(name="林小满").exists()
    status, answer = run(path, "--apply")
    assert (status, answer["state"], answer["new"]) == (0, "applied", 1)
    assert Student.objects.filter(name="林小满").exists()
    assert ImportJob.objects.last().confirmed_by == world.posts["school_leader"]
    status, answer = run(path, "--apply")
    assert (status, answer["new"], answer["unchanged"]) == (0, 0, 7)


def test_rows_left_out_are_told_and_the_status_is_not_0(world, file):
    status, answer = run(file(roster(world, row("林小满", 902, 性别="1"))), "--apply")
    assert (status, answer["state"], answer["errors_total"]) == (1, "applied", 1)
    assert answer["errors"][0]["row"] == 8


def test_a_second_person_cannot_be_replaced_by_the_command(world, file):
    status, answer = run(file(roster(world)[:4]), "--apply")
    assert (status, answer["state"]) == (1, "needs_second")


def test_a_broken_file(world, tmp_path):
    path = tmp_path / "roster.xlsx"
    path.write_bytes(b"")
    status, answer = run(path)
    assert (status, answer["state"], answer["problem"]) == (1, "refused", "The file is empty.")


def test_in_the_name_of_a_user(world, file):
    path = file(roster(world))
    assert run(path, "--user", "bureau_staff")[0] == 0
    with pytest.raises(CommandError):
        run(path, "--user", "other_leader")
    with pytest.raises(CommandError):
        run(path, "--user", "nobody")
    with pytest.raises(CommandError):
        run(path.with_name("none"))
