"""The rolls as a duty: raised each school day, met by the last roll, waived, reminded of once."""

from datetime import date, timedelta

import pytest

from agencies.models import Notice, Obligation
from students.models import ClassTeacher, EnrollmentRecord, Term
from students.services import roll_duties, terms
from students.services.terms import TermDates
from tests.support.budgets import counted
from tests.support.clients import browser
from tests.support.rolls import at, take
from tests.support.world import World, pupil, school_class

MONDAY = date(2026, 10, 12)


def rolls(**more):
    return Obligation.objects.filter(kind="roll", **more)


def days_of(school) -> list[date]:
    return sorted(rolls(owed_by=school).values_list("starts_on", flat=True))


def raise_on(day: date, hour: int = 8) -> int:
    return roll_duties.raise_for(day, at(day, hour))


def test_a_school_day_is_owed_once_by_each_school_with_pupils(world: World):
    pupil(world.other_class, "外校生", world.other_village)
    raise_on(MONDAY)
    today = rolls(starts_on=MONDAY)
    assert {row.owed_by for row in today} == {world.school, world.other_school}
    assert {row.due_at for row in today} == {at(MONDAY + timedelta(days=1), 0)}
    before = rolls().count()
    assert raise_on(MONDAY, 9) == 0
    assert rolls().count() == before


def test_nothing_on_holidays_in_vacations_and_on_closed_days(world: World):
    raise_on(date(2026, 9, 24))
    for day in (date(2026, 9, 25), date(2026, 9, 26), date(2027, 2, 1)):
        raise_on(day)
    assert days_of(world.school)[-1] == date(2026, 9, 24)
    raise_on(date(2026, 9, 27))
    assert days_of(world.school)[-1] == date(2026, 9, 24)
    terms.close_day(world.county, date(2026, 9, 28), "台风", at(date(2026, 9, 28)), world.school)
    pupil(world.other_class, "外校生", world.other_village)
    raise_on(date(2026, 9, 28))
    assert days_of(world.school)[-1] == date(2026, 9, 24)
    assert days_of(world.other_school)[-1] == date(2026, 9, 28)


def test_days_that_were_missed_are_caught_up_within_the_term(world: World):
    raise_on(date(2026, 9, 17))
    raise_on(date(2026, 9, 23))
    expected = [date(2026, 9, day) for day in (17, 18, 20, 21, 22, 23)]  # the 20th is worked
    assert days_of(world.school)[-6:] == expected
    assert days_of(world.school)[0] == date(2026, 9, 1)


def test_a_school_that_comes_later_owes_from_then_on(world: World):
    raise_on(MONDAY)
    pupil(world.other_class, "外校生", world.other_village)
    raise_on(MONDAY, 9)
    assert days_of(world.other_school) == [MONDAY]


def test_the_first_day_raised_with_the_term_is_not_raised_twice(world: World):
    Term.objects.all().delete()
    opens = date(2026, 9, 1)
    dates = TermDates(2026, Term.Season.AUTUMN, opens, date(2027, 1, 29))
    terms.open_term(world.county, dates, at(date(2026, 8, 25)))
    raise_on(opens)
    assert days_of(world.school) == [opens]


def test_met_at_the_last_roll_even_when_the_sweep_comes_days_later(world: World):
    beside = school_class(world.school, 7, 4, world.posts["school_leader"])
    pupil(beside, "邻班生", world.village)
    raise_on(date(2026, 10, 9))
    friday = rolls(starts_on=date(2026, 10, 9)).get()
    take(world, date(2026, 10, 9), {}, now=at(date(2026, 10, 9), 9))
    assert roll_duties.follow(at(date(2026, 10, 9), 10)) == 0
    world.school_class = beside
    take(world, date(2026, 10, 9), {}, now=at(date(2026, 10, 9), 11), role="school_leader")
    assert roll_duties.follow(at(MONDAY, 12)) == 1
    friday.refresh_from_db()
    assert (friday.met_at, friday.late) == (at(date(2026, 10, 9), 11), False)
    assert roll_duties.follow(at(MONDAY, 13)) == 0


def test_a_roll_of_yesterday_is_late_and_a_class_not_held_counts(world: World):
    raise_on(date(2026, 9, 3))
    take(world, date(2026, 9, 2), {}, now=at(date(2026, 9, 3), 8))
    take(world, date(2026, 9, 3), {}, now=at(date(2026, 9, 3), 9), state="not_held")
    assert roll_duties.follow(at(date(2026, 9, 3), 10)) == 2
    late = dict(rolls(met_at__isnull=False).values_list("starts_on", "late"))
    assert late == {date(2026, 9, 2): True, date(2026, 9, 3): False}


def test_a_class_without_pupils_is_not_waited_for(world: World):
    school_class(world.school, 1, 1)
    raise_on(date(2026, 9, 1))
    take(world, date(2026, 9, 1), {})
    assert roll_duties.follow(at(date(2026, 9, 1), 9)) == 1


def test_a_day_that_is_closed_afterwards_is_waived(world: World):
    raise_on(date(2026, 9, 2))
    terms.close_day(world.county, date(2026, 9, 2), "台风", at(date(2026, 9, 2)))
    assert roll_duties.follow(at(date(2026, 9, 2), 9)) == 0
    assert rolls(waived_at__isnull=False).get().waived_because == "台风"
    assert rolls(waived_at__isnull=False).get().starts_on == date(2026, 9, 2)
    assert raise_on(date(2026, 9, 2)) == 0
    assert roll_duties.follow(at(date(2026, 9, 2), 10)) == 0


def test_the_class_teacher_is_reminded_once_from_the_set_hour_on(world: World):
    assert roll_duties.remind(at(MONDAY, 9)) == 0
    assert roll_duties.remind(at(MONDAY, 10)) == 1
    assert roll_duties.remind(at(MONDAY, 11)) == 0
    told = Notice.objects.get()
    assert (told.kind, told.post, told.agency) == ("roll_missing", world.posts["teacher"], None)
    assert told.dedupe == f"roll:{world.school_class.pk}:2026-10-12"
    assert told.href == f"/classes/{world.school_class.public_id}/roll/2026-10-12/"
    assert world.pupils[0].name not in str(told.params)


def test_who_has_called_is_left_alone_and_nobody_is_told_on_a_day_off(world: World):
    take(world, MONDAY, {})
    assert roll_duties.remind(at(MONDAY, 12)) == 0
    assert roll_duties.remind(at(date(2026, 10, 11), 12)) == 0


def test_without_a_class_teacher_the_school_is_told(world: World):
    ClassTeacher.objects.all().delete()
    assert roll_duties.remind(at(MONDAY, 12)) == 1
    assert Notice.objects.get().agency == world.school


def test_a_morning_costs_the_same_for_more_classes(world: World):
    raise_on(MONDAY)
    counts = []
    for number in (4, 5):
        for nth in range(number):
            pupil(
                school_class(world.school, 8, number * 10 + nth), f"新{number}{nth}", world.village
            )
        tuesday = MONDAY + timedelta(days=number - 3)
        with counted() as statements:
            raise_on(tuesday)
            roll_duties.follow(at(tuesday, 12))
            roll_duties.remind(at(tuesday, 12))
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("hour", "tone"), [("08:00", "calm"), ("10:00", "warn"), ("16:30", "late")]
)
def test_the_school_leader_sees_missing_rolls_first(world: World, clock, hour, tone):
    clock(f"2026-10-12T{hour}:00+08:00")
    leader = browser(world, "school_leader")
    for path in ("/cases/", "/rolls/"):
        page = leader.get(path).content.decode()
        assert f"kc-missing-{tone}" in page
        assert f"/classes/{world.school_class.public_id}/roll/2026-10-12/" in page
        assert "earlier rolls are missing" in page
    take(world, MONDAY, {})
    page = leader.get("/cases/").content.decode()
    assert "All rolls of today are in" in page
    assert "kc-missing" not in browser(world, "township_cadre").get("/cases/").content.decode()


def test_a_school_that_has_called_everything_sees_no_block(world: World, clock):
    EnrollmentRecord.objects.update(starts_on=MONDAY)
    Term.objects.update(starts_on=MONDAY)
    take(world, MONDAY, {})
    assert "kc-missing" not in browser(world, "school_leader").get("/cases/").content.decode()


def test_a_school_without_pupils_owes_nothing_once_the_day_is_over(world: World):
    Term.objects.filter(pk=world.term.pk).delete()
    dates = TermDates(2026, "autumn", date(2026, 9, 1), date(2027, 1, 29))
    terms.open_term(world.county, dates, at(date(2026, 8, 25)))
    assert rolls(owed_by=world.other_school).count() == 1
    roll_duties.follow(at(date(2026, 9, 1), 20))
    assert rolls().open().count() == 3  # the roster may still come in today
    roll_duties.follow(at(date(2026, 9, 2), 0))
    assert {row.owed_by for row in rolls().open()} == {world.school}
