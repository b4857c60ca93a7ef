"""A joint inspection with its findings, deadlines, children and end, against the database."""

import uuid
from datetime import date

import pytest

from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Agency, Obligation
from agencies.rules.obligations import ObligationKind
from cases.models import Case, Finding, FoundChild, Inspection, Venue
from cases.queries.timeline import timeline
from cases.rules.inspections import Deed
from cases.services import findings, found_children, inspections, opening, venues
from cases.services.findings import Found
from cases.services.found_children import Child
from cases.services.inspections import Held
from cases.services.opening import ByHand
from tests.cases.inspections.county import (
    NOON,
    TODAY,
    bodies,
    entry,
    found,
    held,
    order,
    place,
    planned,
    take,
)
from tests.support.clients import browser
from tests.support.rolls import at


@pytest.fixture
def others(world):
    return bodies(world)


@pytest.fixture
def venue(world) -> Venue:
    return place(world)


@pytest.fixture
def running(world, others, venue) -> Inspection:
    joined = (others["police"].public_id, others["culture"].public_id)
    return held(world, planned(world, venue, others=joined))


@pytest.fixture
def finding(world, running) -> Finding:
    return found(world, running, "holds_children")


def owed(kind: ObligationKind) -> list[Obligation]:
    return list(Obligation.objects.filter(kind=kind).order_by("pk"))


def test_a_private_class_is_inspected_by_two_bodies_at_least(world, venue):
    with pytest.raises(RuleBroken) as refused:
        planned(world, venue)
    assert [one.code for one in refused.value.reasons] == ["joint"]
    assert not Inspection.objects.exists()


def test_numbers_count_up_within_the_year(world, venue, others):
    joined = (others["police"].public_id,)
    numbers = [planned(world, venue, others=joined).number for _ in range(2)]
    assert numbers == ["2026-001", "2026-002"]


def test_what_all_bodies_read_of_an_inspection_names_nobody(world, running, finding, others):
    child, scope = world.pupils[0].name, world.scope("bureau_staff")
    joined = (others["police"].public_id, others["culture"].public_id)
    coming = planned(world, place(world, name="弘道读经班"), others=joined)
    for deed in (
        lambda: inspections.hold(scope, coming.public_id, Held(TODAY, TODAY, f"{child}在场"), NOON),
        lambda: findings.add(
            scope, running.public_id, Found(uuid.uuid4(), "other", f"{child}在此读经"), NOON
        ),
        lambda: order(world, finding, text=f"送回{child}"),
    ):
        with pytest.raises(RuleBroken, match="person"):
            deed()


def test_an_order_is_a_deadline_of_who_gave_it_and_an_answer_meets_it(world, finding, others):
    order(world, finding, body=others["culture"].public_id)
    (rectify,), (recheck,) = owed(ObligationKind.RECTIFY), owed(ObligationKind.RECHECK)
    assert (rectify.owed_by, rectify.owed_to) == (others["culture"], world.bureau)
    assert (rectify.due_on, recheck.due_on) == (date(2026, 10, 26), date(2026, 10, 30))
    take(world, finding, Deed.ANSWER, role="culture", text="已停课并退费")
    rectify.refresh_from_db()
    assert (rectify.met_at, rectify.late) == (NOON, False)
    take(world, finding, Deed.PASS)
    recheck.refresh_from_db()
    finding.refresh_from_db()
    assert (finding.state, recheck.met_at) == ("rectified", NOON)


def test_not_put_right_asks_for_a_new_order_with_deadlines_of_its_own(world, finding):
    order(world, finding)
    take(world, finding, Deed.FAIL, text="仍在上课")
    finding.refresh_from_db()
    assert finding.state == "open"
    with pytest.raises(NotPossible):
        take(world, finding, Deed.PASS)
    order(world, finding, number="文教督改〔2026〕9号")
    first, second = owed(ObligationKind.RECTIFY)
    assert first.waived_at
    assert second.waived_at is None
    assert first.key != second.key


def test_a_penalty_that_ends_the_approval_ends_it_at_the_place(world, finding, venue):
    order(world, finding)
    take(world, finding, Deed.PENALTY, penalty="approval_ended", number="文教许撤〔2026〕1号")
    venue.refresh_from_db()
    assert (venue.approval_ended_on, venue.ending_number) == (TODAY, "文教许撤〔2026〕1号")
    assert venue.ended_on is None
    assert not Obligation.objects.open().filter(kind__in=("rectify", "recheck")).exists()


def test_an_approval_that_is_not_there_cannot_be_ended(world, others):
    bare = place(world, approval_number="", approved_by="", approval_until=None)
    row = held(world, planned(world, bare, others=(others["police"].public_id,)))
    one = found(world, row, "no_approval")
    with pytest.raises(RuleBroken) as refused:
        take(world, one, Deed.PENALTY, penalty="approval_ended", number="1号")
    assert [reason.code for reason in refused.value.reasons] == ["no_approval"]


def test_a_place_that_is_closed_down_is_not_inspected_again(world, finding, venue, others):
    take(
        world,
        finding,
        Deed.PENALTY,
        penalty="closed_down",
        number="文文综罚〔2026〕3号",
        body=others["culture"].public_id,
    )
    venue.refresh_from_db()
    assert (venue.ended_on, venue.approval_ended_on) == (TODAY, TODAY)
    with pytest.raises(NotPossible):
        planned(world, venue, others=(others["police"].public_id,))


def test_closing_waits_for_every_finding(world, running, finding):
    scope = world.scope("bureau_staff")
    with pytest.raises(NotPossible) as refused:
        inspections.close(scope, running.public_id, NOON)
    assert [one.code for one in refused.value.reasons] == ["open_findings"]
    take(world, finding, Deed.WITHDRAW, text="误记")
    assert inspections.close(scope, running.public_id, NOON).state == "closed"
    with pytest.raises(NotPossible):
        found(world, running, "other")


def test_each_child_becomes_a_case_and_an_open_case_is_used(world, running):
    scope = world.scope("bureau_staff")
    known = opening.open_by_hand(scope, world.pupils[0], ByHand("tip", TODAY), NOON)
    for pupil in world.pupils[:2]:
        child = Child(pupil.public_id, date(2026, 9, 1), "整天在此")
        for _twice in range(2):
            found_children.add(scope, running.public_id, child, NOON)
    rows = list(FoundChild.objects.order_by("pk"))
    assert [row.student for row in rows] == world.pupils[:2]
    assert rows[0].case == known
    assert Case.objects.count() == 2
    assert rows[1].case.episode.trigger_date == date(2026, 9, 1)
    assert "明德读经班" in rows[1].case.events.get(action="open").note
    for row in rows:
        (line,) = [one for one in timeline(row.case, [], [], NOON) if one.kind == "found"]
        assert "2026-10-12" in line.title
        assert (line.text, line.link) == ("整天在此", str(running.public_id))
    link = f"/inspections/{running.public_id}/"
    for role, linked in (("bureau_staff", True), ("teacher", False)):
        text = browser(world, role).get(f"/cases/{known.public_id}/").content.decode()
        assert ("整天在此" in text, link in text) == (True, linked)


def test_a_child_below_school_age_is_no_case(world, running):
    child = world.pupils[0]
    child.born_on = date(2022, 3, 1)
    child.save()
    with pytest.raises(RuleBroken) as refused:
        found_children.add(
            world.scope("bureau_staff"), running.public_id, Child(child.public_id, TODAY), NOON
        )
    assert [one.code for one in refused.value.reasons] == ["age"]
    assert not Case.objects.exists()


def test_police_work_on_the_inspection_and_do_not_see_the_children(world, running):
    staff = world.scope("agency_staff")
    assert found(world, running, "other", role="agency_staff").number == 1
    with pytest.raises(NotPermitted):
        found_children.add(staff, running.public_id, Child(world.pupils[0].public_id, TODAY), NOON)


@pytest.mark.parametrize("role", ["school_leader", "other_cadre", "market"])
def test_who_takes_no_part_does_not_see_it(world, running, role):
    with pytest.raises(NotVisible):
        inspections.close(world.scope(role), running.public_id, NOON) if role != (
            "school_leader"
        ) else inspections.access.inspection_for(world.scope(role), running.public_id)


def test_the_township_of_the_place_sees_it_and_works_only_where_it_takes_part(world, running):
    cadre = world.scope("township_cadre")
    assert inspections.access.inspection_for(cadre, running.public_id) == running
    with pytest.raises(NotPermitted):
        found(world, running, "other", role="township_cadre")


def test_a_school_sees_its_inspection_when_it_was_held_and_answers_the_order(world):
    row = planned(world, unit=world.school, topic="dropout")
    with pytest.raises(NotVisible):
        inspections.access.inspection_for(world.scope("school_leader"), row.public_id)
    held(world, row)
    one = found(world, row, "not_done")
    order(world, one)
    (rectify,) = owed(ObligationKind.RECTIFY)
    assert (rectify.owed_by, rectify.owed_to) == (world.school, world.bureau)
    with pytest.raises(NotPermitted):
        take(world, one, Deed.PASS, role="school_leader")
    take(world, one, Deed.ANSWER, role="school_leader", text="已补齐台账")
    rectify.refresh_from_db()
    assert rectify.met_at


def test_a_late_answer_is_late_for_good(world, finding):
    order(world, finding)
    late = at(date(2026, 10, 27), 9)
    take(world, finding, Deed.ANSWER, text="已整改", now=late)
    (rectify,) = owed(ObligationKind.RECTIFY)
    assert rectify.late is True


def test_a_place_is_entered_once_and_changed_by_who_saw_it_as_it_is(world):
    scope, wanted = world.scope("bureau_staff"), entry(world)
    first = venues.register(scope, wanted, NOON)
    assert venues.register(scope, wanted, NOON) == first
    venues.change(scope, first.public_id, entry(world, name="明德书院", version=1), NOON)
    with pytest.raises(Conflict):
        venues.change(scope, first.public_id, entry(world, version=1), NOON)


def test_what_is_missing_of_a_place_is_told_at_once(world):
    wrong = entry(world, name=" ", address="", approval_number="", kind="castle", region="1")
    with pytest.raises(RuleBroken) as refused:
        venues.register(world.scope("bureau_staff"), wrong, NOON)
    codes = [one.code for one in refused.value.reasons]
    assert codes == ["name", "address", "approval_number", "kind", "region"]


def test_a_township_enters_places_of_its_own_area_only(world):
    elsewhere = entry(world, region=world.other_village.code)
    with pytest.raises(RuleBroken) as refused:
        venues.register(world.scope("township_cadre"), elsewhere, NOON)
    assert [one.code for one in refused.value.reasons] == ["region"]


def test_only_the_county_inspects_schools_and_nobody_itself(world):
    with pytest.raises(NotPermitted):
        planned(world, unit=world.school, topic="dropout", role="township_cadre")
    assert isinstance(world.school, Agency)


def test_an_inspection_that_is_not_held_is_cancelled_with_a_reason(world, venue, others):
    row = planned(world, venue, others=(others["police"].public_id,))
    scope = world.scope("bureau_staff")
    with pytest.raises(RuleBroken):
        inspections.cancel(scope, row.public_id, " ", NOON)
    assert inspections.cancel(scope, row.public_id, "台风", NOON).state == "cancelled"


def test_the_same_inspection_sent_twice_is_one(world, venue, others):
    wanted = inspections.Plan(
        uuid.uuid4(), "training", TODAY, (others["police"].public_id,), venue=venue.public_id
    )
    scope = world.scope("bureau_staff")
    assert inspections.plan(scope, wanted, NOON) == inspections.plan(scope, wanted, NOON)
