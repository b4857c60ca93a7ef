"""The county of tests/support/world.py with a spring before its autumn: rosters, zones, transfers.

大峃镇实验学校 (grades 1-9) ended spring 2026 with 6(3): 张 李 王 刘 陈 单, promoted to 7(3) by the
fixture's rosters of 2026-09-01, and 9(1): one who has finished. 大峃镇第二小学 ends with grade 6:
its two leave for the junior school of their homes.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from agencies.models import Agency, Region
from students.models import (
    Catchment,
    EnrollmentRecord,
    Household,
    Placement,
    SchoolClass,
    Student,
    Term,
    Transfer,
)
from tests.support.world import World, id_number, pupil

SPRING_OPENS, SPRING_ENDS = date(2026, 2, 24), date(2026, 6, 30)
OPENS = date(2026, 9, 1)


@dataclass
class Autumn:
    world: World
    spring: Term
    old_class: SchoolClass
    children: dict[str, Student] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Student:
        return self.children[name]


def old_class(school: Agency, grade: int, number: int) -> SchoolClass:
    return SchoolClass.objects.create(
        county=school.county, school=school, school_year=2025, grade=grade, number=number
    )


def zone(region: Region, school: Agency, grade: int) -> Catchment:
    return Catchment.objects.create(
        county=school.county,
        region=region,
        school=school,
        grade=grade,
        starts_on=date(2020, 9, 1),
    )


def was_in(child: Student, school_class: SchoolClass, until: date | None = SPRING_ENDS) -> None:
    """On the roster of a class of the last school year."""
    EnrollmentRecord.objects.create(
        county=child.county,
        student=child,
        school=school_class.school,
        school_class=school_class,
        starts_on=date(2025, 9, 1),
        ends_on=until,
    )


def born(name: str, on: date, home: Region) -> Student:
    """A child that was never enrolled."""
    serial = Student.objects.count() + 1
    household = Household.objects.create(county=home.county, region=home, address=home.name)
    return Student.objects.create(
        county=home.county,
        household=household,
        name=name,
        sex=Student.Sex.FEMALE,
        born_on=on,
        id_number=id_number(serial, on),
    )


def old_pupil(name: str, school_class: SchoolClass, home: Region) -> Student:
    """On a roster of spring, on none of autumn."""
    child = born(name, date(2014, 1, 15), home)
    was_in(child, school_class, None)
    return child


def transfer(child: Student, school: Agency, asked: date, confirmed: date | None = None) -> None:
    Transfer.objects.create(
        county=child.county,
        student=child,
        school=school,
        asked_on=asked,
        to="温州某校",
        confirmed_on=confirmed,
        proof="接收函" if confirmed else "",
    )


def placement(child: Student, post: object, starts: date = date(2026, 8, 20), days: int = 60):
    return Placement.objects.create(
        county=child.county,
        student=child,
        kind="hospital",
        starts_on=starts,
        ends_on=starts + timedelta(days=days),
        proof="诊断书",
        approved_by=post,
    )


def autumn(world: World) -> Autumn:
    """See the head of this file. Zones: the township of 大峃 for both grades, its village for 7."""
    spring = Term.objects.create(
        county=world.county,
        school_year=2025,
        season=Term.Season.SPRING,
        starts_on=SPRING_OPENS,
        ends_on=SPRING_ENDS,
    )
    Agency.objects.filter(pk=world.second_school.pk).update(last_grade=6)
    world.second_school.refresh_from_db()
    zone(world.township, world.second_school, 1)
    zone(world.township, world.other_school, 7)
    zone(world.village, world.school, 7)
    made = Autumn(world, spring, old_class(world.school, 6, 3))
    for child in world.pupils:
        was_in(child, made.old_class)
    ninth = old_class(world.school, 9, 1)
    sixth = old_class(world.second_school, 6, 1)
    second = old_class(world.second_school, 2, 1)
    town = Region.objects.filter(parent=world.township).order_by("code")[1]
    made.children = {
        "finished": old_pupil("毕业生", ninth, world.village),
        "from_sixth": old_pupil("升学甲", sixth, world.village),  # village row: 实验学校
        "from_sixth_town": old_pupil("升学乙", sixth, town),  # township row: 百丈漈
        "from_sixth_nowhere": old_pupil("升学丙", sixth, world.other_village),  # no zone
        "third": old_pupil("三年级", second, world.village),
        "entrant": born("新生甲", date(2020, 8, 31), world.village),
        "too_young": born("幼儿", date(2020, 9, 1), world.village),
        "older": born("大龄", date(2016, 5, 5), world.village),
        "no_zone": born("新生乙", date(2020, 5, 5), world.other_village),
        "lives_here": pupil(world.school_class, "转入生", world.other_village),
    }
    return made
