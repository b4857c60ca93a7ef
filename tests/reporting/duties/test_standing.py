"""How an agency stands with a duty: as a table, and from rows, across a body that took over."""

from datetime import date, datetime

import pytest

from agencies.models import Agency, AgencyDuty, Obligation
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from cases.services import successors
from reporting.queries import agency_duties
from reporting.queries.evidence import CATALOGUE
from reporting.rules.agency_duties import Deadlines, Standing, Year, standing, year_of
from tests.support.duties import again, owe
from tests.support.rolls import U, take
from tests.support.world import agency

NOW = datetime(2026, 10, 12, 8, tzinfo=CHINA)
YEAR = Year(2026)


@pytest.mark.parametrize(
    ("deadlines", "found", "result"),
    [
        (Deadlines(), 0, Standing.NOTHING),
        (Deadlines(), 3, Standing.DONE),
        (Deadlines(open=1), 0, Standing.OPEN),
        (Deadlines(open=1, met=1), 0, Standing.DONE),
        (Deadlines(open=1), 2, Standing.DONE),
        (Deadlines(met=9, overdue=1), 9, Standing.LATE),
        (Deadlines(met=1, late=1), 0, Standing.DONE),
    ],
)
def test_what_is_overdue_goes_before_everything(deadlines, found, result):
    assert standing(deadlines, found) is result


@pytest.mark.parametrize(
    ("day", "begins"), [("2026-08-31", 2025), ("2026-09-01", 2026), ("2027-01-15", 2026)]
)
def test_a_year_of_account_is_a_school_year(day, begins):
    year = year_of(date.fromisoformat(day))
    assert year.begins == begins
    assert year.holds(date.fromisoformat(day))


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_entry_of_the_catalogue_can_be_counted(world, name):
    ids = Agency.objects.values_list("pk", flat=True)
    assert set(CATALOGUE[name].counts(list(ids), YEAR.first, YEAR.last)) <= set(ids)


def line(world, body, clause, now=NOW, year=YEAR):
    lines = agency_duties.of_agency(body, year, now)
    return next(one for one in lines if one.duty.clause == clause)


def test_rolls_count_for_their_school_and_their_day(world):
    take(world, date(2026, 10, 12), {0: U})
    take(world, date(2026, 9, 1), {0: U})
    assert [n for _label, n in line(world, world.school, "S1-57").found] == [0, 2]
    assert line(world, world.second_school, "S1-57").found[1][1] == 0
    before = line(world, world.school, "S1-57", year=Year(2025))
    assert (before.standing, before.found[1][1]) == (Standing.NOTHING, 0)


def test_deadlines_are_counted_by_their_state(world):
    for state, key in (("open", "a"), ("late", "b"), ("met", "c")):
        row = owe(world, ObligationKind.CENSUS, key=key)
        Obligation.objects.filter(pk=row.pk).update(
            due_at=datetime(2026, 10, 20 if state == "open" else 2, tzinfo=CHINA),
            met_at=NOW if state == "met" else None,
            late=True if state == "met" else None,
        )
    found = line(world, world.school, "S1-51")
    assert found.deadlines == Deadlines(met=1, late=1, open=1, overdue=1)
    assert found.standing is Standing.LATE
    assert agency_duties.of_agency(world.school, YEAR, NOW)[0].standing is Standing.LATE
    earlier = line(world, world.school, "S1-51", year=Year(2025))
    assert earlier.standing is Standing.NOTHING


def test_only_the_kinds_that_owe_it_have_it(world):
    clauses = {one.duty.clause for one in agency_duties.of_agency(world.town_hall, YEAR, NOW)}
    assert {"S1-05", "S1-58", "S1-64"} <= clauses
    assert not clauses & {"S1-51", "S1-01", "S1-32", "S2-20"}


def test_a_body_that_took_over_answers_for_the_old_ones(world):
    police = Agency.objects.get(name="大峃派出所")
    post = world.posts["agency_staff"]
    row = owe(world, ObligationKind.LIST_FOLLOW, police)
    done = owe(world, ObligationKind.LIST_FOLLOW, police, key="y")
    Obligation.objects.filter(pk=done.pk).update(met_at=NOW)
    new = successors.succeed([police], "大峃中心派出所", date(2026, 10, 1), NOW.date())
    police.refresh_from_db()
    assert (police.ends_on, police.successor) == (date(2026, 9, 30), new)
    held = new.posts.get()
    assert (held.user_id, held.position, held.starts_on) == (
        post.user_id,
        post.position,
        date(2026, 10, 1),
    )
    assert (again(row).owed_by, again(done).owed_by) == (new, police)  # what is done stays
    found = line(world, new, "S1-49")
    assert (found.deadlines.met, found.deadlines.open + found.deadlines.overdue) == (1, 1)
    last = successors.succeed([new], "县公安局大峃派出所", date(2026, 10, 12), NOW.date())
    assert [one.name for one in agency_duties.predecessors([last])[last.pk]] == [
        "大峃中心派出所", "大峃派出所"
    ]  # fmt: skip
    assert line(world, last, "S1-49").deadlines.met == 1


def test_two_bodies_become_one(world):
    """工商局 and 质监局 become 市场监管局, which may be there already."""
    old = [agency(name, "market", world.county) for name in ("县工商局", "县质监局")]
    there = agency("县市场监管局", "market", world.county)
    assert successors.succeed(old, "县市场监管局", date(2026, 10, 1), NOW.date()) == there
    names = [one.name for one in agency_duties.predecessors([there])[there.pk]]
    assert sorted(names) == ["县工商局", "县质监局"]


def test_whose_duties_one_may_see(world):
    seen = {
        role: set(agency_duties.agencies_for(world.scope(role)).values_list("name", flat=True))
        for role in ("bureau_staff", "township_cadre", "school_leader", "agency_staff")
    }
    assert "百丈漈镇人民政府" in seen["bureau_staff"]
    assert "大峃镇实验学校" in seen["township_cadre"]
    assert "百丈漈镇人民政府" not in seen["township_cadre"]
    assert seen["school_leader"] == {"大峃镇实验学校"}
    assert seen["agency_staff"] == {"大峃派出所"}
    assert AgencyDuty.objects.filter(county=world.county).count() == 79
