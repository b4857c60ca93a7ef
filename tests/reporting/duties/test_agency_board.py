"""The board of a body: which duty stands where as a table, the same numbers on every way to it."""

import re
from collections import Counter
from datetime import date, datetime

import pytest

from agencies.models import Agency, Extension, Obligation
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from reporting.queries import agency_board, agency_boards
from reporting.rules.agency_board import Part, Result, periods
from students.access import pupil_for
from students.rules.transfer import Act
from students.services import transfer_chain
from students.services.transfer_chain import Asked, Given
from tests.cases.requests.county import asked, bodies
from tests.cases.services.test_chain import absent_for_four_days
from tests.students.placements.cast import ask as ask_placement
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.duties import owe
from tests.support.rolls import at

NOW = datetime(2026, 10, 12, 8, tzinfo=CHINA)
BEFORE, AFTER = (datetime(2026, 10, day, 20, tzinfo=CHINA) for day in (9, 20))
YEAR = periods(NOW.date())["2026"]
WAITS, DONE, ASKS = Part.WAITING, Part.ANSWERED, Part.ASKED


def board(body, part=DONE, *, alone=False):
    bodies = agency_board.bodies_of(body, alone=alone)
    links = agency_board.links_of(bodies.ids)
    rows = agency_board.rows_of(bodies, links, part, YEAR)
    return agency_board.with_result(rows, NOW)


def duty(world, name, kind=ObligationKind.CENSUS, body=None, **changes):
    row = owe(world, kind, body, key=name)
    Obligation.objects.filter(pk=row.pk).update(**{"due_on": BEFORE, "due_at": BEFORE, **changes})
    return row


def extend(world, row):
    post = world.posts["bureau_leader"]
    moments = {"old_due_at": BEFORE, "new_due_at": AFTER, "at": BEFORE}
    Extension.objects.create(obligation=row, reason="…", approved_by=post, **moments)


MET, LATE = {"met_at": BEFORE, "late": False}, {"met_at": NOW, "late": True}
TO_COME = {"due_on": AFTER, "due_at": AFTER}
TRANSFER = ObligationKind.TRANSFER


@pytest.mark.parametrize(
    ("kind", "changes", "extended", "result"),
    [
        (ObligationKind.CENSUS, MET, False, Result.IN_TIME),
        (ObligationKind.CENSUS, MET, True, Result.EXTENDED),
        (ObligationKind.CENSUS, LATE, False, Result.LATE),
        (ObligationKind.CENSUS, LATE, True, Result.LATE),
        (ObligationKind.CENSUS, {}, False, Result.OPEN_LATE),
        (ObligationKind.CENSUS, {}, True, Result.OPEN_LATE),
        (ObligationKind.CENSUS, TO_COME, False, Result.TO_COME),
        (ObligationKind.CENSUS, TO_COME, True, Result.EXTENDED),
        (ObligationKind.CENSUS, {"waived_at": NOW}, True, Result.FALLEN),
        (TRANSFER, {}, False, Result.WAITING),
        (TRANSFER, LATE, False, Result.WAITING),
        (TRANSFER, MET, False, Result.IN_TIME),
        (TRANSFER, TO_COME, False, Result.TO_COME),
        (ObligationKind.VERIFY, {}, False, Result.OPEN_LATE),
    ],
)
def test_where_a_duty_of_the_period_stands(world, kind, changes, extended, result):
    row = duty(world, "a", kind, **changes)
    if extended:
        extend(world, row)
    assert board(world.school).get().result == result
    found = agency_board.board_of(agency_board.bodies_of(world.school), [], YEAR, NOW)
    rate = found.answered[kind].rate
    counts = result in (Result.IN_TIME, Result.LATE, Result.OPEN_LATE)
    assert (rate.numerator, rate.denominator) == (result == Result.IN_TIME, counts)


@pytest.fixture
def busy(world):
    """Each way in which one body waits for another: requests, a case, a transfer, a placement."""
    police = bodies(world)["police"]
    case = absent_for_four_days(world)
    moment = at(date(2026, 10, 9), 13)
    asked(world, case, police, "search", last_seen="汽车站", now=moment)
    Obligation.objects.filter(kind=ObligationKind.VERIFY).update(due_at=BEFORE, due_on=BEFORE)
    leader, wish = world.scope("school_leader"), (date(2026, 10, 9), "", "搬家", "张某")
    pupil = pupil_for(leader, world.pupils[1].public_id)
    leaving = transfer_chain.ask(leader, pupil, Asked(*wish, world.other_school), NOW)
    for role, what in (("school_leader", Act.AGREE), ("bureau_staff", Act.APPROVE)):
        given = Given(on=date(2026, 10, 12)) if what == Act.AGREE else Given()
        leaving = transfer_chain.act(world.scope(role), leaving, what, given, NOW)
    ask_placement(world, number=2)
    duty(world, "a", ObligationKind.CENSUS, world.second_school, **MET)
    duty(world, "b", ObligationKind.CENSUS, world.village_committee)
    return world


def kinds(body, part, *, alone=False):
    return sorted(board(body, part, alone=alone).values_list("kind", flat=True))


def test_who_waits_for_whom(busy):
    """The school answers for a transfer that the other school confirms; the bureau decides."""
    police = busy.posts["agency_staff"].agency
    assert kinds(busy.school, WAITS) == ["transfer_confirm"]
    assert kinds(busy.other_school, WAITS) == ["transfer_confirm"]
    assert kinds(busy.school, ASKS) == ["placement_decide", "transfer_confirm"]
    assert kinds(busy.other_school, ASKS) == []
    assert kinds(police, WAITS) == ["request_reply"]
    assert kinds(busy.town_hall, ASKS, alone=True) == ["request_reply"]
    verify = board(busy.town_hall, alone=True).get(kind=ObligationKind.VERIFY)
    assert verify.result == Result.WAITING  # the police have not replied


def test_a_township_answers_for_the_bodies_with_a_seat_in_it(busy):
    own, whole = (set(kinds(busy.town_hall, WAITS, alone=one)) for one in (True, False))
    assert "census" not in own
    assert {"census", "transfer_confirm", "request_reply"} <= whole  # the police have a seat there
    owed_by = board(busy.town_hall).values_list("owed_by__name", flat=True)
    assert {"村民委员会", "大峃镇第二小学"} <= set(owed_by)
    assert "census" not in kinds(busy.other_town_hall, WAITS)


def test_the_numbers_of_the_list_are_those_of_each_board(busy):
    agencies = list(Agency.objects.order_by("pk"))
    for line in agency_boards.lines_of(agencies, YEAR, NOW):
        waits, asks = (board(line.agency, part, alone=True) for part in (WAITS, ASKS))
        assert (line.waiting.total, line.waiting.late) == (waits.count(), late(waits))
        assert (line.asked.total, line.asked.late) == (asks.count(), late(asks))
        found = Counter(board(line.agency, alone=True).values_list("result", flat=True))
        assert dict(line.answered.counts) == dict(found)


def late(rows):
    return rows.overdue(NOW).count()


@pytest.mark.parametrize(
    ("role", "body"),
    [
        ("school_leader", "school"),
        ("other_leader", "other_school"),
        ("township_leader", "town_hall"),
        ("village_cadre", "village_committee"),
        ("bureau_staff", "town_hall"),
    ],
)
def test_every_number_of_the_page_and_of_the_api_is_that_of_its_rows(busy, role, body):
    agency = getattr(busy, body)
    url, client, machine = (
        f"/agencies/{agency.public_id}/board/", browser(busy, role), api(busy, role)
    )  # fmt: skip
    for part in Part:
        with counted() as statements:
            page = client.get(url, {"part": part})
        assert len(statements) <= 10, "\n".join(s[:90] for s in statements)
        text = page.content.decode()
        assert not [child.name for child in busy.pupils if child.name in text]
        links = re.findall(r'href="(\?part=[^"]*(?:kind|result)=[^"]*)"[^>]*>\D*?(\d+)<', text)
        assert links or not board(agency, part).exists()
        for link, number in links:
            rows = client.get(url + link.replace("&amp;", "&")).content.count(b"kc-row-duty")
            assert rows == int(number), link
        for one in machine.get(f"/api/v1{url}").json()[part] if part != DONE else ():
            asked_for = {"part": part, "kind": one["kind"], "count": 1}
            found = machine.get(f"/api/v1{url}rows/", asked_for).json()
            assert (found["count"], len(found["results"])) == (one["total"], one["total"])


@pytest.mark.parametrize(
    ("role", "status"),
    [("bureau_staff", 200), ("township_cadre", 200), ("teacher", 200), ("other_cadre", 404), ("agency_staff", 404), ("village_cadre", 404), ("system_admin", 403)],
)  # fmt: skip
def test_who_sees_the_board_of_a_school(world, role, status):
    url = f"/agencies/{world.school.public_id}/board/"
    assert browser(world, role).get(url).status_code == status
    assert api(world, role).get(f"/api/v1{url}").status_code == status
    assert api(world, role).get(f"/api/v1{url}rows/").status_code == status


def test_one_tap_leads_to_the_own_board_and_the_list_shows_what_is_in_reach(busy):
    for role, seen in (("township_leader", b"kc-row-small"), ("agency_staff", b"request")):
        client = browser(busy, role)
        assert b'href="/agencies/board/"' in client.get("/", follow=True).content
        assert seen in client.get("/agencies/board/", follow=True).content
    client = browser(busy, "bureau_staff")
    with counted() as statements:
        text = client.get("/agencies/boards/").content.decode()
    assert len(statements) <= 10
    assert "百丈漈镇中心学校" in text
    assert "百丈漈镇中心学校" not in client.get("/agencies/boards/?q=大峃").content.decode()
    names = [one["body"]["name"] for one in api(busy, "township_leader").get("/api/v1/agencies/boards/").json()["results"]]  # fmt: skip
    assert "大峃镇实验学校" in names
    assert "百丈漈镇中心学校" not in names


def test_what_one_may_not_open_has_no_subject_and_no_link(busy):
    """The school asked for the placement; the duty to decide is the bureau's alone."""
    url = f"/api/v1/agencies/{busy.school.public_id}/board/rows/"
    asked_for = {"part": "asked", "kind": "placement_decide"}
    leader = api(busy, "school_leader").get(url, asked_for).json()["results"][0]
    assert (leader["subject"], leader["href"][:25]) == ("", "/placements/applications/")
    teacher = api(busy, "teacher").get(url, asked_for).json()["results"][0]
    assert (teacher["subject"], teacher["href"]) == ("", None)
    bureau = api(busy, "bureau_leader").get(url, asked_for).json()["results"][0]
    assert "大峃镇实验学校" in bureau["subject"]


def test_another_period_and_nonsense(world):
    duty(world, "a", **MET)
    client, machine = browser(world, "school_leader"), api(world, "school_leader")
    url = f"/agencies/{world.school.public_id}/board/"
    for period, number in (("2026", "1 / 1"), ("2026-10", "1 / 1"), ("2026-09", "0 / 0")):
        assert number in client.get(url, {"part": "answered", "period": period}).content.decode()
    odd = {"part": "x", "period": "1066", "kind": "y", "result": "z", "whose": "own", "from": "-1"}
    assert client.get(url, odd).status_code == 200
    assert machine.get(f"/api/v1{url}", {"period": "1066"}).status_code == 400
    assert machine.get(f"/api/v1{url}rows/", {"part": "x"}).status_code == 400
