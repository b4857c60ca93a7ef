"""Rates from the rows, alerts of the nightly sweep, and their frozen evidence."""

from datetime import date, datetime

import pytest

from agencies.models import PolicyRule
from agencies.rules.deadlines import CHINA
from cases.rules.workflow import State
from reporting.models import Alert, YearlyValue
from reporting.queries.rate_counts import Spot, rates, span
from reporting.queries.rates import figures, units
from reporting.rules.rates import Measure, Rate, Stage
from reporting.services import alerts
from students.models import Student
from tests.reporting.county import FRIDAY, TODAY, case, event, nowhere
from tests.support.world import World, pupil

NOW = datetime(2026, 10, 12, 3, 0, tzinfo=CHINA)
NEXT_AUTUMN = datetime(2027, 9, 2, 3, 0, tzinfo=CHINA)
JUNIOR, PRIMARY = Stage.JUNIOR.value, Stage.PRIMARY.value


def ledger(world: World, on: date = TODAY) -> dict[str, Rate]:
    year = span(world.county.pk, 2026, on)
    found = figures(Measure.LEDGER, year, units(world.county.pk, on))
    return {f"{kind} {key} {stage}": one.rate for (kind, key, stage), one in found.items()}


def dropout(child: Student, on: date = FRIDAY, state: str = State.CONFIRMED) -> None:
    case(child, state, on)


def entered(world: World, school_year: int, numerator: int, denominator: int = 1000) -> YearlyValue:
    town = world.township
    return YearlyValue.objects.create(
        county=world.county, kind="township", key=town.code, name=town.name, path=town.path,
        school_year=school_year, stage=JUNIOR, measure=Measure.LEDGER, numerator=numerator,
        denominator=denominator, source="2023年年报", entered_on=TODAY,
        entered_by=world.posts["bureau_staff"],
    )  # fmt: skip


def test_a_child_counts_at_its_school_and_in_its_township_and_county(world: World) -> None:
    dropout(world.pupils[0])
    dropout(world.pupils[1], state=State.PERSUADING)
    dropout(world.pupils[2], state=State.SUSPECTED)
    found = ledger(world)
    assert found["school 3133000001 junior"] == Rate(2, 6)
    assert found["township 330328100000 junior"] == Rate(2, 6)
    assert found["county 330328000000 junior"] == Rate(2, 6)
    assert "school 2133000002 primary" not in found  # nobody is enrolled there


def test_a_child_without_school_counts_by_age_where_it_lives(world: World) -> None:
    child = nowhere(world)
    dropout(child)
    pupil(world.second_class, "钱一", world.village)
    Student.objects.filter(pk=child.pk).update(born_on=date(2014, 9, 1))
    assert ledger(world)["township 330328100000 primary"] == Rate(1, 1)
    Student.objects.filter(pk=child.pk).update(born_on=date(2014, 8, 31))
    found = ledger(world)
    assert found["township 330328100000 primary"] == Rate(0, 1)
    assert found["township 330328100000 junior"] == Rate(1, 6)


def test_heads_and_not_episodes(world: World) -> None:
    """Rule 8: leaves, returns, leaves again: one head; and none while it was back."""
    made = case(world.pupils[0], State.CONFIRMED, date(2026, 9, 10))
    event(made, State.RETURNED, date(2026, 9, 20))
    event(made, State.SUSPECTED, date(2026, 9, 28))
    event(made, State.CONFIRMED, FRIDAY)
    key = "school 3133000001 junior"
    assert ledger(world, date(2026, 9, 15))[key] == Rate(1, 6)
    assert ledger(world, date(2026, 9, 25))[key] == Rate(0, 6)
    assert ledger(world, TODAY)[key] == Rate(1, 6)


def test_an_end_that_is_only_asked_for_changes_nothing(world: World) -> None:
    made = case(world.pupils[0], State.CONFIRMED, FRIDAY)
    event(made, State.END_REQUESTED, TODAY)
    only_suspected = case(world.pupils[1], State.SUSPECTED, FRIDAY)
    event(only_suspected, State.END_REQUESTED, TODAY)
    assert ledger(world)["school 3133000001 junior"] == Rate(1, 6)
    event(made, State.CLOSED, TODAY, hour=10)
    assert ledger(world)["school 3133000001 junior"] == Rate(0, 6)


def test_who_came_after_the_start_of_the_year_is_not_in_the_base(world: World) -> None:
    pupil(world.school_class, "新来", world.village, from_day=date(2026, 10, 8))
    assert ledger(world)["school 3133000001 junior"] == Rate(0, 6)


def test_the_return_rate_counts_who_is_back_among_the_confirmed(world: World) -> None:
    case(world.pupils[0], State.CONFIRMED, FRIDAY)
    back = case(world.pupils[1], State.CONFIRMED, date(2026, 9, 10), returned_on=FRIDAY)
    event(back, State.RETURNED, FRIDAY)
    found = rates(Measure.RETURN, span(world.county.pk, 2026, TODAY))
    spot = Spot(world.township.path, world.school.pk, JUNIOR)
    assert found == {spot: Rate(1, 2)}
    before = rates(Measure.RETURN, span(world.county.pk, 2026, date(2026, 9, 15)))
    assert before == {spot: Rate(0, 1)}


def test_the_sweep_raises_an_alert_once_and_keeps_its_evidence(world: World) -> None:
    dropout(world.pupils[0])
    assert alerts.sweep(NOW) == 3  # school, township, county
    assert alerts.sweep(NOW) == 0
    found = Alert.objects.open().get(kind="township")
    assert (found.name, found.stage, found.reason) == ("大峃镇", JUNIOR, "above_line")
    assert found.evidence["numerator"] == 1
    assert found.evidence["denominator"] == 6
    assert (found.evidence["exact"], found.evidence["shown"]) == ("1/6", "16.67 %")
    assert (found.evidence["line"], found.evidence["small_base"]) == ("1.80 %", True)
    assert found.evidence["as_of"] == "2026-10-12"
    assert len(found.evidence["cases"]) == 1
    assert [(one["school_year"], one["gap"]) for one in found.evidence["years"]] == [
        (2023, True), (2024, True), (2025, True), (2026, False)
    ]  # fmt: skip
    assert "张" not in str(found.evidence)
    pupil(world.school_class, "陈一", world.village)  # the base changes; the evidence does not
    alerts.sweep(NOW)
    assert Alert.objects.get(pk=found.pk).evidence == found.evidence


def test_an_alert_ends_when_the_figure_no_longer_calls_for_it(world: World) -> None:
    made = case(world.pupils[0], State.CONFIRMED, FRIDAY)
    alerts.sweep(NOW)
    event(made, State.RETURNED, TODAY)
    assert alerts.sweep(NOW) == 3
    assert not Alert.objects.open().exists()
    assert set(Alert.objects.values_list("ended_on", flat=True)) == {TODAY}
    event(made, State.CONFIRMED, TODAY, hour=12)
    assert alerts.sweep(NOW) == 3  # a new alert; the one before stays as it was
    assert Alert.objects.filter(kind="school").count() == 2


def test_the_line_is_the_countys_own_where_it_sets_one(world: World) -> None:
    dropout(world.pupils[0])
    PolicyRule.objects.create(
        county=world.county, key="rates.line_junior", value="50", source="县文件",
        starts_on=date(2026, 9, 1),
    )  # fmt: skip
    assert alerts.sweep(NOW) == 0


@pytest.mark.parametrize(
    ("last", "gap", "risen"), [(4, None, True), (3, None, False), (4, 2024, False)]
)
def test_three_rises_by_entered_years(
    world: World, last: int, gap: int | None, risen: bool
) -> None:
    for school_year, number in ((2022, 1), (2023, 2), (2024, 3), (2025, last)):
        if school_year != gap:
            entered(world, school_year, number)
    alerts.sweep(NOW)
    found = Alert.objects.filter(reason="rising")
    assert [(one.name, one.school_year) for one in found] == ([("大峃镇", 2025)] if risen else [])
    if risen:
        years = [row["school_year"] for row in found[0].evidence["years"]]
        assert years == [2022, 2023, 2024, 2025]
        assert found[0].evidence["source"] == "2023年年报"


def test_rows_go_before_what_was_entered(world: World) -> None:
    entered(world, 2026, 900)
    assert ledger(world)["township 330328100000 junior"] == Rate(0, 6)


def test_a_year_that_has_ended_is_judged_as_of_its_last_day(world: World) -> None:
    made = case(world.pupils[0], State.CONFIRMED, FRIDAY)
    event(made, State.RETURNED, date(2027, 9, 1))
    alerts.sweep(NEXT_AUTUMN)
    found = Alert.objects.get(kind="school", school_year=2026)
    assert (found.evidence["as_of"], found.ended_on) == ("2027-08-31", None)


def test_who_sees_which_unit(world: World) -> None:
    dropout(world.pupils[0])
    alerts.sweep(NOW)

    def seen(role: str) -> set[str]:
        return set(Alert.objects.visible_to(world.scope(role)).values_list("kind", flat=True))

    assert seen("bureau_staff") == {"county", "township", "school"}
    assert seen("township_cadre") == {"township", "school"}
    assert seen("school_leader") == {"school"}
    assert seen("other_cadre") == seen("second_leader") == seen("agency_staff") == set()
