"""A term that moves: what is open follows and is told, what is closed stays; days that fall out."""

from datetime import date

import pytest

from agencies.errors import NotPossible, RuleBroken
from agencies.models import Escalation, Notice, Obligation
from agencies.rules.obligations import ObligationKind
from agencies.services import extensions, obligations, sweep
from students.models import Term
from students.services import roll_duties, terms
from students.services.terms import Moved, TermDates
from tests.support.duties import at
from tests.support.rolls import take
from tests.support.world import World

OPENS, ENDS = date(2027, 3, 1), date(2027, 7, 2)
NOW = at("2027-02-20T09:00")


@pytest.fixture
def term(world: World) -> Term:
    """The spring term: a Monday; nobody has loaded the calendar of that year."""
    return terms.open_term(world.county, TermDates(2026, "spring", OPENS, ENDS), NOW)


def of(term: Term, kind: str) -> list[Obligation]:
    return list(Obligation.objects.filter(kind=kind, key__contains=str(term.public_id)))


def rolls() -> list[tuple[date, str]]:
    rows = Obligation.objects.filter(kind=ObligationKind.ROLL).order_by("starts_on", "pk")
    return sorted({(row.starts_on, row.state(NOW)) for row in rows})


def test_what_is_open_is_counted_from_the_new_opening_and_told(term):
    assert {row.due_on for row in of(term, "census")} == {date(2027, 3, 8)}  # from Saturday 6th
    done = terms.move_term(term, date(2027, 3, 8), ENDS, NOW)
    assert done == Moved(moved=6, fallen=3)
    assert {(row.starts_on, row.due_on) for row in of(term, "census")} == {
        (date(2027, 3, 8), date(2027, 3, 15))
    }
    assert {row.due_on for row in of(term, "term_report")} == {date(2027, 3, 18)}
    assert Notice.objects.filter(kind="moved").count() == 6
    assert rolls() == [(date(2027, 3, 1), "waived"), (date(2027, 3, 8), "open")]


def test_moving_back_owes_the_first_rolls_again(term):
    terms.move_term(term, date(2027, 3, 8), ENDS, NOW)
    terms.move_term(term, OPENS, ENDS, NOW)
    assert rolls() == [
        (date(2027, 3, 1), "open"),
        (date(2027, 3, 1), "waived"),
        (date(2027, 3, 8), "open"),
    ]
    assert {row.round for row in of(term, "census")} == {2}


def test_an_earlier_opening_keeps_the_rolls_that_lie_inside(term):
    terms.move_term(term, date(2027, 2, 25), ENDS, NOW)
    assert rolls() == [(date(2027, 2, 25), "open"), (date(2027, 3, 1), "open")]


def test_what_is_handed_in_stays_with_its_lateness(term):
    late, waived, open_one = of(term, "census")
    obligations.fulfil([late.pk], at("2027-03-10T09:00"))
    obligations.waive([waived.pk], "weg", NOW)
    assert terms.move_term(term, date(2027, 3, 8), ENDS, NOW).moved == 4
    late.refresh_from_db()
    waived.refresh_from_db()
    open_one.refresh_from_db()
    assert (late.due_on, late.late, late.starts_on) == (date(2027, 3, 8), True, OPENS)
    assert waived.due_on == date(2027, 3, 8)
    assert open_one.due_on == date(2027, 3, 15)


def test_what_was_escalated_begins_anew(term):
    sweep.sweep(at("2027-03-09T09:00"))
    assert Escalation.objects.filter(obligation__kind="census").count() == 3
    terms.move_term(term, date(2027, 3, 8), ENDS, at("2027-03-09T10:00"))
    assert {(row.level, row.round) for row in of(term, "census")} == {(0, 1)}
    sweep.sweep(at("2027-03-16T00:01"))
    reached = Escalation.objects.filter(obligation__kind="census").values_list("round", flat=True)
    assert sorted(reached) == [0, 0, 0, 1, 1, 1]


def test_an_extension_stands_unless_the_new_opening_goes_further(world, term):
    row = of(term, "census")[0]
    extensions.extend(
        world.scope("bureau_leader"), row.public_id, date(2027, 3, 12), "台风停课", NOW
    )
    assert terms.move_term(term, date(2027, 3, 4), ENDS, NOW).moved == 5
    row.refresh_from_db()
    assert (row.starts_on, row.due_on) == (date(2027, 3, 4), date(2027, 3, 12))
    terms.move_term(term, date(2027, 3, 15), ENDS, NOW)
    row.refresh_from_db()
    assert row.due_on == date(2027, 3, 22)


def test_only_the_last_day_moves_nothing_but_rolls_behind_it(world, term):
    assert terms.move_term(term, OPENS, date(2027, 7, 9), NOW) == Moved()
    day = date(2027, 7, 6)
    school = Obligation.objects.filter(kind="roll", owed_by=world.school)
    roll_duties.raise_for(day, at("2027-07-06T07:00"))
    assert school.filter(starts_on=day).exists()
    behind = Obligation.objects.filter(kind="roll", starts_on__gt=ENDS)
    assert terms.move_term(term, OPENS, ENDS, NOW) == Moved(fallen=behind.count())
    assert not behind.open().exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "code"),
    [
        (date(2027, 1, 20), ENDS, "overlap"),
        (date(2027, 3, 8), date(2027, 3, 7), "order"),
    ],
)
def test_refused(term, starts_on, ends_on, code):
    with pytest.raises(RuleBroken) as refused:
        terms.move_term(term, starts_on, ends_on, NOW)
    assert refused.value.reasons[0].code == code
    term.refresh_from_db()
    assert term.starts_on == OPENS
    assert not Notice.objects.filter(kind="moved").exists()


def test_rolls_outside_refuse(world):
    take(world, date(2026, 9, 1), {})
    with pytest.raises(RuleBroken) as refused:
        terms.move_term(world.term, date(2026, 9, 2), world.term.ends_on, at("2026-09-01T12:00"))
    assert refused.value.reasons[0].code == "rolls"


def test_a_term_that_is_over_stays(world):
    with pytest.raises(NotPossible):
        terms.move_term(world.term, date(2026, 9, 2), date(2027, 1, 30), at("2027-01-30T00:00"))


def test_a_closed_day_waives_the_open_rolls_of_the_school_for_its_reason(world, term):
    terms.close_day(world.county, OPENS, "暴雪停课", NOW, world.school)
    gone = Obligation.objects.get(kind="roll", starts_on=OPENS, waived_at__isnull=False)
    assert (gone.owed_by, gone.waived_because, gone.waived_at) == (world.school, "暴雪停课", NOW)
    terms.close_day(world.county, OPENS, "暴雪停课", NOW)
    assert rolls() == [(OPENS, "waived")]


def test_a_closed_day_leaves_what_is_met(world, term):
    row = Obligation.objects.get(kind="roll", starts_on=OPENS, owed_by=world.school)
    obligations.fulfil([row.pk], NOW)
    terms.close_day(world.county, OPENS, "暴雪停课", NOW)
    row.refresh_from_db()
    assert row.state(NOW) == "met"


def test_another_term_is_not_touched(world, term):
    terms.move_term(world.term, date(2026, 9, 2), world.term.ends_on, at("2026-08-20T09:00"))
    assert {row.due_on for row in of(term, "census")} == {date(2027, 3, 8)}
