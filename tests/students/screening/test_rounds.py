"""Rounds open by themselves, follow the children, are owed by townships; results, strangers."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation
from students.models import (
    FocusTag,
    Household,
    ScreenedChild,
    ScreeningResult,
    ScreeningRound,
    ScreeningTask,
    Student,
    Term,
)
from students.queries import screening as lists
from students.rules.focus import FocusGroup
from students.services import (
    focus,
    screening,
    screening_duties,
    screening_results,
    screening_tasks,
)
from students.services.screening_results import Answer, Stranger
from tests.support.rolls import at
from tests.support.world import World, id_number, pupil

OPENS, TODAY = date(2026, 9, 1), date(2026, 10, 12)
NAMES = UUID("6f1a6a2e-0f5a-4a0e-9a52-000000000001")


def opened(world: World) -> ScreeningRound:
    screening.open_due(at(TODAY))
    return ScreeningRound.objects.get(kind="autumn")


def special(world: World, **focus_of: object) -> ScreeningRound:
    given = screening.Given("冬季控辍重点核查", **focus_of)  # type: ignore[arg-type]
    return screening.open_special(world.scope("bureau_staff"), given, at(TODAY))


def answer(world: World, row: ScreeningRound, child: Student, found: str, **more) -> ScreenedChild:
    sent = Answer(more.get("client_id", uuid4()), child.public_id, found, more.get("note", ""))
    moment = more.get("now", at(TODAY, 10))
    return screening_results.record(
        world.scope(more.get("role", "village_cadre")), row.pk, sent, moment
    )


def owed() -> list[Obligation]:
    return list(Obligation.objects.filter(kind="screening").order_by("region_path"))


def test_the_autumn_round_opens_with_the_term_and_once(world: World):
    assert screening.open_due(at(date(2026, 8, 31), 23)) == 0
    assert screening.open_due(at(OPENS, 0)) == 1 + 6
    assert screening.open_due(at(OPENS, 1)) == 0
    row = ScreeningRound.objects.get()
    assert (row.kind, row.opens_on, row.term, row.opened_by) == ("autumn", OPENS, world.term, None)
    assert "2026-2027" in row.title
    (duty,) = owed()
    assert (duty.owed_by, duty.owed_to, duty.clause) == (world.town_hall, world.bureau, "S1-48")
    assert duty.due_on == date(2026, 9, 15)  # ten working days
    assert duty.href == f"/screenings/{row.public_id}/townships/{world.township.code}/"


def test_a_new_term_closes_the_round_of_the_last(world: World):
    first = opened(world)
    Term.objects.create(
        county=world.county,
        school_year=2026,
        season="spring",
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 6, 30),
    )
    screening.open_due(at(date(2027, 3, 1)))
    first.refresh_from_db()
    assert first.closed_at == at(date(2027, 3, 1))
    assert ScreeningRound.objects.get(closed_at=None).kind == "spring"
    assert owed()[0].waived_because == "the round is closed"


def test_it_asks_about_children_of_school_age_who_live_there(world: World):
    gone, grown, small, merged = world.pupils[:4]
    Student.objects.filter(pk=gone.pk).update(died_on=OPENS)
    Student.objects.filter(pk=grown.pk).update(completed_on=date(2026, 6, 30))
    Student.objects.filter(pk=small.pk).update(born_on=date(2020, 9, 1))
    Student.objects.filter(pk=merged.pk).update(merged_into=world.pupils[4])
    Student.objects.filter(pk=world.pupils[5].pk).update(born_on=date(2009, 1, 1))
    row = opened(world)
    asked = set(row.children.values_list("student", flat=True))
    assert asked == {world.pupils[4].pk, world.pupils[5].pk}


def test_who_moves_or_comes_is_followed_until_somebody_has_asked(world: World):
    row = opened(world)
    answer(world, row, world.pupils[1], "in_school")
    homes = Household.objects.filter(members__in=world.pupils[:2])
    homes.update(region=world.other_village)
    late = pupil(world.other_class, "新来的", world.other_village)
    assert screening.open_due(at(TODAY, 11)) == 3  # one off, one on, the new one on
    places = dict(row.children.values_list("student", "village"))
    assert places[world.pupils[0].pk] == places[late.pk] == world.other_village.pk
    assert places[world.pupils[1].pk] == world.village.pk
    assert [duty.owed_by for duty in owed()] == [world.town_hall, world.other_town_hall]


def test_tasks_go_to_the_cadre_of_the_village_or_of_the_township(world: World):
    pupil(world.other_class, "林小雨", world.other_village)
    row = opened(world)
    posts = dict(ScreeningTask.objects.filter(round=row).values_list("village", "post"))
    assert posts == {
        world.village.pk: world.posts["village_cadre"].pk,
        world.other_village.pk: world.posts["other_cadre"].pk,
    }


def test_a_township_gives_a_group_of_houses_to_somebody_else(world: World):
    row = opened(world)
    town, cadre = world.scope("township_cadre"), world.posts["township_cadre"]
    Household.objects.filter(members=world.pupils[0]).update(address="城南村3组1号")
    screening_tasks.assign(town, row, world.village, " 3组 ", cadre, at(TODAY))
    found = lists.lines(world.scope("village_cadre"), row, world.village)
    assert sorted({line.houses for line in found}) == ["", "3组"]
    assert [line.student_pk for line in found if line.houses] == [world.pupils[0].pk]
    with pytest.raises(NotPermitted):
        screening_tasks.assign(
            world.scope("village_cadre"), row, world.village, "4组", cadre, at(TODAY)
        )
    elsewhere = world.posts["other_cadre"]
    with pytest.raises(RuleBroken):
        screening_tasks.assign(town, row, world.village, "", elsewhere, at(TODAY))
    screening_tasks.assign(town, row, world.village, "3组", None, at(TODAY))
    with pytest.raises(RuleBroken):
        screening_tasks.assign(town, row, world.village, "", None, at(TODAY))
    assert ScreeningTask.objects.filter(round=row).count() == 1


@pytest.mark.parametrize(
    ("focus_of", "expected"),
    [
        ({}, 6),
        ({"stage": "junior"}, 6),
        ({"groups": ("poor",)}, 1),
        ({"groups": ("poor", "orphan")}, 2),
        ({"areas": ("township",)}, 6),
        ({"areas": ("village",), "groups": ("poor",)}, 1),
    ],
)
def test_a_special_round_asks_whom_its_focus_names(world: World, focus_of: dict, expected: int):
    by = world.posts["bureau_staff"].pk
    for group, child in ((FocusGroup.POOR, 0), (FocusGroup.ORPHAN, 1)):
        ids = [world.pupils[child].pk]
        focus.tag(ids, group, focus.Given("名单", OPENS), by, TODAY)
    places = {"township": world.township.code, "village": world.village.code}
    if "areas" in focus_of:
        focus_of = {**focus_of, "areas": tuple(places[one] for one in focus_of["areas"])}
    assert special(world, **focus_of).children.count() == expected


@pytest.mark.parametrize(
    ("focus_of", "code"),
    [
        ({"stage": "senior"}, "stage"),
        ({"groups": ("rich",)}, "group"),
        ({"areas": ("110101001000",)}, "area"),
        ({"stage": "primary"}, "nobody"),
    ],
)
def test_a_focus_that_names_nobody_is_refused_and_leaves_nothing(world, focus_of, code):
    with pytest.raises(RuleBroken) as refused:
        special(world, **focus_of)
    assert refused.value.reasons[0].code == code


def test_only_the_bureau_opens_a_special_round(world: World):
    with pytest.raises(NotPermitted):
        screening.open_special(world.scope("township_leader"), screening.Given("x"), at(TODAY))


def test_a_township_has_met_it_with_its_last_result(world: World):
    row = opened(world)
    for hour, child in enumerate(world.pupils[:5], 9):
        answer(world, row, child, "in_school", now=at(TODAY, hour))
    assert screening_duties.follow(at(TODAY, 15)) == 0
    answer(world, row, world.pupils[5], "with_family", now=at(TODAY, 16))
    assert screening_duties.follow(at(TODAY, 20)) == 1
    (duty,) = owed()
    assert (duty.met_at, duty.late) == (at(TODAY, 16), False)


def test_a_phone_may_send_twice_and_late(world: World):
    row, child, sent = opened(world), world.pupils[0], uuid4()
    answer(world, row, child, "not_found", client_id=sent, note="门锁着")
    answer(world, row, child, "in_school")
    answer(world, row, child, "not_found", client_id=sent, note="门锁着")  # the phone again
    found = row.children.get(student=child)
    assert (found.found, found.note) == ("in_school", "")
    assert ScreeningResult.objects.filter(child=found).count() == 2


def test_what_a_phone_sent_in_another_round_is_another_answer(world: World):
    """A sender that numbers its answers anew in each round loses none and is shown no other's."""
    before, child, sent = opened(world), world.pupils[0], uuid4()
    answer(world, before, child, "not_found", client_id=sent)
    screening_results.add(
        world.scope("village_cadre"), before, world.village, stranger(client_id=NAMES), at(TODAY)
    )
    row = special(world)
    answer(world, row, child, "in_school", client_id=sent)
    assert row.children.get(student=child).found == "in_school"
    told = stranger(client_id=NAMES, name="林小雪", born_on=date(2016, 3, 15))
    found = screening_results.add(
        world.scope("village_cadre"), row, world.village, told, at(TODAY, 11)
    )
    assert (found.round, found.student.name) == (row, "林小雪")


def test_only_who_answers_for_the_village_records(world: World):
    row = opened(world)
    with pytest.raises(NotVisible):
        answer(world, row, world.pupils[0], "in_school", role="other_cadre")
    with pytest.raises(NotPermitted):
        answer(world, row, world.pupils[0], "in_school", role="teacher")
    with pytest.raises(RuleBroken):
        answer(world, row, world.pupils[0], "moved_in")
    screening.close(world.scope("bureau_staff"), row.pk, at(TODAY))
    with pytest.raises(NotPossible):
        answer(world, row, world.pupils[0], "in_school")
    assert not ScreeningResult.objects.exists()


def stranger(**changed) -> Stranger:
    told = {
        "client_id": uuid4(),
        "name": "林小雨",
        "sex": "1",
        "born_on": date(2015, 3, 15),
        "address": "城南村9号",
        "guardian": "林大山",
        "relation": "父亲",
        "phone": "13800001111",
        "no_id_reason": "未落户",
    }
    return Stranger(**{**told, **changed})


def test_a_child_that_nobody_knew_becomes_ours_from_that_day(world: World):
    row, told = opened(world), stranger()
    cadre = world.scope("village_cadre")
    for _again in range(2):
        found = screening_results.add(cadre, row, world.village, told, at(TODAY))
    child = Student.objects.get(name="林小雨")
    assert (child.known_since, child.household.region) == (TODAY, world.village)
    assert (child.no_id_reason, child.guardians.get().name) == ("未落户", "林大山")
    assert (found.student, found.found) == (child, "moved_in")
    assert ScreeningResult.objects.count() == 1
    assert screening.fit(row.pk, TODAY, at(TODAY)) == 0


def test_a_known_number_enters_nobody_and_answers_the_other_village(world: World):
    row, known = opened(world), world.pupils[0]
    told = stranger(
        name="张梓涵",
        sex=known.sex,
        born_on=known.born_on,
        id_number=known.id_number.lower(),
    )
    found = screening_results.add(
        world.scope("other_cadre"), row, world.other_village, told, at(TODAY)
    )
    assert (found.student, found.village, found.found) == (known, world.village, "moved_in")
    assert found.note == f"{world.other_township.name}{world.other_village.name}"
    assert Student.objects.count() == 6
    here = replace(told, client_id=uuid4())
    with pytest.raises(RuleBroken) as refused:
        screening_results.add(world.scope("village_cadre"), row, world.village, here, at(TODAY))
    assert refused.value.reasons[0].code == "listed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "name"),
        ({"sex": "9"}, "sex"),
        ({"no_id_reason": ""}, "no_number"),
        ({"id_number": "330328201503150125"}, "id_number"),
        ({"id_number": "330328201503150124", "sex": "1"}, "number_differs"),
        ({"id_number": id_number(7)}, "number_differs"),
        ({"born_on": date(2026, 12, 1)}, "born_on"),
        ({"born_on": date(1990, 1, 1)}, "born_on"),
        ({"name": "张梓涵", "born_on": date(2013, 5, 4)}, "alike"),
    ],
)
def test_what_is_told_must_be_possible(world: World, changed: dict, code: str):
    row = opened(world)
    with pytest.raises(RuleBroken) as refused:
        screening_results.add(
            world.scope("village_cadre"), row, world.village, stranger(**changed), at(TODAY)
        )
    assert refused.value.reasons[0].code == code
    assert Student.objects.count() == 6


def test_the_same_name_and_birth_once_more_is_another_child_when_said_so(world: World):
    row = opened(world)
    told = stranger(name="张梓涵", born_on=date(2013, 5, 4), sure=True)
    screening_results.add(world.scope("village_cadre"), row, world.village, told, at(TODAY))
    assert Student.objects.filter(name="张梓涵").count() == 2


def test_tags_are_not_shown_to_whom_they_do_not_concern(world: World):
    row = opened(world)
    by = world.posts["bureau_staff"].pk
    for group in (FocusGroup.PARENT_PRISON, FocusGroup.LEFT_BEHIND_BOTH):
        focus.tag([world.pupils[0].pk], group, focus.Given("名单", OPENS), by, TODAY)
    assert FocusTag.objects.count() == 2

    def seen(role: str) -> list[list[str]]:
        scope = world.scope(role)
        shown = lists.shown(scope, lists.lines(scope, row, world.village))
        return [one.groups for one in shown if one.student == world.pupils[0]]

    assert seen("village_cadre") == [["left_behind_both"]]
    assert seen("township_cadre") == [["left_behind_both", "parent_prison"]]
