"""Suspension and return as changes of the record (11, 12); fit for school after illness."""

from datetime import date

import pytest

from agencies.errors import RuleBroken
from students.models import EnrollmentChange, EnrollmentRecord, Placement
from students.rules.enrollment import PlacementFacts
from students.services import placements
from tests.students.placements.cast import TODAY
from tests.support.clients import browser
from tests.support.world import World

FIRST, LAST = date(2026, 9, 14), date(2026, 9, 30)


def away(world: World, kind: str, first: date = FIRST, last: date = LAST) -> Placement:
    facts = PlacementFacts(kind, first, last, "证明")
    return placements.approve(world.pupils[0], facts, world.scope("bureau_leader").posts[0], TODAY)


def changes(world: World) -> list[tuple]:
    rows = EnrollmentChange.objects.filter(student=world.pupils[0]).order_by("on", "pk")
    return list(rows.values_list("kind", "on", "by__user__username"))


def test_a_suspension_and_the_return_from_it_are_changes(world: World):
    row = away(world, "suspension")
    assert changes(world) == [("11", FIRST, "bureau_leader")]
    placements.returned(row, TODAY, world.scope("school_leader").posts[0], "县医院复学证明")
    assert changes(world)[1:] == [("12", TODAY, "school_leader")]
    stay = EnrollmentRecord.objects.get(student=world.pupils[0])
    rows = EnrollmentChange.objects.order_by("on").values_list("before", "after", "note")
    assert list(rows) == [
        (stay.pk, stay.pk, "2026-09-14 – 2026-09-30"),
        (stay.pk, stay.pk, "2026-09-14 – 2026-10-12"),
    ]


def test_a_renewal_is_no_change_of_its_own(world: World):
    away(world, "suspension")
    row = away(world, "suspension", date(2026, 10, 1), date(2026, 10, 30))
    assert len(changes(world)) == 1
    placements.returned(row, TODAY, None, "县医院复学证明")
    assert [kind for kind, _on, _by in changes(world)] == ["11", "12"]


def test_other_placements_leave_the_record_as_it_is(world: World):
    placements.returned(away(world, "specialised_school"), TODAY)
    assert changes(world) == []


@pytest.mark.parametrize("kind", ["suspension", "hospital"])
def test_after_illness_the_return_needs_the_proof(world: World, kind: str):
    row = away(world, kind)
    with pytest.raises(RuleBroken) as refused:
        placements.returned(row, TODAY, None, " ")
    assert [reason.pointer for reason in refused.value.reasons] == ["/fitness"]
    row.refresh_from_db()
    assert row.returned_on is None
    placements.returned(row, TODAY, None, " 出院证明 ")
    row.refresh_from_db()
    assert (row.returned_on, row.fitness) == (TODAY, "出院证明")


def test_the_page_of_the_child_asks_for_it(world: World):
    row = away(world, "hospital")
    client, child = browser(world, "school_leader"), f"/students/{world.pupils[0].public_id}/"
    assert 'name="fitness"' in client.get(child).content.decode()
    back = f"{child}placements/{row.public_id}/returned/"
    refused = client.post(back, {"on": "2026-10-12"})
    assert refused.status_code == 422
    assert 'name="fitness"' in refused.content.decode()
    assert client.post(back, {"on": "2026-10-12", "fitness": "出院证明"}).status_code == 302
    assert "出院证明" in client.get(child).content.decode()
