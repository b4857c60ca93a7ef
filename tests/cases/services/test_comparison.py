"""Rows of a register get their results, and what is owed for them is met by the records."""

from datetime import UTC, date, datetime

import pytest

from agencies.errors import Conflict, NotPermitted, NotVisible, RuleBroken
from agencies.models import Agency, Obligation
from cases.models import Case
from cases.queries.comparison import by_township, counts
from cases.services import comparison
from students.access import entries_for
from students.models import (
    PersonList,
    Placement,
    Student,
)
from students.rules.person_list import Result
from tests.cases.services.register import BORN, NOW, TODAY, applied, duty, give, of
from tests.support.clients import api, browser
from tests.support.registers import register, row, row_of
from tests.support.world import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(world) -> PersonList:
    return applied(world)


def test_children_that_nobody_knew_are_entered_and_have_to_be_checked(world, batch):
    child = of(batch, "孔令远").student
    assert child.known_since == batch.as_of
    assert (child.household.region, child.guardians.get().name) == (world.village, "孔德")
    found = counts(entries_for(world.scope("bureau_staff"), batch))
    assert (found.total, found.to_check, found.results[Result.IN_SCHOOL]) == (5, 3, 2)


def test_the_classes_add_up_to_the_rows_whatever_happens(world, batch):
    give(world, batch, "孔令远", Result.OTHER)
    give(world, batch, "温小雨", Result.REGISTER_ERROR, "other_cadre")
    rows = entries_for(world.scope("bureau_staff"), batch)
    places = by_township(rows)
    assert sum(counts(rows).results.values()) == rows.count() == batch.entries.count()
    assert sum(one.counts.total for one in places) == batch.entries.count()
    assert [one.name for one in places] == ["", world.township.name, world.other_township.name]


def test_a_township_checks_its_own_rows(world, batch):
    rows = entries_for(world.scope("township_cadre"), batch)
    assert {one.name for one in rows} == {"孔令远", *(p.name for p in world.pupils[:2])}
    with pytest.raises(NotVisible):
        give(world, batch, "温小雨", Result.OTHER)
    with pytest.raises(NotVisible):
        give(world, batch, "游无名", Result.OTHER)
    with pytest.raises(NotPermitted):
        give(world, batch, "孔令远", Result.OTHER, "teacher")


def test_nothing_in_writing_is_no_result(world, batch):
    with pytest.raises(RuleBroken) as refused:
        give(world, batch, "孔令远", Result.OTHER, note=" ")
    assert [one.pointer for one in refused.value.reasons] == ["/note"]
    assert of(batch, "孔令远").result == ""


def test_each_township_owes_its_rows_until_the_last_has_a_result(world, batch):
    owed = duty(batch, "list_check", world.town_hall)
    assert (owed.owed_to, owed.due_on) == (world.bureau, date(2026, 10, 27))
    assert Obligation.objects.filter(kind="list_check").count() == 3  # two townships, the bureau
    assert "孔" not in owed.subject
    give(world, batch, "孔令远", Result.OTHER)
    later = datetime(2026, 11, 30, 1, tzinfo=UTC)
    comparison.follow(later.date(), later)
    owed.refresh_from_db()
    assert (owed.met_at, owed.late) == (NOW, False)  # at the moment of the last result
    other = duty(batch, "list_check", world.other_town_hall)
    assert other.met_at is None


def test_a_newer_register_takes_over(world, batch):
    newer = register(
        world, PersonList.State.APPLIED, as_of=date(2026, 9, 30), applied_at=NOW, previous=batch
    )
    row(newer, name="孔令远", born_on=BORN, sex="1", region=world.village)
    comparison.follow(TODAY, NOW)
    old = Obligation.objects.filter(key__contains=str(batch.public_id))
    assert all(one.waived_at for one in old)
    assert Obligation.objects.open().get(kind="list_check").owed_by == world.town_hall


def test_a_register_that_is_taken_back_gives_the_work_back_to_the_one_before(world, batch):
    newer = register(
        world, PersonList.State.APPLIED, as_of=date(2026, 9, 30), applied_at=NOW, previous=batch
    )
    row(newer, name="孔令远", born_on=BORN, sex="1", region=world.village)
    comparison.follow(TODAY, NOW)
    PersonList.objects.filter(pk=newer.pk).update(state=PersonList.State.UNDONE)
    comparison.follow(TODAY, NOW)
    owed = Obligation.objects.filter(kind="list_check")
    gone = owed.get(key__contains=str(newer.public_id))
    assert (gone.waived_at, gone.waived_because) == (NOW, "the list was taken back")
    assert owed.open().filter(key__contains=str(batch.public_id)).count() == 3
    PersonList.objects.filter(pk=batch.pk).update(state=PersonList.State.UNDONE)
    comparison.follow(TODAY, NOW)
    assert not owed.open().exists()


def test_out_of_school_opens_a_case(world, batch):
    give(world, batch, "孔令远", Result.OUT_OF_SCHOOL, on=date(2026, 9, 1))
    case = Case.objects.get()
    assert case.student == of(batch, "孔令远").student
    assert (case.current.origin, case.current.trigger_date) == (
        "never_enrolled",
        date(2026, 9, 1),
    )


def test_away_and_not_reached_is_whereabouts_unknown_and_opens_a_case(world, batch):
    give(world, batch, "孔令远", Result.OTHER, on=date(2026, 9, 10))
    episode = Case.objects.get().current
    assert (episode.origin, episode.trigger_date) == ("whereabouts_unknown", date(2026, 9, 10))
    give(world, batch, "孔令远", Result.OUT_OF_SCHOOL)  # the one case goes on
    assert Case.objects.get().current == episode
    give(world, batch, world.pupils[0].name, Result.OTHER)  # on a roster: its school answers
    assert Case.objects.count() == 1


def test_a_fault_of_the_register_is_followed_up_by_the_police(world, batch):
    entry = give(world, batch, "孔令远", Result.REGISTER_ERROR)
    owed = duty(batch, "list_follow")
    assert owed.owed_by == Agency.objects.get(kind="police")
    assert owed.subject == f"2026-08-31 #{entry.number}"
    newer = register(world, PersonList.State.APPLIED, as_of=date(2026, 9, 30), previous=batch)
    row(newer, name="孔令远", change="gone", previous=entry)
    comparison.follow(TODAY, NOW)
    owed.refresh_from_db()
    assert owed.met_at == NOW


def test_a_number_that_differs_is_a_question_and_its_fault_is_met_when_the_records_agree(
    world, batch
):
    child = world.pupils[0]
    entry, ours = of(batch, child.name), child.id_number
    Student.objects.filter(pk=child.pk).update(id_number=id_number(977))
    rows = entries_for(world.scope("township_cadre"), batch)
    assert rows.differing().get() == entry
    give(world, batch, child.name, Result.REGISTER_ERROR)
    assert not rows.differing().exists()  # the police are asked
    comparison.follow(TODAY, NOW)
    assert duty(batch, "list_follow").met_at is None
    Student.objects.filter(pk=child.pk).update(id_number=ours)  # it was our record
    comparison.follow(TODAY, NOW)
    assert duty(batch, "list_follow").met_at == NOW


def test_a_fault_that_is_no_number_is_not_met_because_the_numbers_agree(world, batch):
    give(world, batch, world.pupils[0].name, Result.REGISTER_ERROR, note="双重户籍")
    comparison.follow(TODAY, NOW)
    assert duty(batch, "list_follow").met_at is None


def test_the_police_put_sex_birth_or_address_right_and_owe_nothing_more(world, batch):
    staff, entry = api(world, "bureau_staff"), of(batch, "孔令远")
    address = f"/api/v1/comparisons/{batch.public_id}/rows/{entry.public_id}/correction/"
    sent = {"correction": "性别已更正，文公户字12号", "corrected_on": "2026-10-12"}

    def answer(**changed) -> int:
        return staff.post(address, sent | changed, format="json").status_code

    assert answer() == 409  # no fault of the register yet
    give(world, batch, "孔令远", Result.REGISTER_ERROR, note="性别登记错误")
    assert [answer(correction=" "), answer(corrected_on="2026-10-13")] == [400, 422]
    assert duty(batch, "list_follow").met_at is None
    assert answer() == 200
    assert duty(batch, "list_follow").met_at is not None
    page = browser(world, "township_cadre").get(
        f"/lists/{batch.public_id}/comparison/{entry.public_id}/"
    )
    assert "文公户字12号" in page.content.decode()
    give(world, batch, "孔令远", Result.OTHER)
    assert of(batch, "孔令远").corrected_on is None


def test_a_correction_without_words_keeps_what_was_typed(world, batch):
    entry = give(world, batch, "孔令远", Result.REGISTER_ERROR)
    address = f"/lists/{batch.public_id}/comparison/{entry.public_id}/correct/"
    cadre, sent = browser(world, "township_cadre"), {"corrected_on": "2026-10-12"}
    refused = cadre.post(address, sent)
    assert refused.status_code == 422
    assert "2026-10-12" in refused.content.decode()
    early = cadre.post(address, {"correction": "地址已更正", "corrected_on": "2026-08-30"})
    assert early.status_code == 422
    assert cadre.post(address, sent | {"correction": "地址已更正"}).status_code == 302
    assert duty(batch, "list_follow").met_at is not None


def test_a_child_that_cannot_attend_is_followed_up_until_its_placement_stands(world, batch):
    entry = give(world, batch, "孔令远", Result.UNABLE)
    owed = duty(batch, "list_follow")
    assert owed.owed_by == world.town_hall
    comparison.follow(TODAY, NOW)
    assert Obligation.objects.open().filter(pk=owed.pk).exists()
    Placement.objects.create(
        county=world.county,
        student=entry.student,
        kind="deferral",
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 8, 31),
        proof="县医院证明",
        approved_by=world.posts["bureau_leader"],
    )
    comparison.follow(TODAY, NOW)
    owed.refresh_from_db()
    assert owed.met_at == NOW


def test_another_result_ends_what_the_first_had_asked_for(world, batch):
    give(world, batch, "孔令远", Result.SAME_PROVINCE)
    assert duty(batch, "list_follow").owed_by == world.bureau
    give(world, batch, "孔令远", Result.OTHER)
    assert duty(batch, "list_follow").waived_at == NOW


def test_the_dead_and_those_who_completed_elsewhere_are_recorded_by_the_bureau(world, batch):
    with pytest.raises(RuleBroken) as refused:
        give(world, batch, "孔令远", Result.REGISTER_ERROR, "village_cadre", on=date(2026, 9, 9))
    assert [one.code for one in refused.value.reasons] == ["bureau_records"]
    give(world, batch, "孔令远", Result.REGISTER_ERROR, "bureau_staff", on=date(2026, 9, 9))
    child = of(batch, "孔令远").student
    assert child.died_on == date(2026, 9, 9)
    grown = of(batch, "温小雨").student
    type(grown).objects.filter(pk=grown.pk).update(born_on=date(2009, 1, 1))
    with pytest.raises(RuleBroken):
        give(world, batch, "温小雨", Result.PAST_AGE, "other_cadre", on=date(2025, 6, 20))
    give(world, batch, "温小雨", Result.PAST_AGE, "bureau_staff", on=date(2025, 6, 20))
    grown.refresh_from_db()
    assert grown.completed_on == date(2025, 6, 20)
    with pytest.raises(RuleBroken):
        give(world, batch, "游无名", Result.OTHER, "bureau_staff", on=date(2026, 12, 1))


def test_a_row_says_what_was_found_on_the_list_before(world, batch):
    give(world, batch, "孔令远", Result.SAME_PROVINCE, note="瑞安塘下小学在读")
    applied = PersonList.State.APPLIED
    between, newest = (
        register(world, applied, as_of=date(2026, 9, day), applied_at=NOW) for day in (15, 30)
    )
    silent = row(between, name="孔令远", born_on=BORN, previous=of(batch, "孔令远"))
    entry = row(newest, name="孔令远", born_on=BORN, region=world.village, previous=silent)
    url = f"/lists/{newest.public_id}/comparison/{entry.public_id}/"
    page = browser(world, "township_cadre").get(url).content.decode()
    assert "瑞安塘下小学在读" in page
    assert f"On the list of {batch.as_of}:" in page


def test_a_row_that_means_a_pupil_has_its_result_at_once(world, batch):
    scope, (pupil, away) = world.scope("township_cadre"), world.pupils[2:4]
    away.enrollments.update(ends_on=date(2026, 9, 30))
    rows = [row_of(batch, one, name="郑和平", id_number="") for one in (pupil, away)]
    made = comparison.join(scope, batch, rows[0].public_id, pupil.public_id, NOW)
    assert (made.student, made.result, made.checked_at) == (pupil, Result.IN_SCHOOL, NOW)
    made = comparison.join(scope, batch, rows[1].public_id, away.public_id, NOW)
    assert (made.student, made.result) == (away, "")  # a person has to find out
    assert of(batch, "温小雨").result == ""


def test_who_looked_before_another_person_decided_is_told_and_changes_nothing(world, batch):
    seen = comparison.version_of(of(batch, "孔令远"))
    give(world, batch, "孔令远", "same_province", seen=seen)
    with pytest.raises(Conflict) as refused:
        give(world, batch, "孔令远", "out_of_school", seen=seen)
    assert [one.code for one in refused.value.reasons] == ["meanwhile"]
    assert of(batch, "孔令远").result == "same_province"
    assert not Case.objects.exists()


@pytest.mark.parametrize("result", ["register_error", "out_of_school", "other"])
def test_nothing_happened_to_a_child_before_its_birth(world, batch, result):
    with pytest.raises(RuleBroken) as refused:
        give(world, batch, "孔令远", result, on=date(2015, 3, 1))
    assert [one.code for one in refused.value.reasons] == ["before_birth"]
    assert of(batch, "孔令远").result == ""


def test_a_row_without_a_child_can_only_be_a_fault(world, batch):
    entry = row(batch, name="谁", change="error", region=world.village)
    with pytest.raises(RuleBroken) as refused:
        give(world, batch, entry.name, Result.OTHER)
    assert [one.code for one in refused.value.reasons] == ["no_child"]
    give(world, batch, entry.name, Result.REGISTER_ERROR)
