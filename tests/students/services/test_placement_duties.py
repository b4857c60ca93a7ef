"""The end of a lawful absence: announced early, met by return or renewal, a finding the next day."""

from datetime import date, timedelta

from agencies.models import Obligation
from students.access import Pupil, leader_at
from students.models import EnrollmentRecord, Placement
from students.rules.enrollment import Change, PlacementFacts
from students.services import changes, enrollment, placement_duties, placements
from students.services.changes import Back
from tests.support.rolls import at
from tests.support.world import World

TODAY = date(2026, 10, 12)
FIRST, LAST = date(2026, 10, 8), date(2026, 11, 30)


def pupil_of(world: World) -> Pupil:
    record = EnrollmentRecord.objects.get(student=world.pupils[0])
    post = leader_at(world.scope("school_leader"), record.school_id)
    assert post
    return Pupil(world.pupils[0], record, post)


def approved(world: World, first: date = FIRST, last: date = LAST) -> Placement:
    facts = PlacementFacts("hospital", first, last, "县人民医院证明")
    return changes.approve(world.scope("school_leader"), pupil_of(world), facts, at(TODAY, 9))


def owed() -> list[Obligation]:
    return list(Obligation.objects.filter(kind="placement_end").order_by("due_on"))


def test_its_last_day_is_announced_and_then_overdue(world: World):
    approved(world)
    (row,) = owed()
    assert (row.starts_on, row.due_on, row.due_at) == (FIRST, LAST, at(LAST + timedelta(1), 0))
    assert (row.owed_by, row.owed_to, row.clause) == (world.school, world.bureau, "S1-37")
    early = [moment for moment, level in zip(row.moments, row.levels, strict=True) if level == 0]
    assert early == [at(date(2026, 11, 2)), at(date(2026, 11, 23)), at(date(2026, 11, 27))]
    assert row.state(at(LAST, 23)) == "open"
    assert row.state(at(LAST + timedelta(1), 1)) == "overdue"
    assert placement_duties.follow(at(TODAY, 10)) == 0


def test_rows_of_any_time_get_theirs_from_the_sweep(world: World):
    facts = PlacementFacts("suspension", FIRST, date(2026, 10, 9), "证明")
    placements.approve(world.pupils[0], facts, pupil_of(world).post, TODAY)
    assert owed() == []
    assert placement_duties.follow(at(TODAY)) == 1
    assert placement_duties.follow(at(TODAY)) == 0
    assert owed()[0].state(at(TODAY)) == "overdue"


def test_the_return_meets_it(world: World):
    placement = approved(world)
    back = Back(TODAY, "复学证明")
    changes.returned(world.scope("school_leader"), pupil_of(world), placement, back, at(TODAY, 11))
    assert (owed()[0].met_at, owed()[0].late) == (at(TODAY, 11), False)


def test_a_renewal_without_a_gap_meets_it_and_one_with_a_gap_does_not(world: World):
    approved(world, FIRST, date(2026, 10, 30))
    approved(world, date(2026, 10, 31), date(2026, 11, 30))
    assert [row.state(at(TODAY, 10)) for row in owed()] == ["met", "open"]
    approved(world, date(2026, 12, 2), date(2026, 12, 31))
    assert [row.state(at(TODAY, 10)) for row in owed()] == ["met", "open", "open"]
    assert placement_duties.follow(at(TODAY, 11)) == 0


def test_the_return_from_a_renewal_is_one_from_what_it_renewed(world: World):
    first = approved(world, date(2026, 9, 7), date(2026, 9, 30))
    second = approved(world, date(2026, 10, 1), date(2026, 11, 30))
    back = Back(TODAY, "复学证明")
    changes.returned(world.scope("school_leader"), pupil_of(world), second, back, at(TODAY, 11))
    first.refresh_from_db()
    assert first.returned_on == TODAY


def test_the_new_school_owes_the_end_for_a_child_that_has_come(world: World):
    approved(world)
    enrollment.change_class(world.pupils[0], world.other_class, TODAY, None, Change.TRANSFER_IN)
    assert placement_duties.follow(at(TODAY, 11)) == 1
    assert [(row.owed_by, row.due_on) for row in owed()] == [(world.other_school, LAST)]
    assert placement_duties.follow(at(TODAY, 11)) == 0


def test_who_left_owes_no_return(world: World):
    approved(world)
    enrollment.leave(world.pupils[0], "completed", TODAY, None)
    assert placement_duties.follow(at(TODAY, 11)) == 1
    assert owed()[0].waived_because == "died, completed or transferred"
    assert placement_duties.follow(at(TODAY, 11)) == 0


def test_a_deferral_is_owed_by_the_school_that_approved(world: World):
    EnrollmentRecord.objects.filter(student=world.pupils[0]).update(starts_on=TODAY)
    facts = PlacementFacts("deferral", date(2026, 9, 1), date(2027, 8, 31), "证明")
    placements.approve(world.pupils[0], facts, pupil_of(world).post, TODAY)
    placement_duties.follow(at(TODAY))
    assert owed()[0].owed_by == world.school
