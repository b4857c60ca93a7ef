"""Asked by one, decided by another: the duty, the placement, what is refused (S1-37)."""

from datetime import date

import pytest

from agencies.errors import NotPermitted, NotPossible, RuleBroken
from agencies.models import AuditEvent, Obligation
from cases.queries.child import child_page
from cases.rules.disposition import Disposition
from students.models import EnrollmentRecord, Placement, PlacementApplication
from students.services import placement_applications as applications
from students.services.placement_applications import Sent
from tests.students.placements.cast import SCAN, TODAY, UNTIL, approved, ask, asked
from tests.support.rolls import at
from tests.support.world import World


def owed() -> Obligation:
    return Obligation.objects.get(kind="placement_decide")


def codes(refused: object) -> list[str]:
    return [one.code for one in refused.value.reasons]  # type: ignore[attr-defined]


def test_a_suspension_is_owed_by_the_township_and_approved_by_it(world: World):
    row = ask(world)
    assert (row.state, row.to, row.late) == ("asked", world.town_hall, False)
    assert row.file
    assert bytes(row.file.content) == b"scan"
    duty = owed()
    assert (duty.owed_by, duty.owed_to, duty.due_on) == (
        world.town_hall,
        world.bureau,
        date(2026, 10, 19),
    )
    assert world.pupils[0].name not in f"{duty.subject}{duty.href}"
    assert not Placement.objects.exists()
    with pytest.raises(NotPermitted):
        applications.approve(world.scope("township_cadre"), row.public_id, "", at(TODAY, 10))
    row = applications.approve(world.scope("township_leader"), row.public_id, "同意", at(TODAY, 11))
    placement = Placement.objects.get()
    assert (row.state, row.placement, row.decided_by) == (
        "approved",
        placement,
        world.posts["township_leader"],
    )
    assert (placement.starts_on, placement.ends_on, placement.approved_by) == (
        TODAY,
        UNTIL,
        world.posts["township_leader"],
    )
    assert (owed().met_at, owed().late) == (at(TODAY, 11), False)
    assert Obligation.objects.open().get(kind="placement_end").due_on == UNTIL
    verbs = AuditEvent.objects.filter(verb__startswith="placement").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == ["placement.ask", "placement.approved"]


@pytest.mark.parametrize("kind", ["home_teaching", "special_school"])
def test_the_rest_of_the_table_is_for_the_bureau(world: World, kind: str):
    row = ask(world, sent=Sent(asked(kind), to="township", scan=SCAN, whole=True))
    assert row.to == world.bureau
    with pytest.raises(NotPermitted):
        applications.approve(world.scope("township_leader"), row.public_id, "", at(TODAY, 10))
    applications.approve(world.scope("bureau_leader"), row.public_id, "", at(TODAY, 10))
    assert Placement.objects.get().kind == kind


def test_who_asked_does_not_decide(world: World):
    for role in ("township_leader", "bureau_leader"):
        row = ask(world, role)
        with pytest.raises(NotPermitted) as refused:
            applications.approve(world.scope(role), row.public_id, "", at(TODAY, 10))
        assert codes(refused) == ["second_person"]
        applications.withdraw(world.scope(role), row.public_id, at(TODAY, 10))
    assert not Obligation.objects.open().filter(kind="placement_decide").exists()
    assert not Placement.objects.exists()


def test_a_child_without_a_school_is_deferred_by_the_township(world: World):
    child = world.pupils[0]
    EnrollmentRecord.objects.filter(student=child).delete()
    facts = asked("deferral", due_entry=date(2026, 9, 1), starts_on=date(2026, 9, 1))
    row = ask(world, "township_cadre", Sent(facts, scan=SCAN, whole=True))
    applications.approve(world.scope("township_leader"), row.public_id, "", at(TODAY, 10))
    assert Placement.objects.get(student=child).kind == "deferral"
    duty = Obligation.objects.open().get(kind="placement_end")
    assert (duty.owed_by, duty.due_on) == (world.town_hall, UNTIL)


def test_for_a_child_on_no_roster_the_bureau_decides_what_a_school_would_record(world: World):
    child = world.pupils[0]
    EnrollmentRecord.objects.filter(student=child).delete()
    facts = asked("elsewhere", starts_on=date(2026, 9, 1), issuer="school")
    row = ask(world, "township_cadre", Sent(facts, scan=SCAN, whole=True))
    assert row.to == world.bureau
    applications.approve(world.scope("bureau_leader"), row.public_id, "", at(TODAY, 10))
    assert child_page(child, TODAY).disposition == Disposition.ELSEWHERE


def test_a_refusal_needs_a_reason_and_makes_nothing(world: World):
    row, leader = ask(world), world.scope("bureau_leader")
    with pytest.raises(RuleBroken) as refused:
        applications.refuse(leader, row.public_id, "  ", at(TODAY, 10))
    assert codes(refused) == ["answer"]
    applications.refuse(leader, row.public_id, "证明只写两周", at(TODAY, 10))
    assert PlacementApplication.objects.get().answer == "证明只写两周"
    assert owed().met_at == at(TODAY, 10)
    assert not Placement.objects.exists()
    with pytest.raises(NotPossible):
        applications.approve(leader, row.public_id, "", at(TODAY, 11))
    ask(world)  # asked again


def test_what_is_missing_is_said_at_the_decision(world: World):
    """Over the API a few words make an application; nobody approves it on these."""
    bare = asked(applicant="", reason="", issuer="", issued_by="", months=None)
    row, leader = ask(world, sent=Sent(bare)), world.scope("bureau_leader")
    with pytest.raises(RuleBroken) as refused:
        applications.approve(leader, row.public_id, "", at(TODAY, 10))
    assert codes(refused) == ["applicant", "reason", "issuer", "issued_by", "months", "no_file"]
    with pytest.raises(RuleBroken) as refused:
        applications.complete(
            world.scope("school_leader"), row.public_id, Sent(asked(), whole=True), at(TODAY, 10)
        )
    assert codes(refused) == ["no_file"]
    whole = Sent(asked(), scan=SCAN, whole=True)
    applications.complete(world.scope("school_leader"), row.public_id, whole, at(TODAY, 10))
    applications.approve(leader, row.public_id, "", at(TODAY, 11))
    assert Placement.objects.count() == 1


def test_one_waits_at_a_time_and_the_school_records_its_own(world: World):
    ask(world)
    with pytest.raises(NotPossible):
        ask(world)
    with pytest.raises(RuleBroken) as refused:
        ask(world, sent=Sent(asked("hospital", issuer="hospital")), number=1)
    assert codes(refused) == ["no_decision"]
    with pytest.raises(NotPermitted):
        ask(world, "other_leader", number=2)


def test_what_came_between_is_seen_at_the_decision(world: World):
    row = ask(world)
    Placement.objects.create(
        county=world.county, student=world.pupils[0], kind="hospital", starts_on=TODAY,
        ends_on=TODAY, proof="x", approved_by=world.posts["school_leader"],
    )  # fmt: skip
    with pytest.raises(RuleBroken) as refused:
        applications.approve(world.scope("bureau_leader"), row.public_id, "", at(TODAY, 10))
    assert codes(refused) == ["overlap"]


def test_who_came_back_early_can_be_away_again(world: World):
    """A placement explains nothing from the return on, so it is no overlap either."""
    first = approved(world, "home_teaching")
    first.returned_on = date(2026, 10, 20)
    first.save()
    again = asked("special_school", starts_on=date(2026, 10, 20))
    row = ask(world, sent=Sent(again, scan=SCAN, whole=True))
    applications.approve(world.scope("bureau_leader"), row.public_id, "", at(TODAY, 12))
    assert Placement.objects.filter(student=world.pupils[0]).count() == 2
    with pytest.raises(RuleBroken) as refused:
        ask(world, sent=Sent(asked("special_school", starts_on=date(2026, 10, 19))))
    assert codes(refused) == ["overlap"]
