"""An applied list is taken back by two people while nothing rests on it."""

from datetime import date

import pytest

from agencies.errors import NotPermitted, NotPossible, RuleBroken
from agencies.models import AuditEvent
from students.imports.run import run_waiting
from students.models import (
    FocusTag,
    Guardian,
    Household,
    PersonEntry,
    PersonList,
    ScreenedChild,
    Student,
)
from students.queries.person_lists import last_applied, rows
from students.rules.focus import FocusGroup
from students.services import focus, list_undo, screening
from students.services.focus import Given
from tests.support.lists import AS_OF, applied, apply, of_child, person, send
from tests.support.rosters import NOW
from tests.support.world import id_number

LATER, TODAY = date(2026, 10, 10), date(2026, 10, 12)
WRONG = "派出所导错了县"


def ask(world, batch, role="bureau_staff", reason=WRONG) -> PersonList:
    return list_undo.take_back(world.scope(role), batch.public_id, reason, NOW)


def taken_back(world, batch) -> PersonList:
    ask(world, batch)
    ask(world, batch, "bureau_leader", "")
    run_waiting(NOW)
    batch.refresh_from_db()
    return batch


def codes(refused) -> list[str]:
    return [one.code for one in refused.value.reasons]


def test_two_people_take_a_register_back_and_whom_only_it_knew_is_unlisted(world):
    child = world.pupils[0]
    before = Student.objects.count(), Household.objects.count(), Guardian.objects.count()
    batch = applied(
        world,
        [
            of_child(child, 户籍地址="珊门村1号"),
            person("林小满", 902, 户主="林大山", 户籍地址="某处"),
        ],
    )
    assert Student.objects.filter(name="林小满").exists()
    assert ask(world, batch).undo_reason == WRONG
    assert Student.objects.filter(name="林小满").exists()
    with pytest.raises(NotPossible) as refused:
        ask(world, batch)
    assert codes(refused) == ["second_person"]
    assert ask(world, batch, "bureau_leader").state == "undoing"
    assert ask(world, batch, "bureau_leader").state == "undoing"  # once
    run_waiting(NOW)

    batch.refresh_from_db()
    assert (batch.state, batch.undone_at, batch.undone_by) == (
        "undone", NOW, world.posts["bureau_leader"],
    )  # fmt: skip
    assert (batch.counts["unlisted"], batch.counts["stay"]) == (1, 0)
    assert (Student.objects.count(), Household.objects.count(), Guardian.objects.count()) == before
    child.refresh_from_db()
    assert child.registered_at == ""
    found = batch.entries.order_by("number").values_list("name", "student", "found", "result")
    assert list(found) == [(child.name, None, "", ""), ("林小满", None, "", "")]
    assert last_applied(world.county.pk, "register") is None
    verbs = AuditEvent.objects.filter(subject=f"list:{batch.public_id}").values_list("verb")
    assert {"list.ask_undo", "list.undo"} <= {verb for (verb,) in verbs}


def test_the_right_list_of_the_same_day_can_follow(world):
    taken_back(world, applied(world, [person("林小满", 902)]))
    again = applied(world, [person("林小雨", 904)])
    assert (again.state, again.previous) == ("applied", None)
    assert Student.objects.filter(name__startswith="林小").get().name == "林小雨"


def test_a_child_of_whom_anything_else_is_on_record_stays(world):
    batch = applied(world, [person(f"林{n}", 902 + 2 * n) for n in range(4)])
    tagged, enrolled, parent, gone = Student.objects.filter(name__startswith="林").order_by("name")
    by = world.posts["township_cadre"].pk
    focus.tag([tagged.pk], FocusGroup.ORPHAN, Given("村委会", AS_OF), by, AS_OF)
    stay = world.pupils[0].enrollments.get()
    stay.pk, stay.student = None, enrolled
    stay.save()
    Student.objects.filter(pk=parent.pk).update(household=world.pupils[0].household)
    assert taken_back(world, batch).counts["stay"] == 2
    left = set(Student.objects.filter(name__startswith="林").values_list("name", flat=True))
    assert left == {"林0", "林1"}
    assert Household.objects.filter(pk=world.pupils[0].household_id).exists()
    assert not Household.objects.filter(pk=gone.household_id).exists()


def test_a_round_of_screening_keeps_whom_it_met_and_every_answer(world):
    """The round of the term asks about every child by itself, minutes after the list."""
    batch = applied(world, [person("林小满", 902), person("林小雨", 904), person("林一", 906)])
    screening.open_due(NOW)
    asked = ScreenedChild.objects.filter(student__name="林小雨")
    assert asked.update(found="with_family", answered_at=NOW) == 1
    nobody = ScreenedChild.objects.get(student__name="林一")
    ScreenedChild.objects.filter(pk=nobody.pk).update(found="not_found", answered_at=NOW)
    assert ScreenedChild.objects.filter(student__name="林小满", found="").exists()
    assert taken_back(world, batch).counts["stay"] == 1
    assert Student.objects.filter(name__startswith="林").get().name == "林小雨"
    assert asked.exists()
    nobody.refresh_from_db()
    assert (nobody.student, nobody.found) == (None, "not_found")


def test_whom_another_list_knew_first_stays(world):
    first = applied(world, [person("林小满", 902)])
    second = applied(world, [person("林小满", 902), person("林小雨", 904)], as_of=LATER)
    counts = taken_back(world, second).counts
    assert (counts["unlisted"], counts["stay"]) == (1, 0)
    assert Student.objects.filter(name__startswith="林小").get().name == "林小满"
    assert last_applied(world.county.pk, "register") == first
    taken_back(world, first)
    assert not Student.objects.filter(name__startswith="林小").exists()


def test_what_rests_on_the_list_is_named_and_nothing_changes(world):
    first = applied(world, [person("林小满", 902)])
    PersonEntry.objects.update(result="other", checked_by=world.posts["township_cadre"])
    applied(world, [person("林小满", 902)], as_of=LATER)
    with pytest.raises(NotPossible) as refused:
        ask(world, first)
    assert codes(refused) == ["newer_list", "results"]
    first.refresh_from_db()
    assert (first.state, first.undo_asked_by) == ("applied", None)


def test_what_came_to_rest_on_it_meanwhile_keeps_it(world):
    batch = applied(world, [person("林小满", 902)])
    ask(world, batch)
    ask(world, batch, "bureau_leader")
    batch.entries.update(result="other", checked_by=world.posts["township_cadre"])
    run_waiting(NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.undo_asked_by, batch.undo_reason) == ("applied", None, "")
    assert Student.objects.filter(name="林小满").exists()


def test_a_reason_a_right_and_an_applied_list_are_needed(world):
    batch = send(world, [person("林小满", 902)])
    with pytest.raises(NotPossible) as refused:
        ask(world, batch)
    assert codes(refused) == ["state"]
    apply(world, batch)
    with pytest.raises(RuleBroken) as broken:
        ask(world, batch, reason=" ")
    assert [one.pointer for one in broken.value.reasons] == ["/reason"]
    with pytest.raises(NotPermitted):
        ask(world, batch, "township_leader")


def test_whoever_asked_can_think_again(world):
    batch = applied(world, [person("林小满", 902)])
    ask(world, batch)
    kept = list_undo.keep(world.scope("bureau_staff"), batch.public_id, NOW)
    assert (kept.undo_asked_by, kept.undo_reason) == (None, "")
    assert ask(world, batch, "bureau_leader").state == "applied"  # asks anew


def test_tags_of_the_list_end_and_those_that_it_ended_go_on(world):
    one, two, three = world.pupils[:3]
    by = world.posts["township_cadre"].pk
    focus.tag([three.pk], FocusGroup.POOR, Given("村委会", date(2026, 9, 1)), by, AS_OF)
    applied(world, [of_child(one)], "poverty")
    second = send(world, [of_child(two), of_child(three)], "poverty", LATER)
    apply(world, second)
    apply(world, second, "bureau_leader")
    assert FocusTag.objects.get(student=one).ends_on == date(2026, 10, 9)
    assert taken_back(world, second).counts["tags_ended"] == 1
    ends = dict(FocusTag.objects.values_list("student", "ends_on"))
    assert ends == {one.pk: None, two.pk: TODAY, three.pk: None}


def test_a_child_found_by_the_facts_gets_the_number_that_it_lacked(world):
    child = world.pupils[0]
    adult = Guardian.objects.filter(student=child).first()
    head = adult.name if adult else "林大山"
    if adult is None:
        Guardian.objects.create(student=child, name=head)
    number, here = child.id_number, child.household.address
    Student.objects.filter(pk=child.pk).update(id_number=None, no_id_reason="未办理")
    batch = applied(world, [of_child(child, 公民身份号码=number, 户籍地址=here, 户主=head)])
    entry = batch.entries.get()
    assert (entry.student, entry.found) == (child, "by_facts")
    child.refresh_from_db()
    assert (child.id_number, child.no_id_reason) == (number, "")
    taken_back(world, batch)
    child.refresh_from_db()
    assert (child.id_number, child.no_id_reason) == (None, "未办理")


def test_a_number_that_is_there_is_never_overwritten(world):
    child = world.pupils[0]
    ours = id_number(971)
    Student.objects.filter(pk=child.pk).update(id_number=ours)
    batch = applied(world, [of_child(child)])
    PersonEntry.objects.update(student=child, found="by_hand")
    second = applied(world, [of_child(child)], as_of=LATER)
    assert second.entries.get().student == child
    assert [one.name for one in rows(second, "differing")] == [child.name]
    child.refresh_from_db()
    assert child.id_number == ours
    assert batch.entries.get().gave == {}
