"""Monthly reports and quarterly reviews: raised after each period, prefilled, signed, frozen."""

from datetime import date, datetime

import pytest

from agencies.models import Obligation
from agencies.rules.deadlines import CHINA
from cases.rules.workflow import State
from reporting.models import Filing
from reporting.services import periodic
from students.models import EnrollmentChange, GuardianContact, Placement
from students.services import terms
from students.services.terms import TermDates
from tests.reporting.county import case, roll, run
from tests.support.clients import api, browser
from tests.support.world import World, pupil

SEPTEMBER = date(2026, 9, 30)
NOW = datetime(2026, 10, 1, 0, 30, tzinfo=CHINA)


def lasts(kind: str) -> list[str]:
    rows = Obligation.objects.filter(kind=kind).order_by("starts_on").distinct("starts_on")
    return [str(row.starts_on) for row in rows]


def address(world: World, kind: str = "monthly_report", last: date = SEPTEMBER) -> str:
    return f"/api/v1/periodic/{kind}/{last}/{world.school.code}/"


@pytest.fixture
def owed(world, clock) -> World:
    periodic.raise_due(NOW)
    clock("2026-10-06T09:00:00+08:00")
    return world


def test_raised_once_after_the_month(world):
    assert periodic.raise_due(datetime(2026, 9, 30, 23, 59, tzinfo=CHINA)) == 0
    assert periodic.raise_due(NOW) == 4  # three schools, one bureau
    assert periodic.raise_due(NOW) == 0
    row = Obligation.objects.get(kind="monthly_report", owed_by=world.school)
    assert row.href == f"/periodic/monthly_report/2026-09-30/{world.school.code}/"
    assert row.due_on == date(2026, 10, 8)  # five days end on Monday in the holiday week
    review = Obligation.objects.get(kind="quarterly_review")
    assert (review.owed_by, review.due_on) == (world.bureau, date(2026, 10, 15))


def test_months_are_caught_up_and_those_without_a_term_left_out(world):
    dates = TermDates(2026, "spring", date(2027, 3, 1), date(2027, 7, 2))
    terms.open_term(world.county, dates, NOW)
    periodic.raise_due(NOW)
    periodic.raise_due(datetime(2027, 4, 2, 9, 0, tzinfo=CHINA))
    assert lasts("monthly_report") == [
        "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-03-31",
    ]  # fmt: skip
    assert lasts("quarterly_review") == ["2026-09-30", "2026-12-31", "2027-03-31"]
    assert periodic.raise_due(datetime(2027, 4, 2, 10, 0, tzinfo=CHINA)) == 0


def test_a_school_that_was_founded_later_owes_only_what_came_after(world):
    world.second_school.starts_on = date(2026, 10, 15)
    world.second_school.save()
    periodic.raise_due(datetime(2026, 11, 2, tzinfo=CHINA))
    rows = Obligation.objects.filter(owed_by=world.second_school)
    assert [row.starts_on for row in rows] == [date(2026, 10, 31)]


def test_without_a_term_nothing_is_owed(world):
    world.term.delete()
    assert periodic.raise_due(NOW) == 0


def fill(world: World) -> None:
    """September by hand: 6 pupils and one who came on the 15th and left on the 20th."""
    zhang, li, *_ = world.pupils
    child = pupil(world.school_class, "短期生", world.village, from_day=date(2026, 9, 15))
    record = child.enrollments.get()
    record.ends_on = date(2026, 9, 20)
    record.save()
    for kind, on, before, after in (
        ("22", date(2026, 9, 15), None, record),
        ("21", date(2026, 9, 21), record, None),
    ):
        EnrollmentChange.objects.create(student=child, kind=kind, on=on, before=before, after=after)
    promoted = li.enrollments.get()
    EnrollmentChange.objects.create(
        student=li, kind="promotion", on=date(2026, 9, 1), before=promoted, after=promoted
    )
    for day in (24, 28, 29, 30):
        roll(world.school_class, date(2026, 9, day), {zhang: "unexcused"})
    run(zhang, world.term, date(2026, 9, 24), SEPTEMBER, 4)
    made = case(zhang, State.SUSPECTED, SEPTEMBER)
    assert made.school == world.school
    case(li, State.CLOSED, date(2026, 9, 10), returned_on=date(2026, 9, 3))
    Placement.objects.create(
        county=world.county, student=li, kind="hospital", starts_on=date(2026, 9, 5),
        ends_on=date(2026, 9, 25), proof="诊断书", approved_by=world.posts["school_leader"],
    )  # fmt: skip
    GuardianContact.objects.create(
        county=world.county, student=zhang, on=date(2026, 9, 24), channel="phone",
        reached="guardian", at=datetime(2026, 9, 24, 9, 0, tzinfo=CHINA),
        by=world.posts["teacher"], recorded_at=datetime(2026, 9, 24, 9, 5, tzinfo=CHINA),
    )  # fmt: skip


def test_what_a_month_is_prefilled_with(owed):
    fill(owed)
    answer = api(owed, "school_leader").get(address(owed)).json()
    figures = answer["figures"]
    rolls_missing = figures.pop("rolls_missing")
    assert figures == {
        "pupils_start": 6,
        "pupils_end": 6,
        "came": 1,
        "left": 1,
        "unexcused_days": 4,
        "runs": 1,
        "cases_opened": 2,
        "returned": 1,
        "cases_closed": 1,
        "cases_open": 2,
        "contacts": 1,
        "placements_ending": 1,
    }
    # 22 working days of September (Sunday 20th worked, Friday 25th not), 4 rolls taken.
    assert rolls_missing == 22 - 4
    assert (answer["state"], answer["signed_at"]) == ("draft", None)


def test_kept_signed_and_frozen(owed, clock):
    client = api(owed, "school_leader")
    kept = client.post(address(owed), {"remarks": "国庆前已家访", "version": 1}, format="json")
    assert (kept.status_code, kept.json()["version"]) == (200, 2)
    stale = client.post(f"{address(owed)}sign/", {"version": 1}, format="json")
    assert stale.status_code == 409
    signed = client.post(
        f"{address(owed)}sign/", {"remarks": "国庆前已家访", "version": 2}, format="json"
    )
    assert signed.status_code == 200
    body = signed.json()
    assert (body["state"], body["late"]) == ("submitted", False)
    assert Obligation.objects.get(kind="monthly_report", owed_by=owed.school).met_at
    fill(owed)
    clock("2026-10-20T09:00:00+08:00")
    again = client.post(f"{address(owed)}sign/", {"remarks": "别的"}, format="json")
    assert again.json() == body  # the figures of the day of signing
    assert client.post(address(owed), {"remarks": "别的"}, format="json").status_code == 409
    assert Filing.objects.get().papers.count() == 1


def test_who_sees_and_who_signs(owed):
    for role, status in (
        ("school_leader", 200), ("bureau_staff", 200), ("township_cadre", 404),
        ("second_leader", 404), ("teacher", 403),
    ):  # fmt: skip
        assert api(owed, role).get(address(owed)).status_code == status, role
    assert api(owed, "bureau_staff").post(f"{address(owed)}sign/").status_code == 403
    for wrong in (
        address(owed, last=date(2026, 9, 29)),
        address(owed, last=date(2026, 8, 31)),
        address(owed, "quarterly_review"),
        address(owed, "census"),
        "/api/v1/periodic/monthly_report/2026-09-30/county/",
        "/api/v1/periodic/monthly_report/2026-02-31/3133000001/",
    ):
        assert api(owed, "bureau_staff").get(wrong).status_code == 404, wrong


def test_the_review_of_the_quarter(owed):
    fill(owed)
    api(owed, "school_leader").post(f"{address(owed)}sign/")
    page = "/api/v1/periodic/quarterly_review/2026-09-30/county/"
    assert api(owed, "school_leader").get(page).status_code == 404
    found = api(owed, "bureau_staff").get(page).json()
    assert found["figures"]["unreported"] == 2
    assert found["figures"]["cases_open"] == 2
    assert found["figures"]["pupils_start"] == 0  # July
    assert [one["rows"] for one in found["tables"]] == [4, 3, 2]
    signed = api(owed, "bureau_leader").post(f"{page}sign/", {"remarks": "研判"}, format="json")
    assert signed.status_code == 200
    assert Obligation.objects.get(kind="quarterly_review").met_at


def test_the_pages(owed):
    fill(owed)
    page = f"/periodic/monthly_report/2026-09-30/{owed.school.code}/"
    client = browser(owed, "school_leader")
    assert page in client.get("/filings/").content.decode()
    text = client.get(page).content.decode()
    assert "Sign the report" in text
    assert "张梓涵" not in text
    assert client.post(page, {"version": 1, "remarks": "一"}).url == page
    assert client.post(page, {"version": 1, "remarks": "二", "sign": "1"}).status_code == 422
    assert client.post(page, {"version": 2, "remarks": "二", "sign": "1"}).url == page
    text = client.get(page).content.decode()
    assert "Sign the report" not in text
    filing = Filing.objects.get()
    assert client.get(f"/filings/{filing.public_id}/pdf/").content.startswith(b"%PDF")
    assert client.get(f"/filings/{filing.public_id}/").status_code == 200
    assert "Sign the report" not in browser(owed, "bureau_staff").get(page).content.decode()
    review = "/periodic/quarterly_review/2026-09-30/county/"
    assert "未报送月报告的学校" in browser(owed, "bureau_staff").get(review).content.decode()
