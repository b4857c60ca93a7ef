"""The cast of the tests: a small county on the real divisions of 文成县.

Two townships (大峃镇 with two schools, 百丈漈镇 with one), one post for each position, three
classes with pupils. Autumn term 2026 opened on Tuesday 2026-09-01.
"""

import io
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date

from django.core.management import call_command

from agencies.access import scope_of
from agencies.models import Agency, Post, Region, User
from agencies.rules.duties import AgencyKind, Position
from agencies.rules.scope import Scope
from agencies.services import posts
from students.models import (
    ClassTeacher,
    EnrollmentRecord,
    Guardian,
    Household,
    SchoolClass,
    Student,
    Term,
)
from students.rules.identity import check_character
from students.rules.names import search_keys
from tests.support.kept import KEPT, put_back

START = date(2019, 9, 1)
TERM_OPENS = date(2026, 9, 1)
PASSWORD = "a-password-for-tests"


@dataclass
class World:
    county: Region
    township: Region
    village: Region
    other_township: Region
    other_village: Region
    term: Term
    bureau: Agency
    town_hall: Agency
    other_town_hall: Agency
    village_committee: Agency
    school: Agency
    second_school: Agency
    other_school: Agency
    school_class: SchoolClass = None  # type: ignore[assignment]
    second_class: SchoolClass = None  # type: ignore[assignment]
    other_class: SchoolClass = None  # type: ignore[assignment]
    posts: dict[str, Post] = field(default_factory=dict)
    pupils: list[Student] = field(default_factory=list)

    def scope(self, role: str) -> Scope:
        """Who is asking, as a role of this county: "teacher", "township_cadre", ..."""
        return scope_of(User.objects.get(pk=self.posts[role].user_id))


_built: list[World] = []


def build_or_load() -> World:
    """The county as `build` made it for the first test that asked.

    The reference data is put back first where real transactions emptied it.
    """
    if not Region.objects.exists():
        load_reference()
    if not _built:
        _built.append(build())
        KEPT.take_built()
    else:
        put_back(KEPT.built)
    return deepcopy(_built[0])


def load_reference() -> None:
    """Regions, calendar and policy: the same in every county."""
    if KEPT.reference:
        put_back(KEPT.reference)
    else:
        call_command("load_reference", verbosity=0, json=True, stdout=io.StringIO())
        KEPT.take_reference()


def build() -> World:
    """Build the county through the same services that the product uses."""
    county = Region.objects.get(code="330328000000")
    town, other_town = (Region.objects.get(code=c) for c in ("330328100000", "330328101000"))
    village = Region.objects.filter(parent=town).order_by("code")[0]
    other_village = Region.objects.filter(parent=other_town).order_by("code")[0]
    world = World(
        county=county,
        township=town,
        village=village,
        other_township=other_town,
        other_village=other_village,
        term=term(county),
        bureau=agency("县教育局", AgencyKind.BUREAU, county),
        town_hall=agency("大峃镇人民政府", AgencyKind.TOWNSHIP, town),
        other_town_hall=agency("百丈漈镇人民政府", AgencyKind.TOWNSHIP, other_town),
        village_committee=agency("村民委员会", AgencyKind.VILLAGE, village),
        school=agency("大峃镇实验学校", AgencyKind.SCHOOL, town, "3133000001"),
        second_school=agency("大峃镇第二小学", AgencyKind.SCHOOL, town, "2133000002"),
        other_school=agency("百丈漈镇中心学校", AgencyKind.SCHOOL, other_town, "3133000003"),
    )
    _appoint_everybody(world)
    world.school_class = school_class(world.school, 7, 3, world.posts["teacher"])
    world.second_class = school_class(world.second_school, 3, 1)
    world.other_class = school_class(world.other_school, 8, 1, world.posts["other_teacher"])
    names = ("张梓涵", "李浩然", "王欣怡", "刘诗琪", "陈宇航", "单雨桐")
    world.pupils = [pupil(world.school_class, name, village) for name in names]
    return world


def _appoint_everybody(world: World) -> None:
    for role, place, position in (
        ("teacher", world.school, Position.TEACHER),
        ("second_teacher", world.second_school, Position.TEACHER),
        ("other_teacher", world.other_school, Position.TEACHER),
        ("school_leader", world.school, Position.SCHOOL_LEADER),
        ("deputy_leader", world.school, Position.SCHOOL_LEADER),
        ("second_leader", world.second_school, Position.SCHOOL_LEADER),
        ("other_leader", world.other_school, Position.SCHOOL_LEADER),
        ("township_leader", world.town_hall, Position.TOWNSHIP_LEADER),
        ("township_cadre", world.town_hall, Position.TOWNSHIP_CADRE),
        ("other_cadre", world.other_town_hall, Position.TOWNSHIP_CADRE),
        ("village_cadre", world.village_committee, Position.VILLAGE_CADRE),
        ("bureau_leader", world.bureau, Position.BUREAU_LEADER),
        ("bureau_staff", world.bureau, Position.BUREAU_STAFF),
        ("system_admin", world.bureau, Position.SYSTEM_ADMIN),
    ):
        world.posts[role] = post(role, place, position)
    police = agency("大峃派出所", AgencyKind.POLICE, world.township)
    world.posts["agency_staff"] = post("agency_staff", police, Position.AGENCY_STAFF)


def term(county: Region, opens_on: date = TERM_OPENS, ends_on: date = date(2027, 1, 29)) -> Term:
    return Term.objects.create(
        county=county,
        school_year=2026,
        season=Term.Season.AUTUMN,
        starts_on=opens_on,
        ends_on=ends_on,
    )


def agency(name: str, kind: AgencyKind, region: Region, code: str = "") -> Agency:
    grades = {"first_grade": 1, "last_grade": 9} if kind == AgencyKind.SCHOOL else {}
    return Agency.objects.create(
        county=region.county,
        region=region,
        kind=kind,
        name=name,
        code=code,
        starts_on=START,
        **grades,
    )


def post(username: str, place: Agency, position: Position) -> Post:
    user = User.objects.create_user(username, f"{username} 某", PASSWORD)
    return posts.appoint(user, place, position, START)


def school_class(
    school: Agency, grade: int, number: int, teacher: Post | None = None
) -> SchoolClass:
    made = SchoolClass.objects.create(
        county=school.county, school=school, school_year=2026, grade=grade, number=number
    )
    if teacher:
        ClassTeacher.objects.create(school_class=made, post=teacher, starts_on=TERM_OPENS)
    return made


def id_number(serial: int, born_on: date = date(2013, 5, 4)) -> str:
    """An invented number with a right check digit."""
    first = f"330328{born_on:%Y%m%d}{serial:03d}"
    return first + check_character(first)


def pupil(
    school_class: SchoolClass,
    name: str,
    home: Region,
    *,
    household: Household | None = None,
    from_day: date = TERM_OPENS,
) -> Student:
    """A child on the roster of the class, with a household and a guardian."""
    serial = Student.objects.count() + 1
    household = household or Household.objects.create(
        county=home.county, region=home, address=f"{home.name}{serial}号"
    )
    child = Student.objects.create(
        county=home.county,
        household=household,
        name=name,
        name_keys=search_keys(name),
        sex=Student.Sex.MALE if serial % 2 else Student.Sex.FEMALE,
        born_on=date(2013, 5, 4),
        id_number=id_number(serial),
    )
    Guardian.objects.create(
        student=child, name=f"{name[:1]}某", relation="父亲", phone=f"1380000{serial:04d}"
    )
    EnrollmentRecord.objects.create(
        county=home.county,
        student=child,
        school=school_class.school,
        school_class=school_class,
        starts_on=from_day,
    )
    return child
