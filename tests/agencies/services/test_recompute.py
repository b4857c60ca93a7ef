"""A value moves or a calendar year comes: what is open follows, once, and what is closed never."""

from datetime import date, datetime, time

import pytest

from agencies.models import (
    CalendarDay,
    CalendarYear,
    Escalation,
    Extension,
    Notice,
    Obligation,
    PolicyRule,
)
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force, in_force_on_days
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.services import obligations, recompute, sweep
from agencies.services.obligations import Ground, Owed
from tests.support.budgets import counted

OPENS = date(2026, 9, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def owed(world, kind=ObligationKind.CENSUS, start=OPENS, key="x", due_on=None, now=None):
    """One obligation of the school, raised on its first day unless said otherwise."""
    duty = Owed(
        kind=kind,
        key=f"{kind}:{key}",
        subject="x",
        owed_by=world.school,
        owed_to=world.bureau,
        starts_on=start,
        region_path=world.township.path,
        due_on=due_on,
    )
    now = now or datetime.combine(start, time(8), CHINA)
    ground = Ground(in_force(world.county.pk, start), working_calendar(), now)
    (row,) = obligations.raise_all(world.county.pk, [duty], ground)
    return row


def rule(world, key: Key, value, since=OPENS):
    PolicyRule.objects.filter(county=world.county, key=key).delete()
    PolicyRule.objects.create(
        county=world.county, key=key, value=value, source="县教育局通知", starts_on=since
    )


def year_2027():
    CalendarYear.objects.create(year=2027, source="国务院办公厅通知")
    CalendarDay.objects.create(day=date(2027, 1, 1), kind="holiday", name="元旦")
    CalendarDay.objects.create(day=date(2027, 1, 4), kind="holiday", name="元旦")


def again(row: Obligation) -> Obligation:
    return Obligation.objects.get(pk=row.pk)


def told(kind: NoticeKind) -> int:
    return Notice.objects.filter(kind=kind).count()


def test_a_longer_period_moves_it_once_and_says_so_once(world):
    row, now = owed(world), at("2026-09-02T09:00")
    rule(world, Key.CENSUS_DAYS, 8)
    assert recompute.recompute_open(world.county.pk, now) == 1
    moved = again(row)
    assert (moved.due_on, moved.round, moved.level, moved.step) == (date(2026, 9, 9), 1, 0, 0)
    assert (moved.basis["length"], moved.basis["source"]) == (8, "县教育局通知")
    assert moved.moments[0] == moved.next_check_at == at("2026-09-04T08:00")
    assert told(NoticeKind.MOVED) == 1
    before = Obligation.objects.values().get(pk=row.pk)
    for later in ("2026-09-02T09:01", "2026-09-03T09:00"):
        assert recompute.recompute_open(world.county.pk, at(later)) == 0
        assert Obligation.objects.values().get(pk=row.pk) == before
    assert told(NoticeKind.MOVED) == 1


def test_what_is_closed_is_never_touched(world):
    met, waived = owed(world, key="met"), owed(world, key="waived")
    obligations.fulfil([met.pk], at("2026-09-09T09:00"))
    obligations.waive([waived.pk], "school merged", at("2026-09-09T09:00"))
    before = list(Obligation.objects.order_by("pk").values())
    rule(world, Key.CENSUS_DAYS, 20)
    assert recompute.recompute_open(world.county.pk, at("2026-09-10T09:00")) == 0
    assert list(Obligation.objects.order_by("pk").values()) == before
    assert again(met).late


def test_provisional_ones_become_firm_and_are_told(world):
    """One keeps its day, one moves over the holiday; both are told; a met one stays as it was."""
    now = at("2026-12-29T09:00")
    first, start = ObligationKind.TEAM, date(2026, 12, 28)
    stays = owed(world, ObligationKind.DECIDE, date(2027, 1, 5), "stays", now=now)
    moves, met = owed(world, first, start, "moves"), owed(world, first, start, "met")
    same_year = owed(world, ObligationKind.VISIT, start, "same year")
    obligations.fulfil([met.pk], now)
    assert (again(moves).due_on, again(moves).provisional) == (date(2026, 12, 31), False)
    late = owed(world, ObligationKind.CLOSURE, start, "late")  # 5 working days: into 2027
    assert (late.due_on, late.provisional) == (date(2027, 1, 4), True)
    assert stays.provisional
    year_2027()
    assert recompute.recompute_open(world.county.pk, now) == 2
    late, stays = again(late), again(stays)
    assert (late.due_on, late.provisional, late.round) == (date(2027, 1, 6), False, 1)
    assert (stays.due_on, stays.provisional, stays.round) == (date(2027, 1, 12), False, 0)
    assert again(same_year).round == again(moves).round == 0
    assert told(NoticeKind.MOVED) == 2
    assert recompute.recompute_open(world.county.pk, now) == 0
    assert told(NoticeKind.MOVED) == 2


def test_an_extension_stands_and_an_agreed_day_too(world):
    extended = owed(world, key="extended")
    agreed = owed(world, ObligationKind.VISIT, key="agreed", due_on=date(2026, 9, 13))
    granted = at("2026-09-16T12:00")
    Extension.objects.create(
        obligation=extended,
        old_due_at=extended.due_at,
        new_due_at=granted,
        reason="flood",
        approved_by=world.posts["bureau_leader"],
        at=at("2026-09-04T09:00"),
    )
    Obligation.objects.filter(pk=extended.pk).update(due_on=date(2026, 9, 15), due_at=granted)
    rule(world, Key.CENSUS_DAYS, 60)
    rule(world, Key.FIRST_VISIT_DAYS, 60)
    rule(world, Key.OFFICE_CLOSING, "17:30")
    assert recompute.recompute_open(world.county.pk, at("2026-09-04T10:00")) == 1
    assert (again(extended).due_on, again(extended).due_at) == (date(2026, 9, 15), granted)
    assert again(agreed).due_on == date(2026, 9, 13)
    assert again(agreed).due_at == at("2026-09-13T17:30")


def said(now: str) -> list[int]:
    """The levels that the sweep says by this moment."""
    before = set(Notice.objects.values_list("pk", flat=True))
    sweep.sweep(at(now))
    found = Notice.objects.exclude(pk__in=before).order_by("pk")
    return list(found.values_list("level", flat=True))


def test_the_new_moment_is_said_again_exactly_once(world):
    """Overdue and said; then later; then overdue and said once more."""
    row = owed(world)
    assert said("2026-09-08T00:01") == [1]
    assert again(row).level == 1
    rule(world, Key.CENSUS_DAYS, 10)
    recompute.recompute_open(world.county.pk, at("2026-09-08T08:00"))
    assert (again(row).level, again(row).due_on) == (0, date(2026, 9, 11))
    assert said("2026-09-08T08:01") == []  # its first reminder would lie in the past
    assert said("2026-09-10T08:01") == [0]
    assert said("2026-09-12T00:01") == [1]
    assert said("2026-09-12T00:02") == []
    levels = Escalation.objects.order_by("pk").values_list("round", "level")
    assert list(levels) == [(0, 1), (1, 1)]


def test_a_moment_moved_into_the_past_is_said_at_the_next_sweep(world):
    row = owed(world, ObligationKind.TERM_REPORT)
    assert said("2026-09-10T12:00") == [0]
    rule(world, Key.REPORT_DAYS, 3)
    recompute.recompute_open(world.county.pk, at("2026-09-10T12:01"))
    assert again(row).due_on == date(2026, 9, 4)
    assert said("2026-09-10T12:02") == [3]  # only the highest is told,
    levels = Escalation.objects.order_by("level").values_list("level", flat=True)
    assert list(levels) == [1, 2, 3]  # all are recorded
    assert said("2026-09-10T12:03") == []


def test_another_ladder_says_nothing_twice(world):
    """The last day stands; level 1 was said. New rungs come, old ones are not said again."""
    row = owed(world)
    assert said("2026-09-08T00:01") == [1]
    rule(world, Key.LADDER_DAYS, "0,2,4,6")
    assert recompute.recompute_open(world.county.pk, at("2026-09-08T08:00")) == 0
    assert (again(row).round, again(row).level) == (0, 1)
    assert again(row).next_check_at == at("2026-09-10T00:00")
    assert said("2026-09-09T00:01") == []
    assert [said(f"2026-09-{day}T00:01") for day in (10, 12, 16)] == [[2], [3], [4]]
    assert list(Escalation.objects.order_by("level").values_list("level", flat=True)) == [
        1,
        2,
        3,
        4,
    ]
    rule(world, Key.LADDER_DAYS, "0,1")
    assert recompute.recompute_open(world.county.pk, at("2026-09-16T08:00")) == 0
    assert said("2026-09-30T08:00") == []
    assert again(row).next_check_at is None


def test_a_reminder_that_waits_for_the_sweep_is_not_lost(world):
    row = owed(world)
    assert row.next_check_at == at("2026-09-02T08:00")
    recompute.recompute_open(world.county.pk, at("2026-09-02T08:00:30"))
    assert said("2026-09-02T08:01") == [0]
    recompute.recompute_open(world.county.pk, at("2026-09-02T08:02"))
    assert said("2026-09-02T08:03") == []


def test_another_way_of_counting(world):
    row = owed(world, start=date(2026, 9, 24), key="unit")
    assert row.due_on == date(2026, 9, 29)
    rule(world, Key.CENSUS_UNIT, "working_days", date(2026, 9, 24))
    recompute.recompute_open(world.county.pk, at("2026-09-24T09:00"))
    assert (again(row).due_on, again(row).basis["unit"]) == (date(2026, 10, 9), "working_days")


def test_a_value_holds_for_what_begins_while_it_is_in_force(world):
    early, late = owed(world), owed(world, start=date(2026, 9, 14), key="late")
    PolicyRule.objects.filter(key=Key.CENSUS_DAYS).update(ends_on=date(2026, 9, 13))
    rule_of_the_bureau = {"county": world.county, "key": Key.CENSUS_DAYS, "source": "通知"}
    PolicyRule.objects.create(**rule_of_the_bureau, value=9, starts_on=date(2026, 9, 14))
    assert recompute.recompute_open(world.county.pk, at("2026-09-14T09:00")) == 1
    assert again(early).due_on == date(2026, 9, 7)
    assert again(late).due_on == date(2026, 9, 23)


def test_a_row_from_before_the_steps_gets_them(world):
    """Rows that an earlier version raised: no steps, a basis without the flag."""
    row = owed(world, now=at("2026-09-01T08:00"))
    basis = {"policy": "term.census_days", "length": 5, "unit": "calendar_days", "closing": "24:00"}
    Obligation.objects.filter(pk=row.pk).update(
        basis=basis, moments=[], levels=[], step=0, next_check_at=None
    )
    odd = owed(world, key="odd")
    Obligation.objects.filter(pk=odd.pk).update(basis={"policy": ""}, due_on=date(2026, 9, 7))
    assert recompute.recompute_open(world.county.pk, at("2026-09-08T09:00")) == 0
    assert again(row).levels == [1, 2, 3]
    assert again(odd).due_on == date(2026, 9, 7)
    assert said("2026-09-08T09:01") == [1, 1]


def test_the_policy_of_many_days_is_one_query(world):
    days = [date(2026, 9, 1 + n) for n in range(30)]
    rule(world, Key.CENSUS_DAYS, 7, date(2026, 9, 10))
    with counted() as statements:
        found = in_force_on_days(world.county.pk, days)
    assert len(statements) == 1
    for day in days:
        assert found[day] == in_force(world.county.pk, day)
    assert [found[day].number(Key.CENSUS_DAYS) for day in (days[8], days[9])] == [5, 7]
    assert in_force_on_days(world.county.pk, []) == {}


@pytest.mark.parametrize("number", [20, 2000])
def test_many_rows_take_a_fixed_number_of_statements_per_thousand(world, number):
    duties = [
        Owed(
            kind=ObligationKind.VISIT,
            key=f"visit:{n}",
            subject="x",
            owed_by=world.school,
            owed_to=world.bureau,
            starts_on=date.fromordinal(OPENS.toordinal() - n % 200),
            region_path=world.township.path,
        )
        for n in range(number)
    ]
    ground = Ground(in_force(world.county.pk, OPENS), working_calendar(), at("2026-09-01T08:00"))
    obligations.raise_all(world.county.pk, duties, ground)
    rule(world, Key.FIRST_VISIT_DAYS, 3, date(2026, 1, 1))
    with counted() as statements:
        assert recompute.recompute_open(world.county.pk, at("2026-09-01T09:00")) == number
    assert len(statements) <= 5 + 2 * -(-number // 1000)
