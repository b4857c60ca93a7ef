"""Setting and ending a rule of the county: periods, reasons, what moves, what is written down."""

from datetime import date

import pytest

from agencies.errors import NotPermitted, RuleBroken
from agencies.models import AuditEvent, Notice, Obligation, PolicyRule, Region
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.rules.deadlines import due
from agencies.rules.obligations import KINDS, ObligationKind
from agencies.rules.policy import CATALOGUE, Key
from agencies.rules.policy_words import GROUPS, WORDS
from agencies.services import obligations, policy
from agencies.services.policy import NewRule
from tests.agencies.services.test_recompute import again, at, owed

NOW = at("2026-08-20T09:00")
TODAY = date(2026, 8, 20)
SOURCE = "文教〔2026〕12号"


def new(value=8, day=date(2026, 9, 1), key=Key.CENSUS_DAYS, source=SOURCE) -> NewRule:
    return NewRule(key, value, day, source)


def own(world, key=Key.CENSUS_DAYS) -> list[tuple]:
    rows = PolicyRule.objects.filter(county=world.county, key=key).order_by("starts_on")
    return list(rows.values_list("value", "starts_on", "ends_on"))


@pytest.fixture
def leader(world):
    return world.scope("bureau_leader")


def test_a_new_value_ends_the_old_one_the_day_before_and_moves_what_is_open(world, leader):
    ahead = owed(world, now=NOW)
    before = owed(world, start=date(2026, 8, 17), key="before", now=NOW)
    met = owed(world, key="met", now=NOW)
    obligations.fulfil([met.pk], NOW)
    change = policy.set_rule(leader, new(), NOW)
    assert (change.before, change.after, change.moved) == (5, 8, 1)
    assert own(world) == [
        (5, date(2019, 8, 10), date(2026, 8, 31)),
        (8, date(2026, 9, 1), None),
    ]
    assert again(ahead).due_on == date(2026, 9, 9)
    assert (again(before).due_on, again(met).due_on) == (before.due_on, date(2026, 9, 7))
    assert again(ahead).basis["in_force_since"] == "2026-09-01"
    assert Notice.objects.filter(obligation=ahead, kind="moved").count() == 1
    event = AuditEvent.objects.get(verb="policy.set")
    assert event.subject == "policy:term.census_days"
    assert event.detail == {"before": 5, "after": 8, "moved": 1, "from": "2026-09-01"}
    assert event.post_id == world.posts["bureau_leader"].pk


def test_looking_changes_nothing(world, leader):
    row = owed(world, now=NOW)
    rows = (own(world), Obligation.objects.values().get(pk=row.pk))
    assert policy.would_set(leader, new(), NOW).moved == 1
    assert rows == (own(world), Obligation.objects.values().get(pk=row.pk))
    assert not Notice.objects.exists()
    assert not AuditEvent.objects.filter(verb="policy.set").exists()


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        (new(0), {"value"}),
        (new(401), {"value"}),
        (new("8"), {"value"}),
        (new(True), {"value"}),
        (new(source=" "), {"source"}),
        (new(day=date(2026, 8, 19)), {"past"}),
        (new(0, date(2020, 1, 1), source=""), {"value", "source", "past"}),
        (new("25:00", key=Key.OFFICE_CLOSING), {"value"}),
        (new("1７:30", key=Key.OFFICE_CLOSING), {"value"}),
        (new("fortnights", key=Key.CENSUS_UNIT), {"value"}),
        (new("0,3,1", key=Key.LADDER_DAYS), {"value"}),
        (new("1,3", key=Key.LADDER_DAYS), {"value"}),
        (new("3,,1", key=Key.REMIND_DAYS), {"value"}),
    ],
)
def test_what_is_refused(world, leader, rule, codes):
    before = own(world, rule.key)
    with pytest.raises(RuleBroken) as refused:
        policy.set_rule(leader, rule, NOW)
    assert {reason.code for reason in refused.value.reasons} == codes
    assert own(world, rule.key) == before


def test_a_value_that_begins_later_is_in_the_way(world, leader):
    policy.set_rule(leader, new(8, date(2026, 10, 1)), NOW)
    with pytest.raises(RuleBroken, match="later") as refused:
        policy.set_rule(leader, new(7, date(2026, 9, 1)), NOW)
    assert "2026-10-01" in refused.value.reasons[0].text
    policy.end_rule(leader, Key.CENSUS_DAYS, date(2026, 9, 1), NOW)
    assert own(world) == [(5, date(2019, 8, 10), date(2026, 8, 31))]
    policy.set_rule(leader, new(7, date(2026, 9, 1)), NOW)
    assert own(world)[-1] == (7, date(2026, 9, 1), None)


def test_a_slip_is_mended_on_the_same_day(world, leader):
    for value in (80, 8):
        policy.set_rule(leader, new(value, TODAY), NOW)
    assert own(world) == [(5, date(2019, 8, 10), date(2026, 8, 19)), (8, TODAY, None)]
    assert AuditEvent.objects.filter(verb="policy.set").count() == 2


def test_back_to_the_default(world, leader):
    row = owed(world, ObligationKind.TEAM, now=NOW)
    rule = new(6, date(2026, 9, 1), Key.TEAM_DAYS)
    policy.set_rule(leader, rule, NOW)
    assert again(row).due_on == date(2026, 9, 9)
    change = policy.end_rule(leader, Key.TEAM_DAYS, date(2026, 9, 1), NOW)
    assert (change.before, change.after, change.moved) == (6, 3, 1)
    assert again(row).due_on == date(2026, 9, 4)
    assert in_force(world.county.pk, date(2026, 9, 1)).entries[Key.TEAM_DAYS].is_default
    with pytest.raises(RuleBroken, match="default"):
        policy.end_rule(leader, Key.TEAM_DAYS, date(2026, 9, 1), NOW)
    with pytest.raises(RuleBroken, match="past"):
        policy.end_rule(leader, Key.CENSUS_DAYS, date(2026, 8, 1), NOW)


@pytest.mark.parametrize("role", ["bureau_staff", "school_leader", "system_admin"])
def test_only_who_carries_the_duty(world, role):
    for act in (
        lambda scope: policy.set_rule(scope, new(), NOW),
        lambda scope: policy.end_rule(scope, Key.CENSUS_DAYS, TODAY, NOW),
    ):
        with pytest.raises(NotPermitted):
            act(world.scope(role))


def test_another_county_is_not_touched(world, leader):
    policy.set_rule(leader, new(), NOW)
    assert not PolicyRule.objects.exclude(county=world.county).filter(starts_on__gte=TODAY).exists()


def test_every_key_has_words_and_a_group():
    assert set(WORDS) == set(CATALOGUE) == set(Key)
    assert {key.split(".")[0] for key in Key} == set(GROUPS)


@pytest.mark.parametrize("key", Key)
def test_every_default_is_a_value_that_may_be_set(key):
    assert CATALOGUE[key].problem(CATALOGUE[key].default) is None
    assert CATALOGUE[key].source


OWN = {Key.ABSENCE_CONSECUTIVE_DAYS, Key.CENSUS_DAYS, Key.REPORT_DAYS}


@pytest.mark.parametrize(("code", "own"), [("330328000000", OWN), ("140521000000", set())])
@pytest.mark.parametrize(
    ("kind", "start", "unit", "on"),
    [
        (ObligationKind.CENSUS, "2026-09-01", "calendar_days", "2026-09-07"),  # rule 3
        (ObligationKind.CENSUS, "2026-09-01", "working_days", "2026-09-08"),
        (ObligationKind.TERM_REPORT, "2026-09-01", "calendar_days", "2026-09-11"),
        (ObligationKind.TERM_REPORT, "2026-09-01", "working_days", "2026-09-15"),
        (ObligationKind.CENSUS, "2026-02-24", "calendar_days", "2026-03-02"),
        (ObligationKind.TRANSFER, "2026-09-14", None, "2026-09-28"),  # rule 13
        (ObligationKind.MONTHLY_REPORT, "2026-09-30", None, "2026-10-08"),
    ],
)
def test_both_counties_from_the_database(db, code, own, kind, start, unit, on):
    """wencheng-2019 names three numbers, qinshui-2020 none: the last days agree all the same."""
    county, row, day = Region.objects.get(code=code), KINDS[kind], date.fromisoformat(start)
    if unit:
        PolicyRule.objects.create(
            county=county, key=row.unit, value=unit, source=SOURCE, starts_on=day
        )
    found = in_force(county.pk, day)
    assert due(day, found.period(row.days, row.unit, row.law), working_calendar()).on == (
        date.fromisoformat(on)
    )
    assert {k for k, v in found.entries.items() if not v.is_default} - {row.unit} == own
