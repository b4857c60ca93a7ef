"""The classes of the demonstration and the invented children in them, with their families."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import count
from random import Random

from agencies import demo_names
from agencies.demo import County
from agencies.demo_county import SchoolPlan
from agencies.models import Agency, Post, Region
from agencies.rules.duties import Position
from students.models import (
    ClassTeacher,
    EnrollmentChange,
    EnrollmentRecord,
    Guardian,
    Household,
    SchoolClass,
    Student,
    StudentNumber,
)
from students.rules.enrollment import Change
from students.rules.identity import check_character
from students.rules.names import search_keys

CHUNK = 2000
RELATIONS = (("父亲", True), ("母亲", False), ("祖父", True), ("祖母", False))


@dataclass(frozen=True)
class Wanted:
    """A child that a story needs. family: children of one family share a household."""

    key: str
    name: str
    boy: bool
    home: Region
    family: str


@dataclass(eq=False)
class ClassNow:
    """A class of the present school year; former: the class that its pupils come from."""

    row: SchoolClass
    teacher: Post
    former: SchoolClass | None = None
    wanted: list[Wanted] = field(default_factory=list)
    pupils: list[int] = field(default_factory=list)

    @property
    def school(self) -> Agency:
        return self.row.school

    @property
    def stayed(self) -> bool:
        """Its pupils were in the same school the year before."""
        return self.former is not None and self.former.school_id == self.row.school_id


def open_classes(county: County, school_year: int, *, with_former: bool) -> list[ClassNow]:
    """Classes and class teachers of the year, and of the year before where the term needs it."""
    found = []
    for school, of in county.schools:
        teachers = county.posts[school.pk, Position.TEACHER]
        for (grade, number), teacher in zip(of.classes, teachers, strict=True):
            row = SchoolClass(
                county=county.region,
                school=school,
                school_year=school_year,
                grade=grade,
                number=number,
            )
            found.append(ClassNow(row, teacher))
    former_teachers = _add_former(county, found) if with_former else []
    rows = [one.row for one in found] + [one.former for one in found if one.former]
    SchoolClass.objects.bulk_create(rows)
    begin, year_before = date(school_year, 9, 1), date(school_year - 1, 9, 1)
    ClassTeacher.objects.bulk_create(
        [ClassTeacher(school_class=one.row, post=one.teacher, starts_on=begin) for one in found]
        + [
            ClassTeacher(
                school_class=row,
                post=post,
                starts_on=year_before,
                ends_on=begin - timedelta(days=1),
            )
            for row, post in former_teachers
        ]
    )
    return found


def _add_former(county: County, classes: list[ClassNow]) -> list[tuple[SchoolClass, Post]]:
    """Teachers go up with their class; who has grade 1 now had the leavers of grade 6 before."""
    plans = {school.pk: of for school, of in county.schools}
    first_grades: dict[int, list[Post]] = defaultdict(list)
    for one in classes:
        if one.row.grade == 1:
            first_grades[one.row.school_id].append(one.teacher)
    leavers: dict[int, count] = defaultdict(lambda: count(1))
    teachers = []
    for one in classes:
        grade, school, number, post = one.row.grade, one.school, one.row.number, one.teacher
        if grade == 1:
            continue
        if grade == plans[school.pk].kind.first_grade:
            school = _primary_beside(county, plans[school.pk], school)
            number = next(leavers[school.pk])
            post = first_grades[school.pk][(number - 1) % len(first_grades[school.pk])]
        one.former = SchoolClass(
            county=county.region,
            school=school,
            school_year=one.row.school_year - 1,
            grade=grade - 1,
            number=number,
        )
        teachers.append((one.former, post))
    return teachers


def _primary_beside(county: County, of: SchoolPlan, school: Agency) -> Agency:
    """The primary school listed last before this school in its township."""
    beside = None
    for other, plan in county.schools:
        if other.pk == school.pk:
            break
        if plan.township == of.township and plan.kind.last_grade == 6:
            beside = other
    if beside is None:
        raise ValueError("A junior school needs a primary school before it in the list.")
    return beside


def fill(county: County, classes: list[ClassNow], rng: Random) -> dict[str, Student]:
    """Children for every class, those of the stories among them. Returns the latter by key."""
    builder = _Builder(county, rng)
    for one in classes:
        villages = county.villages[one.school.region.path]
        for wanted in one.wanted:
            builder.add(one, wanted)
        for _nth in range(len(one.wanted), _size(county, rng)):
            boy = rng.random() < 0.52
            home = rng.choice(villages)
            name = demo_names.child(rng, boy=boy)
            builder.add(one, Wanted("", name, boy, home, ""))
    return builder.store()


def _size(county: County, rng: Random) -> int:
    usual = county.plan.pupils_in_a_class
    return usual + rng.randint(-3, 3)


def _place(village: Region) -> str:
    return village.name.replace("村委会", "村")


keys_of = lru_cache(maxsize=None)(search_keys)


class _Builder:
    """Collects rows and stores them a table at a time."""

    def __init__(self, county: County, rng: Random) -> None:
        self.county, self.rng = county, rng
        self.serials: dict[tuple[date, bool], count] = defaultdict(count)
        self.phones = count(1)
        self.families: dict[str, Household] = {}
        self.named: dict[str, Student] = {}
        self.households: list[Household] = []
        self.students: list[tuple[Student, ClassNow]] = []
        self.guardians: list[Guardian] = []

    def add(self, one: ClassNow, wanted: Wanted) -> None:
        born_on = self._birth(one.row)
        household = self.families.get(wanted.family) or self._household(wanted.home)
        if wanted.family:
            self.families[wanted.family] = household
        student = Student(
            county=self.county.region,
            household=household,
            name=wanted.name,
            name_keys=keys_of(wanted.name),
            sex=Student.Sex.MALE if wanted.boy else Student.Sex.FEMALE,
            born_on=born_on,
            id_number=self._id_number(born_on, wanted.boy),
            ethnicity="畲族" if self.rng.random() < 0.06 else "汉族",
            registered_at=self.county.region.name + _place(wanted.home),
            boarding=one.row.grade >= 7 and self.rng.random() < 0.4,
        )
        self.students.append((student, one))
        if wanted.key:
            self.named[wanted.key] = student
        self._guardians(student)

    def _birth(self, row: SchoolClass) -> date:
        """Full 6 on 31 August before grade 1 (rule 9)."""
        first = date(row.school_year - 6 - row.grade, 9, 1)
        return first + timedelta(days=self.rng.randrange(365))

    def _id_number(self, born_on: date, boy: bool) -> str:
        """Valid by its check digit. Odd orders are male."""
        order = 2 * next(self.serials[born_on, boy]) + (1 if boy else 2)
        first = f"330328{born_on:%Y%m%d}{order:03d}"
        return first + check_character(first)

    def _household(self, home: Region) -> Household:
        address = f"{_place(home)}{len(self.households) + 1}号"
        household = Household(county=self.county.region, region=home, address=address)
        self.households.append(household)
        return household

    def _guardians(self, student: Student) -> None:
        relations = self.rng.sample(RELATIONS, 2 if self.rng.random() < 0.3 else 1)
        for order, (relation, man) in enumerate(relations, 1):
            family = student.name[:1] if relation in ("父亲", "祖父") else ""
            self.guardians.append(
                Guardian(
                    student=student,
                    name=demo_names.grown_up(self.rng, family, man=man),
                    relation=relation,
                    phone=demo_names.phone(0, next(self.phones)),
                    order=order,
                )
            )

    def store(self) -> dict[str, Student]:
        Household.objects.bulk_create(self.households, batch_size=CHUNK)
        Student.objects.bulk_create([s for s, _one in self.students], batch_size=CHUNK)
        Guardian.objects.bulk_create(self.guardians, batch_size=CHUNK)
        numbers = [
            StudentNumber(student=s, number=f"G{s.id_number}", starts_on=self._entered(one.row))
            for s, one in self.students
        ]
        StudentNumber.objects.bulk_create(numbers, batch_size=CHUNK)
        self._enroll()
        return self.named

    def _entered(self, row: SchoolClass) -> date:
        return date(row.school_year - row.grade + 1, 9, 1)

    def _enroll(self) -> None:
        before: list[EnrollmentRecord | None] = []
        after, changes = [], []
        for student, one in self.students:
            one.pupils.append(student.pk)
            begin = date(one.row.school_year, 9, 1)
            after.append(self._record(student, one.row, begin))
            earlier = None
            if one.former:
                earlier = self._record(student, one.former, date(begin.year - 1, 9, 1))
                earlier.ends_on = begin - timedelta(days=1)
            before.append(earlier)
        EnrollmentRecord.objects.bulk_create([r for r in before if r], batch_size=CHUNK)
        EnrollmentRecord.objects.bulk_create(after, batch_size=CHUNK)
        for old, new in zip(before, after, strict=True):
            if old or new.school_class.grade == 1:
                kind = Change.PROMOTION if old else Change.ENTRY
                changes.append(
                    EnrollmentChange(
                        student=new.student, kind=kind, on=new.starts_on, before=old, after=new
                    )
                )
        EnrollmentChange.objects.bulk_create(changes, batch_size=CHUNK)

    def _record(self, student: Student, row: SchoolClass, on: date) -> EnrollmentRecord:
        return EnrollmentRecord(
            county=self.county.region,
            student=student,
            school_id=row.school_id,
            school_class=row,
            starts_on=on,
        )
