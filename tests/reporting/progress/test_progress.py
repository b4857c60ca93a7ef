"""The county's page of a term's start: what is overdue first, counts by school, who sees what."""

from datetime import datetime

import pytest

from agencies.models import Notice, Obligation
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind
from agencies.services import receipts
from reporting.services import term_report
from reporting.services.term_report import Order
from students.services import terms
from tests.reporting.term_report.county import ENDS, OPENS, Autumn, autumn, sign_census
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.world import World, agency

SENT = datetime(2026, 9, 14, 10, 0, tzinfo=CHINA)  # the report was due on Friday 2026-09-11


@pytest.fixture
def made(world) -> Autumn:
    return autumn(world)


def send_report(made: Autumn, now: datetime = SENT) -> None:
    owed = Obligation.objects.get(key=made.key)
    term_report.send(made.world.scope("school_leader"), owed, made.world.term, Order(), now)


def address(world: World) -> str:
    return f"/api/v1/terms/{world.term.public_id}/progress/"


def test_what_is_overdue_comes_first_with_how_late_the_rest_was(world, made, clock):
    sign_census(made, datetime(2026, 9, 9, 10, 0, tzinfo=CHINA))
    send_report(made)
    owed = Obligation.objects.get(key=made.key)
    receipts.sign(world.scope("bureau_staff"), owed, SENT)
    clock("2026-09-15T09:00:00+08:00")
    found = api(world, "bureau_staff").get(address(world)).json()
    assert [row["school"]["code"] for row in found["schools"]] == [
        "2133000002", "3133000003", "3133000001",
    ]  # fmt: skip
    done = found["schools"][2]
    assert (done["census"]["state"], done["census"]["late"]) == ("met", True)
    assert done["census"]["days_late"] == 2  # due Monday 09-07, signed on Wednesday
    assert (done["term_report"]["days_late"], done["term_report"]["late"]) == (1, True)
    assert done["term_report"]["receipts"] == {"sent": 3, "received": 1}
    assert done["counts"]["missing"] == 2
    open_one = found["schools"][0]
    assert (open_one["census"]["state"], open_one["census"]["days_left"]) == ("overdue", -6)
    assert found["duties"]["census"] == {"owed": 3, "met": 1, "late": 1, "overdue": 2}
    assert found["totals"]["missing"] >= 2


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("state=met", {"3133000001"}),
        ("kind=term_report&state=met", set()),
        ("kind=census&state=late", set()),
        ("state=overdue&township=330328100000", {"2133000002"}),
        ("township=330328101000", {"3133000003"}),
    ],
)
def test_filters(world, made, clock, query, codes):
    sign_census(made)
    clock("2026-09-08T09:00:00+08:00")
    found = api(world, "bureau_staff").get(f"{address(world)}?{query}").json()
    assert {row["school"]["code"] for row in found["schools"]} == codes
    wrong = api(world, "bureau_staff").get(f"{address(world)}?state=nonsense")
    assert wrong.status_code == 400


def test_a_township_sees_its_own_schools_and_a_school_none(world, made, clock):
    clock("2026-09-08T09:00:00+08:00")
    found = api(world, "other_cadre").get(address(world)).json()
    assert [row["school"]["code"] for row in found["schools"]] == ["3133000003"]
    assert found["without_zone"] is None
    assert api(world, "school_leader").get(address(world)).status_code == 404
    assert api(world, "teacher").get(address(world)).status_code == 403
    page = f"/terms/{world.term.public_id}/progress/"
    assert browser(world, "school_leader").get(page).status_code == 404
    text = browser(world, "other_cadre").get(page).content.decode()
    assert "百丈漈镇中心学校" in text
    assert "大峃镇实验学校" not in text
    assert "/report/3133000003/" not in text  # nothing has been sent yet


def test_the_page_names_no_child_and_the_terms_lead_to_it(world, made, clock):
    sign_census(made)
    clock("2026-09-08T09:00:00+08:00")
    client = browser(world, "bureau_staff")
    page = f"/terms/{world.term.public_id}/progress/"
    assert page in client.get("/terms/").content.decode()
    text = client.get(page).content.decode()
    assert "张梓涵" not in text
    assert f"/terms/{world.term.public_id}/census/{world.school.code}/" in text
    assert "2 of 3" not in text
    assert client.get(f"{page}?kind=x&state=y&township=z").status_code == 200
    nowhere = page.replace(str(world.term.public_id), str(world.school.public_id))
    assert client.get(nowhere).status_code == 404


def test_queries_do_not_grow_with_the_number_of_schools(world, clock):
    world.term.delete()
    towns = (world.township, world.other_township)
    for serial in range(300):
        agency(f"第{serial}小学", AgencyKind.SCHOOL, towns[serial % 2], f"21{serial:08d}")
    opened = datetime(2026, 8, 25, 9, 0, tzinfo=CHINA)
    world.term = terms.open_term(world.county, terms.TermDates(2026, "autumn", OPENS, ENDS), opened)
    clock("2026-09-08T09:00:00+08:00")
    client = browser(world, "bureau_staff")
    with counted() as statements:
        answer = client.get(f"/terms/{world.term.public_id}/progress/")
    assert answer.content.decode().count("<tr") == 52  # head, total, and the first schools
    assert "303 schools" in answer.content.decode()
    last = client.get(f"/terms/{world.term.public_id}/progress/?state=open&page=7").content.decode()
    assert last.count("<tr") == 5
    assert "page=8" not in last
    statements = [one for one in statements if not one.startswith("SET LOCAL")]
    assert len(statements) <= 10, "\n".join(statement[:150] for statement in statements)


def test_one_click_reminds_one_school_or_all_that_are_late(world, made, clock):
    sign_census(made)
    clock("2026-09-08T09:00:00+08:00")
    remind = f"/terms/{world.term.public_id}/remind/"
    client = browser(world, "bureau_staff")
    page = f"/terms/{world.term.public_id}/progress/"
    assert "Remind of all 2 overdue duties" in client.get(page).content.decode()
    one = Obligation.objects.get(kind="census", owed_by=world.second_school)
    assert client.post(remind, {"obligation": str(one.public_id)}).url == page
    assert [row.obligation for row in Notice.objects.filter(kind="nudge")] == [one]
    text = client.post(remind, {"late": "1"}, follow=True).content.decode()
    assert "1 reminder is sent." in text  # the other one was reminded a moment ago
    text = client.post(remind, {"late": "1"}, follow=True).content.decode()
    assert "Reminded today already" in text
    assert client.post(remind, {"obligation": "x"}).status_code == 404
    assert browser(world, "township_cadre").post(remind, {"late": "1"}).status_code == 403
