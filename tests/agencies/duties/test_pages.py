"""The list of duties and the page of one: who sees what, what is said, how much it costs."""

from datetime import date

import pytest

from agencies.models import Extension, Notice, Obligation
from agencies.rules.obligations import ObligationKind
from agencies.services import dispatch, obligations, receipts, sweep
from tests.support.budgets import counted, query_budget
from tests.support.clients import browser
from tests.support.duties import again, at, owe

ROW = b"kc-row-duty"


@pytest.fixture(autouse=True)
def thursday(clock):
    clock("2026-09-10T09:00")


def several(world):
    """Overdue, today, soon, this week, later; and one that is done."""
    for number, day in enumerate(("2026-09-09", "2026-09-10", "2026-09-13", "2026-09-17")):
        last = date.fromisoformat(day)
        owe(world, ObligationKind.PLACEMENT_END, key=f"a{number}", due_on=last)
    owe(world, ObligationKind.TERM_REPORT, world.other_school)
    owe(world, ObligationKind.PLACEMENT_END, key="far", due_on=date(2026, 12, 1))
    done = owe(world)
    obligations.fulfil([done.pk], at("2026-09-09T10:00"))


def test_groups_by_urgency_with_their_numbers(world):
    several(world)
    page = browser(world, "bureau_staff").get("/duties/").content.decode()
    groups = [part.split('"')[0] for part in page.split("kc-group kc-group-")[1:]]
    assert groups == ["overdue", "today", "soon", "week", "later"]
    assert page.count("kc-row-duty") == 6
    assert "6 duties" in page
    assert "1 of it overdue" in page


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("state=overdue", 1),
        ("state=open", 5),
        ("state=met", 1),
        ("state=waived", 0),
        ("kind=term_report", 1),
        ("body=百丈漈镇", 1),
        ("body=3133000003", 1),
        ("body=大峃镇", 5),
        ("until=2026-09-10", 2),
        ("view=mine", 0),
        ("view=mine&state=met", 0),
        ("kind=nonsense", 6),
        ("until=gestern", 6),
        ("cursor=nonsense", 6),
    ],
)
def test_filters(world, asked, number):
    several(world)
    page = browser(world, "bureau_staff").get(f"/duties/?{asked}")
    assert (page.status_code, page.content.count(ROW)) == (200, number)


def test_a_school_begins_with_its_own_and_a_township_sees_its_area(world):
    several(world)
    assert browser(world, "school_leader").get("/duties/").content.count(ROW) == 5
    assert browser(world, "other_leader").get("/duties/?view=all").content.count(ROW) == 1
    assert browser(world, "second_leader").get("/duties/?view=all").content.count(ROW) == 0
    assert browser(world, "township_cadre").get("/duties/").content.count(ROW) == 0
    assert browser(world, "township_cadre").get("/duties/?view=all").content.count(ROW) == 5
    assert browser(world, "other_cadre").get("/duties/?view=all").content.count(ROW) == 1


def test_a_met_one_says_how_late_it_came(world):
    several(world)
    page = browser(world, "school_leader").get("/duties/?state=met").content
    assert b"done, 2 working days late" in page
    assert b"Latest first" in page


def test_nothing_owed_is_said(world):
    page = browser(world, "school_leader").get("/duties/").content
    assert b"Nothing is owed." in page
    assert b"No duty fits." in browser(world, "school_leader").get("/duties/?state=met").content


@pytest.mark.parametrize("number", [1, 130])
def test_pages_cost_the_same_and_lose_no_line(world, number):
    for nth in range(number):
        owe(world, ObligationKind.ROLL, key=str(nth), starts_on=date(2026, 9, 1 + nth % 9))
    client, address, seen = browser(world, "school_leader"), "/duties/", set()
    with query_budget("duties"):
        client.get(address)
    while address:
        page = client.get(address)
        for group in page.context["groups"]:
            seen |= {line["owed"].pk for line in group["lines"]}
        address = page.context["next_cursor"] and f"/duties/{page.context['next_cursor']}"
    assert len(seen) == number


def test_a_done_list_pages_backward_in_time(world):
    rows = [owe(world, ObligationKind.ROLL, key=str(nth)) for nth in range(70)]
    obligations.fulfil([row.pk for row in rows], at("2026-09-09T09:00"))
    client = browser(world, "school_leader")
    first = client.get("/duties/?state=met")
    rest = client.get(f"/duties/{first.context['next_cursor']}")
    assert (first.content.count(ROW), rest.content.count(ROW)) == (60, 10)


def test_three_thousand_rows(world):
    row = owe(world)
    copies = []
    for nth in range(3000):
        copy = again(row)
        copy.pk, copy.key, copy.public_id = None, f"copy:{nth}", Obligation().public_id
        copies.append(copy)
    Obligation.objects.bulk_create(copies)
    client = browser(world, "bureau_staff")
    with counted() as statements:
        page = client.get("/duties/")
    assert (len(statements) <= 8, page.content.count(ROW)) == (True, 60)
    assert b"3001 duties" in page.content
    assert b"Remind of all 3001 overdue duties" in page.content
    client.post("/duties/remind/", {"state": "overdue"})
    assert Notice.objects.filter(kind="nudge").count() == 2000
    assert b"1001 more are left: click again." in client.get("/duties/").content


def test_one_duty_in_words(world, clock):
    row = owe(world)
    sweep.sweep(at("2026-09-08T09:00"))
    dispatch.expand(at("2026-09-08T09:01"))
    receipts.send(row, [world.bureau, world.other_town_hall], at("2026-09-08T10:00"))
    page = browser(world, "bureau_leader").get(f"/duties/{row.public_id}/").content.decode()
    for words in (
        "Runs from 2026-09-01; that day is not counted",
        "Length: 5 calendar days.",
        "2026-09-06 is a rest day: the period ends on the next working day, 2026-09-07",
        "The last day ends at 24:00.",
        "2026-09-07 24:00",
        "文政办发〔2019〕26号 三(二)",
        "3 working days late",
        "told: who owes it, and its leaders",
        "told 2026-09-08 09:00",
        "2 people",
        "overtaken: a later step was told",
        "still to come",
        "百丈漈镇人民政府",
        "Extend the deadline",
        "This duty stands in",
    ):
        assert words in page, words


def test_a_year_without_a_calendar_is_said(world):
    row = owe(world, starts_on=date(2031, 3, 3))
    page = browser(world, "bureau_staff").get(f"/duties/{row.public_id}/").content
    assert b"the official calendar of a year is not loaded yet" in page
    assert b"(provisional)" in browser(world, "bureau_staff").get("/duties/").content


def test_one_duty_costs_the_same_with_a_long_history(world):
    row, client = owe(world), browser(world, "bureau_leader")
    with counted() as before:
        client.get(f"/duties/{row.public_id}/")
    for day in range(14, 19):
        sent = {"due_on": f"2026-09-{day}", "reason": "台风"}
        assert client.post(f"/duties/{row.public_id}/extend/", sent).status_code == 302
    with counted() as after:
        client.get(f"/duties/{row.public_id}/")
    assert len(after) <= len(before) + 1  # the messages of the session


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("teacher", 200), ("school_leader", 200), ("second_leader", 404), ("other_cadre", 404),
        ("township_cadre", 200), ("bureau_staff", 200), ("agency_staff", 404),
        ("system_admin", 403),
    ],
)  # fmt: skip
def test_who_may_open_one(world, role, status):
    assert browser(world, role).get(f"/duties/{owe(world).public_id}/").status_code == status


def test_a_recipient_from_elsewhere_sees_it(world):
    row = owe(world)
    receipts.send(row, [world.other_town_hall], at("2026-09-05T10:00"))
    assert browser(world, "other_cadre").get(f"/duties/{row.public_id}/").status_code == 200
    assert browser(world, "other_cadre").get("/duties/?view=all").content.count(ROW) == 1


def test_reminding_by_click(world):
    row, client = owe(world), browser(world, "bureau_staff")
    assert client.post(f"/duties/{row.public_id}/remind/").url == f"/duties/{row.public_id}/"
    assert b"1 reminder is sent." in client.get(f"/duties/{row.public_id}/").content
    client.post("/duties/remind/", {"kind": "census", "state": ""})
    page = client.get("/duties/").content
    assert b"Of 1 duty somebody has been reminded today already." in page
    for role in ("school_leader", "township_leader"):
        assert browser(world, role).post("/duties/remind/").status_code == 403
        assert browser(world, role).post(f"/duties/{row.public_id}/remind/").status_code == 403


def test_remind_all_goes_by_the_filter(world):
    owe(world)
    owe(world, ObligationKind.TERM_REPORT, world.other_school)
    owe(world, school=world.other_school)
    client = browser(world, "bureau_staff")
    client.post("/duties/remind/", {"body": "百丈漈镇"})
    told = Notice.objects.get(kind="nudge")
    assert told.agency == world.other_school
    assert told.obligation.kind == "census"  # the report is not overdue yet
    client.post("/duties/remind/", {"state": "met"})
    assert Notice.objects.filter(kind="nudge").count() == 1
    client.post("/duties/remind/", {"state": "open"})
    assert Notice.objects.filter(kind="nudge").count() == 2


def test_extending_by_the_form(world):
    row, client = owe(world), browser(world, "bureau_leader")
    url = f"/duties/{row.public_id}/extend/"
    refused = client.post(url, {"due_on": "2026-09-01", "reason": "台风停课"})
    assert refused.status_code == 422
    assert "台风停课" in refused.content.decode()
    assert b"not later than the present one" in refused.content
    assert client.post(url, {"due_on": "2026-09-14", "reason": ""}).status_code == 422
    assert client.post(url, {"due_on": "2026-09-14", "reason": "台风停课"}).status_code == 302
    page = client.get(f"/duties/{row.public_id}/").content.decode()
    assert "2026-09-07 24:00 → <strong>2026-09-14 24:00</strong>" in page
    assert "An extension was granted" in page
    assert Extension.objects.count() == 1
    assert browser(world, "bureau_staff").post(url, {}).status_code == 403
    assert b"extended" in client.get("/duties/").content


def test_why_it_fell_away(world):
    row = owe(world)
    obligations.waive([row.pk], "the term was moved", at("2026-09-05T09:00"))
    client = browser(world, "school_leader")
    client.cookies["django_language"] = "zh-hans"
    assert "学期日期变动" in client.get(f"/duties/{row.public_id}/").content.decode()
