"""The API of rates: everything that explains a figure, its cases, the pure check, entries, alerts."""

import io
import json
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from agencies.models import AuditEvent, User
from agencies.rules.deadlines import CHINA
from cases.rules.workflow import State
from reporting.models import Alert, Target, YearlyValue
from reporting.services import alerts
from students.rules.focus import FocusGroup
from students.services import focus
from students.services.focus import Given
from tests.reporting.county import FRIDAY, case
from tests.support.world import World, pupil

RATES, CHECK = "/api/v1/rates/", "/api/v1/rates/check/"
VALUES, TARGETS = "/api/v1/rates/values/", "/api/v1/rates/targets/"
TOWN = "330328100000"
NOW = datetime(2026, 10, 12, 3, 0, tzinfo=CHINA)
Call = Callable[..., dict]


@pytest.fixture
def call(world: World) -> Call:
    def answer(role: str, address: str, body: dict | None = None, status: int = 200) -> dict:
        client = Client(headers={"accept-language": "en"})
        client.force_login(User.objects.get(pk=world.posts[role].user_id))
        if body is None:
            response = client.get(address)
        else:
            response = client.post(address, body, content_type="application/json")
        assert response.status_code == status, (address, response.content)
        return response.json()

    return answer


@pytest.fixture
def two_out(world: World) -> World:
    case(world.pupils[0], State.CONFIRMED, FRIDAY)
    case(world.pupils[1], State.PERSUADING, FRIDAY)
    return world


def row(found: dict, unit: str, stage: str = "junior") -> dict:
    return next(one for one in found["rows"] if (one["unit"], one["stage"]) == (unit, stage))


def test_a_rate_comes_with_everything_that_explains_it(two_out: World, call: Call) -> None:
    found = call("bureau_staff", RATES)
    assert (found["measure"], found["school_year"]) == ("ledger", 2026)
    assert (found["base_on"], found["as_of"], found["ended"]) == ("2026-09-01", "2026-10-12", False)
    assert found["definition"].startswith("Numerator: children confirmed as dropped out")
    assert found["lines"]["junior"]["shown"] == "1.80 %"
    assert found["lines"]["junior"]["exact"] == "9/500"
    county = row(found, "county")
    assert (county["numerator"], county["denominator"]) == (2, 6)
    assert (county["exact"], county["shown"]) == ("1/3", "33.33 %")
    assert county["small_base"] is True
    assert county["above_line"] is True
    assert [(one["school_year"], one["gap"]) for one in county["years"]] == [
        (2023, True), (2024, True), (2025, True), (2026, False)
    ]  # fmt: skip
    primary = row(found, "county", "primary")
    assert (primary["gap"], primary["above_line"]) == (True, None)


@pytest.mark.parametrize("measure", ["ledger", "net"])
def test_a_rate_of_a_focus_group_counts_its_children_alone(two_out, call, measure) -> None:
    by, since = two_out.posts["township_cadre"].pk, date(2026, 9, 1)
    some = [child.pk for child in two_out.pupils[:3]]
    focus.tag(some, FocusGroup.POOR, Given("村委会", since), by, since)
    alerts.sweep(NOW)
    found = call("bureau_staff", f"{RATES}?measure={measure}&tag=poor")
    county = row(found, "county")
    assert (found["tag"], county["numerator"], county["denominator"]) == ("poor", 2, 3)
    assert (county["line"], county["above_line"], county["alert"]) == (None, None, None)
    assert len(call("bureau_staff", county["href"])["results"]) == 2
    assert row(call("bureau_staff", f"{RATES}?tag=orphan"), "county")["gap"] is True
    call("bureau_staff", f"{RATES}?tag=x", status=400)


@pytest.mark.parametrize("measure", ["ledger", "net", "return"])
def test_every_href_leads_to_as_many_cases(two_out: World, call: Call, measure: str) -> None:
    pupil(two_out.second_class, "钱一", two_out.village)
    found = call("bureau_staff", f"{RATES}?measure={measure}")
    leads = [one for one in found["rows"] if one.get("href")]
    assert leads
    for one in leads:
        assert call("bureau_staff", one["href"])["count"] == one["numerator"], one


def test_a_past_day_and_a_past_year(two_out: World, call: Call) -> None:
    before = call("bureau_staff", f"{RATES}?on=2026-10-08")
    assert row(before, "county")["numerator"] == 0
    last_year = call("bureau_staff", f"{RATES}?year=2025")
    assert (last_year["as_of"], last_year["ended"]) == ("2026-08-31", True)
    assert row(last_year, "county")["gap"] is True


@pytest.mark.parametrize(
    "query", ["on=2026-10-13", "year=2027", "year=1800", "measure=reported", "on=gestern"]
)
def test_what_cannot_be_asked(world: World, call: Call, query: str) -> None:
    call("bureau_staff", f"{RATES}?{query}", status=400)


def test_who_sees_which_unit(two_out: World, call: Call) -> None:
    def units(role: str) -> set[str]:
        return {one["name"] for one in call(role, RATES)["rows"]}

    assert units("township_cadre") == {"大峃镇", "大峃镇实验学校"}
    assert units("school_leader") == {"大峃镇实验学校"}
    assert "文成县" in units("bureau_staff")
    call("township_cadre", f"{RATES}?region=330328000000", status=404)
    call("other_cadre", f"{RATES}children/?region={TOWN}&stage=junior", status=404)
    call("second_leader", f"{RATES}children/?school=3133000001&stage=junior", status=404)
    for role in ("teacher", "village_cadre", "agency_staff", "system_admin"):
        call(role, RATES, status=403)


def test_reading_names_leaves_a_trace(two_out: World, call: Call) -> None:
    found = call("township_cadre", f"{RATES}children/?region={TOWN}&stage=junior")
    assert {one["name"] for one in found["results"]} == {"张梓涵", "李浩然"}
    assert AuditEvent.objects.filter(verb="rate.children", subject=f"unit:{TOWN}").exists()


def test_the_check_runs_the_rules_on_ones_own_numbers(world: World, call: Call) -> None:
    found = call("school_leader", f"{CHECK}?numerator=46&denominator=2550&stage=junior")["rate"]
    assert (found["shown"], found["exact"]) == ("1.80 %", "23/1275")
    assert (found["above_line"], found["line"]) == (True, "1.80 %")
    found = call("school_leader", f"{CHECK}?numerator=9&denominator=500&line=1.8")["rate"]
    assert (found["shown"], found["above_line"], found["small_base"]) == ("1.80 %", False, False)
    nothing = call("school_leader", f"{CHECK}?numerator=9&denominator=0&stage=primary")["rate"]
    assert (nothing["gap"], nothing["above_line"], nothing["shown"]) == (True, None, None)


@pytest.mark.parametrize(
    ("query", "risen"),
    [
        ("values=0.10,0.12,0.15,0.18", True),
        ("values=0.10,0.12,0.12,0.18", False),
        ("values=0.10,,0.15,0.18", False),
        ("values=0.12,0.15,0.18", False),
        ("values=0.12,0.15,0.18&rises=2", True),
        ("values=9,0.10,0.12,0.15,0.18", True),
        ("values=", False),
    ],
)
def test_the_check_of_a_series(world: World, call: Call, query: str, risen: bool) -> None:
    assert call("bureau_staff", f"{CHECK}?{query}")["rise"]["risen"] is risen


def test_the_check_of_made_rates(world: World, call: Call) -> None:
    parts = "entrants=2000&moved_in=150&moved_out=220&died=3&graduates=1900"
    found = call("bureau_staff", f"{CHECK}?{parts}")["consolidation"]
    assert (found["denominator"], found["shown"]) == (1927, "98.60 %")
    assert found["unadjusted"] == "95.00 %"
    net = "suspended=4&dropped_out=3&died=1&moved_out=20&moved_in=12&denominator=1000"
    assert call("bureau_staff", f"{CHECK}?{net}")["net"]["shown"] == "1.60 %"
    call("bureau_staff", f"{CHECK}?values=0.1.2", status=400)
    call("bureau_staff", f"{CHECK}?rises=4", status=400)


def value(**more: object) -> dict:
    return {
        "unit": "township", "key": TOWN, "measure": "ledger", "stage": "junior",
        "school_year": 2024, "source": "2024年年报", "numerator": 3, "denominator": 900,
    } | more  # fmt: skip


def test_an_earlier_year_is_entered_shown_with_its_source_and_taken_out(
    world: World, call: Call
) -> None:
    made = call("bureau_staff", VALUES, value(), 201)
    assert (made["exact"], made["shown"]) == ("1/300", "0.33 %")
    again = call("bureau_staff", VALUES, value(numerator=4), 201)
    assert again["id"] == made["id"]
    found = row(call("bureau_staff", f"{RATES}?year=2024"), "township")
    assert (found["numerator"], found["counted"], found["source"]) == (4, False, "2024年年报")
    assert found["href"] is None
    call("bureau_staff", f"{VALUES}{made['id']}/take-out/", {})
    assert not YearlyValue.objects.exists()
    assert AuditEvent.objects.get(verb="value.take_out").detail["school_year"] == 2024


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"denominator": 0}, "/denominator"),
        ({"source": ""}, "/source"),
        ({"school_year": 2026}, "/school_year"),  # the rosters give this year
        ({"measure": "reported"}, "/measure"),
        ({"numerator": 901}, "/numerator"),
    ],
)
def test_what_is_not_entered(
    world: World, call: Call, more: dict[str, object], pointer: str
) -> None:
    problem = call("bureau_staff", VALUES, value(**more), 422)
    assert [one["pointer"] for one in problem["errors"]] == [pointer]
    assert not YearlyValue.objects.exists()


def test_entries_are_the_bureaus_work_and_of_its_own_county(world: World, call: Call) -> None:
    call("township_leader", VALUES, value(), 403)
    call("school_leader", TARGETS, {}, 403)
    call("bureau_staff", VALUES, value(key="330329100000"), 404)


def test_a_target_is_kept_and_its_missing_shown(two_out: World, call: Call) -> None:
    asked = {
        "unit": "township", "key": TOWN, "measure": "ledger", "stage": "junior",
        "school_year": 2026, "limit": "0", "source": "文教〔2026〕3号",
    }  # fmt: skip
    made = call("bureau_leader", TARGETS, asked, 201)
    assert (made["sense"], made["limit"]) == ("at_most", "0")
    found = row(call("bureau_staff", RATES), "township")
    assert found["target"] == {"sense": "at_most", "percent": "0", "source": "文教〔2026〕3号"}
    assert found["target_missed"] is True
    problem = call("bureau_leader", TARGETS, asked | {"measure": "reported"}, 422)
    assert problem["errors"][0]["code"] == "rewards_hiding"
    assert Target.objects.count() == 1


def test_alerts_with_their_evidence_and_the_figure_today(two_out: World, call: Call) -> None:
    alerts.sweep(NOW)
    listed = call("township_cadre", "/api/v1/alerts/")["results"]
    assert {one["unit"] for one in listed} == {"township", "school"}
    assert "cases" not in listed[0]["evidence"]
    alert = Alert.objects.get(kind="township")
    one = call("township_cadre", f"/api/v1/alerts/{alert.public_id}/")
    assert (one["clause"], one["evidence"]["exact"]) == ("S1-71", "1/3")
    assert {child["name"] for child in one["cases"]} == {"张梓涵", "李浩然"}
    pupil(two_out.school_class, "陈一", two_out.village)
    again = call("township_cadre", f"/api/v1/alerts/{alert.public_id}/")
    assert (again["evidence"]["denominator"], again["now"]["denominator"]) == (6, 7)
    call("other_cadre", f"/api/v1/alerts/{alert.public_id}/", status=404)
    assert date.fromisoformat(one["found_on"]) == date(2026, 10, 12)


def test_the_command_says_the_same_as_the_api(two_out: World, call: Call) -> None:
    out = io.StringIO()
    call_command("rates", json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert told["rows"] == call("bureau_staff", RATES)["rows"]
    out = io.StringIO()
    call_command("rates", measure="net", stdout=out)
    assert "33.33 %" in out.getvalue()
    by, since = two_out.posts["township_cadre"].pk, date(2026, 9, 1)
    focus.tag([two_out.pupils[0].pk], FocusGroup.POOR, Given("村委会", since), by, since)
    out = io.StringIO()
    call_command("rates", json=True, tag="poor", stdout=out)
    told = json.loads(out.getvalue())
    assert told["rows"] == call("bureau_staff", f"{RATES}?tag=poor")["rows"]
    county = row(told, "county")
    assert (told["tag"], county["numerator"], county["denominator"]) == ("poor", 1, 1)
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("rates", "--tag", "x")
    with pytest.raises(CommandError, match="There is no county"):
        call_command("rates", region=TOWN)
    with pytest.raises(CommandError, match="lies ahead"):
        call_command("rates", year=2027)
