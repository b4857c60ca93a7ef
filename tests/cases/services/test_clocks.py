"""The clocks of a case, each with its dates: verification, team, visits, follow-up, closure."""

import uuid
from datetime import date, timedelta

from agencies.models import Obligation
from cases.models import Case
from cases.rules.workflow import Action
from cases.services import opening, returns, team, unconfirmed, visits
from cases.services.opening import ByHand
from cases.services.visits import Report
from students.models import Term
from students.services import enrollment, terms, transfers
from tests.cases.services.test_chain import absent_for_four_days, act
from tests.support.rolls import U, at, take
from tests.support.world import World

FRIDAY, SATURDAY, MONDAY = date(2026, 10, 9), date(2026, 10, 10), date(2026, 10, 12)
BACK = MONDAY


def owed(kind: str, state: str = "open") -> list[Obligation]:
    rows = Obligation.objects.filter(kind=kind).order_by("pk")
    return [row for row in rows if row.state(row.due_at) == state]


def only(kind: str) -> Obligation:
    (row,) = owed(kind)
    return row


def confirmed(world: World, clock) -> Case:
    case = absent_for_four_days(world)
    clock("2026-10-10T12:00")
    act(world, case, "township_cadre", Action.CONFIRM, SATURDAY)
    return case


def visit(world: World, case: Case, day: date, next_on: date | None = None) -> None:
    """One more visit, with words of its own: the same is not recorded again."""
    sent = Report(
        client := uuid.uuid4(),
        at(day, 9),
        "home",
        "guardian",
        "promised",
        next_on=next_on,
        note=str(client),
    )
    visits.record(world.scope("village_cadre"), case.public_id, sent, at(day, 10))


def returned(world: World, clock) -> Case:
    case = absent_for_four_days(world)
    clock("2026-10-12T12:00")
    take(world, BACK, {})
    act(world, case, "township_cadre", Action.RECORD_RETURN, BACK)
    return case


def attend(world: World, first: date, last: date) -> None:
    day = first
    while day <= last:
        if day.weekday() < 5:
            take(world, day, {}, now=at(day, 9))
        day += timedelta(days=1)


def test_opened_on_friday_it_is_verified_by_tuesday_and_signed_for_by_saturday(world: World):
    absent_for_four_days(world)
    assert (only("case_verify").starts_on, only("case_verify").due_on) == (
        FRIDAY,
        date(2026, 10, 13),
    )
    assert only("case_verify").owed_by == world.town_hall
    signatures = owed("case_report")
    assert {row.owed_by for row in signatures} == {world.bureau, world.town_hall}
    assert {row.due_on for row in signatures} == {SATURDAY}  # a make-up working day


def test_confirming_meets_the_verification_and_asks_for_a_visit_in_two_working_days(world, clock):
    confirmed(world, clock)
    assert owed("case_verify", "met")
    assert (only("case_visit").starts_on, only("case_visit").due_on) == (
        SATURDAY,
        date(2026, 10, 13),
    )


def test_dismissing_meets_the_verification(world: World, clock):
    case = absent_for_four_days(world)
    act(world, case, "township_cadre", Action.DISMISS, MONDAY, "was ill")
    assert owed("case_verify", "met")
    assert owed("case_verify") == []


def test_the_next_visit_by_interval_or_on_the_agreed_day(world: World, clock):
    case = confirmed(world, clock)
    clock("2026-10-13T12:00")
    visit(world, case, date(2026, 10, 13))
    assert only("case_visit").due_on == date(2026, 10, 20)  # five working days
    clock("2026-10-14T12:00")
    visit(world, case, date(2026, 10, 14), date(2026, 10, 16))
    assert only("case_visit").due_on == date(2026, 10, 16)


def test_a_second_visit_on_the_same_day_leaves_the_next_one_owed(world: World, clock):
    case = confirmed(world, clock)
    clock("2026-10-13T12:00")
    for _again in range(3):
        visit(world, case, date(2026, 10, 13), date(2026, 10, 16))
        assert only("case_visit").due_on == date(2026, 10, 16)


def test_an_empty_seat_is_owed_once_from_its_first_day(world: World, clock):
    world.posts["village_cadre"].ends_on = date(2026, 10, 1)
    world.posts["village_cadre"].save()
    absent_for_four_days(world)
    assert (only("case_team").starts_on, only("case_team").due_on) == (FRIDAY, date(2026, 10, 13))
    world.posts["teacher"].ends_on = MONDAY
    world.posts["teacher"].save()
    assert team.refill(date(2026, 10, 13), at(date(2026, 10, 13))) == 1
    assert only("case_team").starts_on == FRIDAY
    assert team.refill(date(2026, 10, 13), at(date(2026, 10, 13))) == 0


def test_the_school_follows_up_to_day_20_and_its_last_roll_meets_it(world: World, clock):
    returned(world, clock)
    row = only("case_follow_up")
    assert (row.owed_by, row.starts_on, row.due_on) == (world.school, BACK, date(2026, 11, 6))
    assert only("case_closure").starts_on == date(2026, 11, 6)
    assert only("case_closure").due_on == date(2026, 11, 13)
    attend(world, date(2026, 10, 13), date(2026, 11, 6))
    assert returns.follow(date(2026, 11, 9), at(date(2026, 11, 9))) == 1
    row.refresh_from_db()
    assert (row.met_at, row.late) == (at(date(2026, 11, 6), 9), False)
    assert returns.follow(date(2026, 11, 9), at(date(2026, 11, 9), 9)) == 0


def test_an_absence_restarts_the_follow_up_as_well_and_its_correction_takes_it_back(world, clock):
    returned(world, clock)
    take(world, date(2026, 10, 13), {0: U})
    assert returns.follow(date(2026, 10, 13), at(date(2026, 10, 13), 18)) == 1
    row = only("case_follow_up")
    assert (row.starts_on, row.due_on) == (date(2026, 10, 13), date(2026, 11, 10))
    assert only("case_closure").starts_on == date(2026, 11, 10)
    take(world, date(2026, 10, 13), {}, now=at(date(2026, 10, 14)))
    assert returns.follow(date(2026, 10, 14), at(date(2026, 10, 14), 9)) == 1
    assert returns.follow(date(2026, 10, 14), at(date(2026, 10, 14), 10)) == 0
    assert only("case_follow_up").due_on == date(2026, 11, 6)
    assert only("case_closure").starts_on == date(2026, 11, 6)


def test_a_closed_day_moves_both(world: World, clock):
    returned(world, clock)
    terms.close_day(world.county, date(2026, 10, 20), "台风", at(date(2026, 10, 20)))
    assert returns.follow(date(2026, 10, 20), at(date(2026, 10, 20))) == 1
    assert only("case_follow_up").due_on == date(2026, 11, 9)
    assert only("case_closure").starts_on == date(2026, 11, 9)


def test_a_follow_up_over_two_terms_ends_in_the_second(world: World, clock):
    """With no spring term open yet it goes on in working days, and moves when one is."""
    case = absent_for_four_days(world)
    back = date(2027, 1, 20)
    clock("2027-01-20T12:00")
    take(world, back, {}, now=at(back))
    act(world, case, "township_cadre", Action.RECORD_RETURN, back)
    before = only("case_follow_up").due_on
    assert before > date(2027, 1, 29)
    Term.objects.create(
        county=world.county, school_year=2026, season="spring",
        starts_on=date(2027, 3, 1), ends_on=date(2027, 7, 2),
    )  # fmt: skip
    assert returns.follow(date(2027, 1, 21), at(date(2027, 1, 21))) == 1
    assert only("case_follow_up").due_on > date(2027, 3, 1)
    assert returns.follow(date(2027, 1, 21), at(date(2027, 1, 21), 9)) == 0


def test_closure_refused_on_the_day_it_was_asked_for_is_owed_again(world: World, clock):
    case = returned(world, clock)
    attend(world, date(2026, 10, 13), date(2026, 11, 6))
    clock("2026-11-06T18:00")
    day = date(2026, 11, 6)
    for _again in range(2):
        act(world, case, "township_cadre", Action.REQUEST_CLOSURE, day)
        assert (only("case_decide").due_on, owed("case_closure")) == (date(2026, 11, 13), [])
        act(world, case, "bureau_leader", Action.REFUSE_CLOSURE, day, "the notes are missing")
        assert only("case_closure").due_on == date(2026, 11, 13)
        assert owed("case_decide") == []
    clock("2026-11-09T18:00")
    act(world, case, "township_cadre", Action.REQUEST_CLOSURE, day)
    act(world, case, "bureau_leader", Action.REFUSE_CLOSURE, date(2026, 11, 9), "still missing")
    assert only("case_closure").starts_on == date(2026, 11, 9)
    assert returns.follow(date(2026, 11, 9), at(date(2026, 11, 9), 19)) == 0
    assert only("case_closure").starts_on == date(2026, 11, 9)


def test_reopened_on_the_same_day_it_is_to_be_verified_again(world: World, clock):
    case = absent_for_four_days(world)
    act(world, case, "township_cadre", Action.DISMISS, MONDAY, "was ill")
    act(world, case, "township_cadre", Action.REOPEN, MONDAY, "was not")
    act(world, case, "township_cadre", Action.DISMISS, MONDAY, "was ill")
    act(world, case, "township_cadre", Action.REOPEN, MONDAY, "was not")
    assert only("case_verify").starts_on == MONDAY


def test_a_case_verifies_an_unconfirmed_transfer(world: World, clock):
    asked, late = date(2026, 9, 14), date(2026, 9, 29)
    child = world.pupils[0]
    enrollment.leave(child, "21", asked, None)
    transfers.ask(child, world.school, asked, "县外", at(asked))
    transfers.follow(at(late))
    assert unconfirmed.follow(at(late, 9)) == 0
    clock("2026-09-30T12:00")
    why = ByHand("whereabouts_unknown", date(2026, 9, 30), "nobody knows")
    opening.open_by_hand(world.scope("school_leader"), child, why, at(date(2026, 9, 30), 12))
    assert unconfirmed.follow(at(date(2026, 9, 30), 13)) == 1
    assert unconfirmed.follow(at(date(2026, 9, 30), 14)) == 0
    row = Obligation.objects.get(kind="transfer_verify")
    assert (row.met_at, row.late) == (at(date(2026, 9, 30), 12), False)
