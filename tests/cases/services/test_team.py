"""The team of a household: two schools, posts that end, who owes what, who has done what."""

import uuid
from datetime import date

import pytest

from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation
from agencies.rules.duties import Position
from agencies.services import posts
from cases.models import Case, CaseEvent, CaseGrant, CaseObligation, TeamSeat
from cases.queries.seats import SeatRow, history_of, seats_of_case
from cases.queries.team import home_of, offer_for
from cases.rules.team import Chair, Seat, key_of
from cases.rules.workflow import Action, State
from cases.services import catch_up, opening, team, visits
from cases.services.catch_up import Arranged
from cases.services.opening import ByHand
from cases.services.team import Order
from cases.services.visits import Report
from students.models import Student
from tests.cases.services.test_chain import absent_for_four_days, act
from tests.support.rolls import at, take
from tests.support.world import World, post, pupil

DAY = date(2026, 10, 9)
SECOND = "2133000002"


def open_for(world: World, child: Student, on: date = DAY) -> Case:
    why = ByHand("whereabouts_unknown", on)
    return opening.open_by_hand(world.scope("township_cadre"), child, why, at(on, 13))


def sibling_of(world: World, case: Case) -> Student:
    return pupil(world.second_class, "张小弟", world.village, household=case.household)


@pytest.fixture
def two(world: World, clock) -> tuple[Case, Case]:
    """Two children of one household, at two schools, both in the work."""
    clock("2026-10-09T13:00")
    first = absent_for_four_days(world)
    return first, open_for(world, sibling_of(world, first))


def held(case: Case) -> dict[str, int]:
    rows = TeamSeat.objects.filter(team__household=case.household_id, until__isnull=True)
    home = home_of(case.household, case)
    return {key_of(Chair(Seat(row.seat), row.school_id), home): row.post_id for row in rows}


def rows_of(case: Case, on: date = DAY) -> dict[str, SeatRow]:
    case = Case.objects.select_related("current", "school", "household__region").get(pk=case.pk)
    cases = Case.objects.filter(household=case.household_id).select_related("school")
    links = CaseObligation.objects.filter(case=case).select_related("obligation")
    rows = seats_of_case(case, list(cases), list(links), on, at(on, 18))
    return {row.key: row for row in rows}


def test_a_second_school_adds_its_leader_and_teacher(world, two):
    first, second = two
    seats = held(first)
    assert seats["school_leader"] in (
        world.posts["school_leader"].pk,
        world.posts["deputy_leader"].pk,
    )
    assert seats["teacher"] == world.posts["teacher"].pk
    assert seats[f"school_leader@{SECOND}"] == world.posts["second_leader"].pk
    assert seats[f"teacher@{SECOND}"] == world.posts["second_teacher"].pk
    assert len(seats) == len(set(seats.values())) == 8
    # Seen from the second child its own school comes first; and it is the same team.
    assert held(second)["teacher"] == world.posts["second_teacher"].pk
    assert set(held(second).values()) == set(seats.values())
    for case in two:
        assert CaseGrant.objects.filter(content_object=case).count() == 8
    assert not Obligation.objects.open().filter(kind="case_team").exists()


def test_seats_of_a_school_end_when_its_child_is_no_longer_in_the_work(world, two, clock):
    first, second = two
    clock("2026-10-10T12:00")
    act(world, second, "township_cadre", Action.DISMISS, date(2026, 10, 10), "was at home, ill")
    assert set(held(first)) == {seat.value for seat in Seat}
    ended = TeamSeat.objects.filter(school=world.second_school)
    assert {row.until for row in ended} == {date(2026, 10, 10)}
    grants = CaseGrant.objects.filter(content_object=first)
    assert grants.count() == 6
    assert not grants.filter(user=world.posts["second_teacher"].user).exists()
    # The last case that ends keeps its team: the next episode has the same people (rule 14).
    take(world, date(2026, 9, 30), {}, now=at(date(2026, 10, 10), 15))
    opening.open_from_runs(at(date(2026, 10, 10), 16))
    act(world, first, "township_cadre", Action.DISMISS, date(2026, 10, 10), "a wrong roll")
    assert set(held(first)) == {seat.value for seat in Seat}


def test_the_sweep_ends_seats_of_a_school_that_the_child_has_left(world, two):
    _first, second = two
    Case.objects.filter(pk=second.pk).update(school=world.other_school)
    assert team.refill(DAY, at(DAY, 20)) == 1
    assert not TeamSeat.objects.filter(school=world.second_school, until__isnull=True).exists()
    assert Obligation.objects.open().filter(kind="case_team").count() == 2
    assert team.refill(DAY, at(DAY, 21)) == 0


def test_an_ended_post_leaves_one_empty_seat_and_the_duty_to_fill_it(world, two):
    first, second = two
    posts.relieve(world.posts["second_teacher"], DAY)
    tomorrow = date(2026, 10, 10)
    assert rows_of(first, tomorrow)[f"teacher@{SECOND}"].post is None  # from that day on
    assert team.refill(tomorrow, at(tomorrow)) == 1
    owed = CaseObligation.objects.filter(obligation__kind="case_team")
    assert {link.case for link in owed} == {first, second}
    assert {link.seat for link in owed} == {Seat.TOWNSHIP_LEADER}
    newcomer = post("newcomer", world.second_school, Position.TEACHER)
    team.put(first, {f"teacher@{SECOND}": newcomer}, Order(tomorrow, at(tomorrow, 10)))
    assert not Obligation.objects.open().filter(kind="case_team").exists()
    past = [(row.seat.post, row.seat.since, row.seat.until) for row in history_of(second)]
    assert (world.posts["second_teacher"], DAY, DAY) in past
    assert (newcomer, tomorrow, None) in past


def test_a_person_whose_account_is_closed_sits_nowhere(world, two):
    user = world.posts["village_cadre"].user
    user.is_active = False
    user.save()
    assert team.refill(DAY, at(DAY, 20)) == 1
    assert "village_cadre" not in held(two[0])
    assert not CaseGrant.objects.filter(user=user).exists()


def test_a_seat_that_does_not_exist_or_does_not_fit_is_refused_and_nothing_changes(world, two):
    first, _second = two
    before = held(first)
    order = Order(DAY, at(DAY, 14))
    with pytest.raises(RuleBroken) as refused:
        team.put(first, {"teacher@9": None, "headmaster": None}, order)
    assert [reason.pointer for reason in refused.value.reasons] == [
        "/seats/teacher@9",
        "/seats/headmaster",
    ]
    with pytest.raises(RuleBroken) as refused:
        team.put(first, {"teacher": world.posts["second_teacher"]}, order)
    codes = {(reason.code, reason.pointer) for reason in refused.value.reasons}
    assert codes == {("wrong_body", "/seats/teacher"), ("same_person", f"/seats/teacher@{SECOND}")}
    with pytest.raises(Conflict):
        team.put(first, {"teacher": None}, Order(DAY, at(DAY, 14), version=0))
    assert held(first) == before


def test_the_load_counts_households_in_the_work(world, two):
    first, _second = two
    third = open_for(world, Student.objects.get(pk=world.pupils[2].pk))
    home = home_of(first.household, first)
    assert offer_for(first.household, home, DAY).posts[Chair(Seat.VILLAGE_CADRE)][0].load == 2
    Case.objects.filter(pk=third.pk).update(state=State.CLOSED)
    assert offer_for(first.household, home, DAY).posts[Chair(Seat.VILLAGE_CADRE)][0].load == 1


def test_whoever_answers_for_the_village_comes_before_whoever_carries_less(world):
    second = post("second_cadre", world.village_committee, Position.VILLAGE_CADRE)
    posts.assign_zone(second, DAY, region=world.village)
    case = absent_for_four_days(world)
    other = open_for(world, Student.objects.get(pk=world.pupils[2].pk))
    assert held(case)["village_cadre"] == held(other)["village_cadre"] == second.pk


def test_a_child_at_no_school_is_given_no_teacher_unasked(world):
    child = Student.objects.get(pk=world.pupils[2].pk)
    child.enrollments.all().delete()
    case = open_for(world, child)
    assert set(held(case)) == {s.value for s in Seat} - {"teacher", "school_leader"}
    assert Obligation.objects.open().filter(kind="case_team").exists()
    order = Order(DAY, at(DAY, 15))
    wanted = {
        "teacher": world.posts["second_teacher"],
        "school_leader": world.posts["second_leader"],
    }
    team.put(case, wanted, order)
    assert not Obligation.objects.open().filter(kind="case_team").exists()
    assert team.refill(DAY, at(DAY, 16)) == 0


def test_six_people_do_six_things_and_what_each_has_done_is_seen(world, two, clock):
    first, second = two
    clock("2026-10-10T12:00")
    day = date(2026, 10, 10)
    act(world, first, "township_cadre", Action.CONFIRM, day)
    sent = Report(
        uuid.uuid4(),
        at(day, 11),
        "home",
        "guardian",
        "promised",
        [world.posts["village_cadre"].public_id, world.posts["second_teacher"].public_id],
    )
    visits.record(world.scope("village_cadre"), first.public_id, sent, at(day, 13))
    rows = rows_of(first, day)
    owed = {key: [(task.kind.value, task.state) for task in row.tasks] for key, row in rows.items()}
    assert owed == {
        "township_leader": [("case_plan", "open")],
        "township_cadre": [("case_verify", "done")],
        "village_cadre": [("case_visit", "open"), ("case_visit", "done")],
        "bureau_leader": [],
        "school_leader": [],
        "teacher": [],
        f"school_leader@{SECOND}": [],
        f"teacher@{SECOND}": [],
    }
    assert {key: row.deeds.visits for key, row in rows.items() if row.deeds.visits} == {
        "village_cadre": 1,
        f"teacher@{SECOND}": 1,
    }
    assert str(rows["township_cadre"].deeds.last_act) == "Confirm the dropout"
    assert rows[f"teacher@{SECOND}"].deeds.last_at == at(day, 11)  # it was there, another wrote
    assert rows["bureau_leader"].deeds.last_at is None
    assert all(not row.deeds.visits for row in rows_of(second, day).values())
    clock("2026-11-20T12:00")
    late = rows_of(first, date(2026, 11, 20))
    assert [task.state for task in late["village_cadre"].tasks] == ["overdue", "done"]


def back_in_class(world: World, clock) -> Case:
    case = absent_for_four_days(world)
    clock("2026-10-12T12:00")
    take(world, date(2026, 10, 12), {})
    return act(world, case, "township_cadre", Action.RECORD_RETURN, date(2026, 10, 12))


def test_nobody_is_said_to_have_visited_a_child_that_came_back_by_itself(world, two, clock):
    first, second = two
    confirmed, back = date(2026, 10, 9), date(2026, 10, 12)
    for case in two:
        act(world, case, "township_cadre", Action.CONFIRM, confirmed)
    clock("2026-10-12T12:00")
    take(world, back, {})
    act(world, first, "township_cadre", Action.RECORD_RETURN, back)
    assert rows_of(first, back)["village_cadre"].tasks == []
    long_after = date(2026, 11, 2)
    clock("2026-11-02T12:00")
    act(world, second, "township_cadre", Action.RECORD_RETURN, long_after)
    (task,) = rows_of(second, long_after)["village_cadre"].tasks
    assert task.state == "late"  # it was overdue, and that is not wiped out


def test_after_the_return_the_teacher_arranges_what_was_missed(world, clock):
    case = back_in_class(world, clock)
    back = date(2026, 10, 12)
    owed = Obligation.objects.open().get(kind="case_catch_up")
    assert (owed.owed_by, owed.due_on) == (world.school, date(2026, 10, 19))
    assert CaseObligation.objects.get(obligation=owed).seat == Seat.TEACHER
    before = case.version
    sent = Arranged("maths after school on Tuesdays, beside 李浩然", back)
    catch_up.arrange(world.scope("teacher"), case.public_id, sent, at(back, 14))
    owed.refresh_from_db()
    assert (owed.met_at, owed.late) == (at(back, 14), False)
    line = CaseEvent.objects.get(action="catch_up")
    assert (line.by, line.note, line.on) == (world.posts["teacher"], sent.what, back)
    assert Case.objects.get().version == before + 1
    # More may be arranged later: another line, nothing else.
    catch_up.arrange(world.scope("school_leader"), case.public_id, sent, at(back, 15))
    assert CaseEvent.objects.filter(action="catch_up").count() == 2


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (Arranged("  ", date(2026, 10, 12)), "what"),
        (Arranged("x", date(2026, 10, 13)), "future"),
        (Arranged("x", date(2026, 10, 11)), "before_return"),
    ],
)
def test_what_cannot_have_been_arranged_is_refused(world, clock, sent, code):
    case = back_in_class(world, clock)
    with pytest.raises(RuleBroken) as refused:
        catch_up.arrange(world.scope("teacher"), case.public_id, sent, at(date(2026, 10, 12), 14))
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert Obligation.objects.open().filter(kind="case_catch_up").exists()


def test_only_the_childs_school_arranges_and_only_for_a_child_that_is_back(world, two, clock):
    first, _second = two
    sent = Arranged("x", DAY)
    with pytest.raises(NotPossible):
        catch_up.arrange(world.scope("teacher"), first.public_id, sent, at(DAY, 14))
    with pytest.raises(NotPermitted):  # sees the case, teaches at the sibling's school
        catch_up.arrange(world.scope("second_teacher"), first.public_id, sent, at(DAY, 14))
    with pytest.raises(NotVisible):
        catch_up.arrange(world.scope("other_teacher"), first.public_id, sent, at(DAY, 14))
