"""The page of the rules: who reads it, who sets a value, what is refused, what is shown before."""

from datetime import date

import pytest

from agencies.models import AuditEvent, Obligation, PolicyRule
from agencies.rules.policy import Key
from tests.agencies.services.test_recompute import at, owed
from tests.support.clients import browser

SET, END, RULE = (
    "/policy/term.census_days/set/",
    "/policy/term.census_days/end/",
    "/policy/term.census_days/",
)
NEW = {"value": "8", "starts_on": "2026-10-12", "source": "文教〔2026〕12号", "clause": ""}
READERS = [
    "teacher", "school_leader", "township_cadre", "village_cadre", "bureau_staff", "bureau_leader",
    "agency_staff",
]  # fmt: skip


@pytest.fixture
def ahead(world) -> Obligation:
    """A full check of a term that opens on Monday 2026-10-12, the day of the tests."""
    return owed(world, start=date(2026, 10, 12), now=at("2026-10-09T09:00"))


@pytest.mark.parametrize("role", READERS)
def test_everybody_with_duties_reads_and_only_the_leader_sets(world, role):
    client = browser(world, role)
    page = client.get("/policy/")
    assert page.status_code == 200
    for text in (b"Time for the term-start full check", b"S1-51", b"UNDEFINED"):
        assert (text in page.content) is (text == b"Time for the term-start full check")
    assert "文政办发〔2019〕26号 三(二)".encode() in page.content
    one = client.get(RULE)
    leader = role == "bureau_leader"
    assert (one.status_code, SET.encode() in one.content) == (200, leader)
    assert b"UNDEFINED" not in one.content
    for address in (SET, END):
        assert client.post(address, {}).status_code == (422 if leader else 403)


def test_who_has_no_duties_sees_none(world):
    assert browser(world, "system_admin").get("/policy/").status_code == 403


def test_only_the_leader_has_it_in_the_menu(world):
    assert b'href="/policy/"' in browser(world, "bureau_leader").get("/policy/").content
    assert b'href="/policy/"' not in browser(world, "bureau_staff").get("/policy/").content


@pytest.mark.parametrize("key", ["no.such_key", "term", "TERM.CENSUS_DAYS", "term.census_days "])
def test_an_unknown_key_is_not_found(world, key):
    client = browser(world, "bureau_leader")
    assert client.get(f"/policy/{key}/").status_code == 404
    assert client.post(f"/policy/{key}/set/", NEW).status_code == 404


@pytest.mark.parametrize("key", Key)
def test_each_key_has_its_page_and_its_form(world, key):
    page = browser(world, "bureau_leader").get(f"/policy/{key}/")
    assert page.status_code == 200
    assert b'name="value"' in page.content


def test_first_what_would_move_then_it_is_set(world, ahead):
    client = browser(world, "bureau_leader")
    page = client.post(SET, {**NEW, "step": "check"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "<strong>5</strong> becomes <strong>8</strong>" in text
    assert "1 open deadline would move" in text
    assert Obligation.objects.get(pk=ahead.pk).due_on == date(2026, 10, 19)
    assert PolicyRule.objects.filter(key=Key.CENSUS_DAYS).count() == 1
    done = client.post(SET, {**NEW, "step": "set"})
    assert (done.status_code, done.url) == (302, RULE)
    assert Obligation.objects.get(pk=ahead.pk).due_on == date(2026, 10, 20)
    page = client.get(RULE).content.decode()
    assert "1 open deadline has moved" in page
    assert "文教〔2026〕12号" in page
    assert AuditEvent.objects.filter(verb="policy.set").count() == 1
    assert client.post(END, {"starts_on": "2026-10-12"}).status_code == 302
    assert Obligation.objects.get(pk=ahead.pk).due_on == date(2026, 10, 19)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": "0"}, "greater than or equal to 1"),
        ({"value": "x"}, "Enter a whole number"),
        ({"value": ""}, "This field is required"),
        ({"source": ""}, "This field is required"),
        ({"source": "x" * 121}, "at most 120"),
        ({"source": "   "}, "This field is required"),
        ({"starts_on": "2026-10-11"}, "can begin today at the earliest"),
        ({"starts_on": "soon"}, "Enter a valid date"),
        ({"starts_on": "2926-10-12"}, "less than or equal"),
    ],
)
@pytest.mark.parametrize("step", ["check", "set"])
def test_refused_and_what_was_typed_stays(world, step, changes, words):
    page = browser(world, "bureau_leader").post(SET, {**NEW, "step": step, **changes})
    text = page.content.decode()
    assert page.status_code == 422
    assert words in text
    for value in {**NEW, **changes}.values():
        assert not value.strip() or value in text
    assert PolicyRule.objects.filter(key=Key.CENSUS_DAYS).count() == 1


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("deadlines.office_closing", "25:00", "Write it like “24:00”"),
        ("deadlines.ladder_days", "0,3,1", "each day has to lie after the one before"),
        ("deadlines.ladder_days", "1,3", "Write it like “0,1,3”"),
        ("term.census_unit", "weeks", "Select a valid choice"),
        ("schooling.years", "12", "less than or equal to 9"),
        ("notices.quiet_hours", "21:00", "Write it like “21:00-07:00”"),
    ],
)
def test_each_kind_of_value_is_checked(world, key, value, words):
    answer = browser(world, "bureau_leader").post(f"/policy/{key}/set/", {**NEW, "value": value})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_no_reminder_at_all_is_a_value(world):
    answer = browser(world, "bureau_leader").post(
        "/policy/deadlines.remind_days/set/", {**NEW, "value": "", "step": "set"}
    )
    assert answer.status_code == 302
    assert PolicyRule.objects.get(key=Key.REMIND_DAYS).value == ""


def test_a_rule_that_overlaps_a_later_one_is_refused_and_shown(world):
    client = browser(world, "bureau_leader")
    client.post(SET, {**NEW, "starts_on": "2026-12-01", "step": "set"})
    page = client.post(SET, {**NEW, "step": "set"})
    assert page.status_code == 422
    assert "A value is set from 2026-12-01 on" in page.content.decode()
    assert "8 from 2026-12-01 on" in client.get("/policy/").content.decode()
    assert client.post(END, {"starts_on": "2026-10-11"}).status_code == 422
    assert client.post(END, {"starts_on": "x"}).status_code == 422


def test_in_chinese_no_english_is_left(world):
    client = browser(world, "bureau_leader")
    client.cookies["django_language"] = "zh-hans"
    text = client.get("/policy/").content.decode()
    assert "开学全面清查的期限" in text
    assert "县级设定；文件未规定期限" in text
    for english in ("working days", "setting of", "hour of"):
        assert english not in text
