"""Loading a year's notice: never against a loaded one, and what is open follows."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from agencies.errors import NotPermitted, RuleBroken
from agencies.models import AuditEvent, CalendarDay, CalendarYear, Notice, Obligation
from agencies.queries.calendars import differences, working_calendar
from agencies.rules import calendar_file
from agencies.rules.obligations import ObligationKind
from agencies.services import calendars, obligations
from cases.management.commands import load_reference
from tests.agencies.rules.test_calendar_file import CONTENT, CSV, TITLE
from tests.agencies.services.test_recompute import again, at, owed
from tests.support.official import FILE

NOW = at("2026-12-29T09:00")
BUILT_IN = json.loads(FILE.read_text("utf-8"))
NEXT = CONTENT | {"holidays": {"2027-01-01": "元旦", **CONTENT["holidays"]}}


def parsed(content=NEXT, year="2027"):
    return calendar_file.years({year: content})


def changed_2026() -> dict:
    """2026 with one holiday less and one make-up day more."""
    year = json.loads(json.dumps(BUILT_IN["2026"]))
    del year["holidays"]["2026-09-25"]
    year["make_up"].append("2026-10-17")
    return year


@pytest.fixture
def staff(world):
    return world.scope("bureau_staff")


def test_a_new_year_makes_what_is_open_firm(world, staff):
    open_one = owed(world, ObligationKind.CLOSURE, date(2026, 12, 28), "open", now=NOW)
    met = owed(world, ObligationKind.CLOSURE, date(2026, 12, 28), "met", now=NOW)
    obligations.fulfil([met.pk], NOW)
    assert (open_one.due_on, open_one.provisional) == (date(2027, 1, 4), True)
    done = calendars.load(staff, parsed(), NOW)
    assert (done.created, done.replaced, done.moved) == (1, 0, 1)
    assert (again(open_one).due_on, again(open_one).provisional) == (date(2027, 1, 5), False)
    assert (again(met).due_on, again(met).provisional) == (date(2027, 1, 4), True)
    assert Notice.objects.get(kind="moved").obligation_id == open_one.pk
    assert not working_calendar().is_provisional(date(2027, 6, 1))
    event = AuditEvent.objects.get(verb="calendar.load")
    assert event.detail == {"years": [2027], "created": 1, "replaced": 0, "moved": 1}
    done = calendars.load(staff, parsed(), NOW)
    assert (done.created, done.replaced, done.moved) == (0, 0, 0)


def test_a_contradiction_is_refused_with_the_days(world, staff):
    (file,) = parsed(changed_2026(), "2026")
    found = differences(file)
    assert [(one.day, one.before, one.after) for one in found] == [
        (date(2026, 9, 25), False, True),
        (date(2026, 10, 17), False, True),
    ]
    before = list(CalendarDay.objects.order_by("day").values_list("day", "kind"))
    with pytest.raises(RuleBroken) as refused:
        calendars.load(staff, [file, *parsed()], NOW)
    texts = [str(reason.text) for reason in refused.value.reasons]
    assert texts[0] == "2026-09-25: loaded as off, in the file a working day."
    assert len(texts) == 2
    assert list(CalendarDay.objects.order_by("day").values_list("day", "kind")) == before
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_replacing_is_said_and_moves_what_is_open(world, staff):
    row = owed(world, ObligationKind.TRANSFER, date(2026, 9, 14))
    assert row.due_on == date(2026, 9, 28)
    (file,) = parsed(changed_2026(), "2026")
    would = calendars.would_load(staff, [file], at("2026-09-15T09:00"))
    assert (would.replaced, would.moved) == (1, 1)
    assert again(row).due_on == date(2026, 9, 28)
    done = calendars.load(staff, [file], at("2026-09-15T09:00"), replace=True)
    assert (done.created, done.replaced, done.moved) == (0, 1, 1)
    assert again(row).due_on == date(2026, 9, 25)
    assert differences(file) == []


@pytest.mark.parametrize("role", ["school_leader", "township_cadre", "teacher"])
def test_only_who_carries_the_duty(world, role):
    with pytest.raises(NotPermitted):
        calendars.load(world.scope(role), parsed(), NOW)


def command(*args: object) -> str:
    out = io.StringIO()
    call_command("load_calendar", *args, stdout=out)
    return out.getvalue()


def test_the_command(world, clock, tmp_path):
    clock("2026-12-29T09:00:00+08:00")
    file = tmp_path / "2027.csv"
    file.write_text("date,kind,name\n2027-01-01,放假,元旦\n" + CSV, "utf-8")
    with pytest.raises(CommandError, match="title of the official notice"):
        command(file)
    owed(world, ObligationKind.CLOSURE, date(2026, 12, 28), now=NOW)
    told = json.loads(command(file, "--source", TITLE, "--json"))
    assert told == {
        "years": [2027], "differences": [], "doubts": [], "loaded": True, "created": 1,
        "replaced": 0, "moved": 1,
    }  # fmt: skip
    assert "0 years new, 0 replaced; 0 open deadlines moved" in command(file, "--source", TITLE)


def test_the_command_refuses_a_contradiction_with_status_1(world, tmp_path, capsys):
    file = tmp_path / "2026.json"
    file.write_text(json.dumps({"2026": changed_2026()}), "utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="contradicts") as refused:
        call_command("load_calendar", file, "--json", stdout=out)
    assert refused.value.returncode == 1
    told = json.loads(out.getvalue())
    assert (told["loaded"], [one["day"] for one in told["differences"]]) == (
        False,
        ["2026-09-25", "2026-10-17"],
    )
    assert "2026-09-25: loaded as off" in command(file, "--replace")
    assert command(file).startswith("0 years new, 0 replaced")


@pytest.mark.parametrize(
    ("content", "words"), [("{", "Line 1"), ("[]", "object of years"), (None, "cannot be read")]
)
def test_the_command_names_what_is_wrong(db, tmp_path, content, words):
    file = tmp_path / "x.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CommandError, match=words):
        command(file)


def reference(monkeypatch, tmp_path, years: dict) -> tuple[dict, str]:
    """load_reference with another built-in calendar."""
    for name in ("profiles", "regions-330328.csv", "regions-140521.csv"):
        if not (tmp_path / name).exists():
            (tmp_path / name).symlink_to(load_reference.DATA / name)
    (tmp_path / "calendar").mkdir(exist_ok=True)
    (tmp_path / "calendar" / "years.json").write_text(json.dumps(years), "utf-8")
    out, err = io.StringIO(), io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(load_reference, "DATA", tmp_path)
        call_command("load_reference", "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


def test_load_reference_adds_a_year_and_makes_deadlines_firm(world, clock, monkeypatch, tmp_path):
    clock("2026-12-29T09:00:00+08:00")
    row = owed(world, ObligationKind.CLOSURE, date(2026, 12, 28), "open", now=NOW)
    met = owed(world, ObligationKind.CLOSURE, date(2026, 12, 28), "met", now=NOW)
    obligations.fulfil([met.pk], NOW)
    before = Obligation.objects.values().get(pk=met.pk)
    told, errors = reference(monkeypatch, tmp_path, {**BUILT_IN, "2027": NEXT})
    assert (told["years"], told["moved"], told["contradictions"], errors) == (1, 1, 0, "")
    assert (again(row).due_on, again(row).provisional) == (date(2027, 1, 5), False)
    assert Obligation.objects.values().get(pk=met.pk) == before
    assert Notice.objects.filter(kind="moved", obligation=row).count() == 1
    told, errors = reference(monkeypatch, tmp_path, {**BUILT_IN, "2027": NEXT})
    assert (told["years"], told["moved"]) == (0, 0)
    assert Notice.objects.filter(kind="moved").count() == 1


def test_load_reference_tells_of_a_changed_file_and_leaves_what_is_loaded(
    world, monkeypatch, tmp_path
):
    before = list(CalendarDay.objects.order_by("day").values_list("day", "kind"))
    told, errors = reference(monkeypatch, tmp_path, {**BUILT_IN, "2026": changed_2026()})
    assert (told["years"], told["contradictions"]) == (0, 2)
    assert "2026-09-25: loaded as off, in the file a working day. It stays as loaded." in errors
    assert list(CalendarDay.objects.order_by("day").values_list("day", "kind")) == before
