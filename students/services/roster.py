"""Children, households, numbers and class records in bulk: what a roster file may change.

A batch costs a fixed number of statements. Every change leaves a note that says how to undo it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Max

from students.models import (
    EnrollmentChange,
    EnrollmentRecord,
    Guardian,
    Household,
    RollMark,
    SchoolClass,
    Student,
    StudentNumber,
)
from students.queries.places import Homes
from students.rules.names import search_keys
from students.rules.roster import OWN_FIELDS, ClassKey, Entry, Record, Relative, change_kind
from students.services import bulk

DAY = timedelta(days=1)
BATCH = 2000
# A bulk_update is one CASE per field and row: short statements are faster than long ones.
UPDATE_BATCH = 500


@dataclass
class School:
    """Where the children of a roster go, and what was looked up once."""

    county_id: int
    school_id: int
    school_region_id: int
    year: int
    opened_on: date  # the term's first day; outside a term, the day of the import
    changed_from: date
    called: frozenset[int]  # classes whose roll was called in the term
    by: int | None
    homes: Homes
    classes: dict[ClassKey, SchoolClass]
    created_classes: list[int] = field(default_factory=list)
    moved_homes: set[int] = field(default_factory=set)

    def ensure_classes(self, wanted: Iterable[ClassKey]) -> None:
        """Classes that the school has not had yet are opened."""
        unknown = sorted(set(wanted) - self.classes.keys())
        for made in SchoolClass.objects.bulk_create(
            SchoolClass(
                county_id=self.county_id,
                school_id=self.school_id,
                school_year=key.year,
                grade=key.grade,
                number=key.number,
            )
            for key in unknown
        ):
            self.classes[ClassKey(made.school_year, made.grade, made.number)] = made
            self.created_classes.append(made.pk)

    def first_day(self, key: ClassKey) -> date:
        """From when a child who is new to us is on the roster of the class.

        Since the term opened, unless rolls were called without the child: those days must not
        turn into days on which it was present.
        """
        school_class = self.classes[key]
        return self.changed_from if school_class.pk in self.called else self.opened_on

    def region_of(self, address: str) -> int | None:
        return self.homes.find(address) if address else None


def classes_of(school_id: int, year: int) -> dict[ClassKey, SchoolClass]:
    rows = SchoolClass.objects.of_year(year).filter(school_id=school_id)
    return {ClassKey(row.school_year, row.grade, row.number): row for row in rows}


# --- new children ---------------------------------------------------------------------------


@dataclass(slots=True)
class Made:
    """A child that was entered."""

    student: int
    undo: dict[str, Any]


def enter(entries: Sequence[Entry], school: School) -> list[Made]:
    """Enter children who are not on record yet, with household, guardians, number and class."""
    if not entries:
        return []
    homes, created = _households(entries, school)
    students = Student.objects.bulk_create(
        [_student(entry, home, school) for entry, home in zip(entries, homes, strict=True)]
    )
    pairs = list(zip(students, entries, strict=True))
    _add_guardians((student.pk, entry.relatives) for student, entry in pairs)
    _add_numbers(
        (student.pk, entry.student_number, school.first_day(entry.school_class(school.year)))
        for student, entry in pairs
        if entry.student_number
    )
    _enroll(
        [
            (student.pk, None, key, school.first_day(key))
            for student, entry in pairs
            for key in [entry.school_class(school.year)]
        ],
        school,
        known=False,
    )
    return [
        Made(student.pk, {"created": student.pk, "household": student.household_id})
        if student.household_id in created
        else Made(student.pk, {"created": student.pk})
        for student in students
    ]


def _student(entry: Entry, home: Household, school: School) -> Student:
    return Student(
        county_id=school.county_id,
        household=home,
        name=entry.name,
        name_keys=search_keys(entry.name)[:200],
        sex=entry.sex,
        born_on=cast(date, entry.born_on),
        id_number=entry.id_number or None,
        no_id_reason=entry.no_id_reason,
        ethnicity=entry.ethnicity,
        registered_at=entry.registered_at,
        boarding=bool(entry.boarding),
    )


def _add_guardians(rows: Iterable[tuple[int, Sequence[Relative]]]) -> None:
    fields = ("student", "order", "name", "relation", "phone", "is_guardian")
    guardians = (
        (student, order, *relative)
        for student, relatives in rows
        for order, relative in enumerate(relatives, 1)
    )
    bulk.copy(Guardian, fields, guardians)


def _add_numbers(rows: Iterable[tuple[int, str, date]]) -> None:
    bulk.copy(StudentNumber, ("student", "number", "starts_on"), rows)


def _households(entries: Sequence[Entry], school: School) -> tuple[list[Household], set[int]]:
    """A household per entry: that of a sibling when a guardian has the same name and phone."""
    known = _known_households(entries, school.county_id)
    homes, new = [], []
    for entry in entries:
        keys = [(one.name, one.phone) for one in entry.relatives if one.name and one.phone]
        home = next((known[key] for key in keys if key in known), None)
        if home is None:
            region = school.region_of(entry.address) or school.school_region_id
            home = Household(county_id=school.county_id, region_id=region, address=entry.address)
            new.append(home)
        known.update((key, home) for key in keys)
        homes.append(home)
    Household.objects.bulk_create(new, batch_size=BATCH)
    return homes, {home.pk for home in new}


def _known_households(entries: Sequence[Entry], county_id: int) -> dict[tuple[str, str], Household]:
    phones = {one.phone for entry in entries for one in entry.relatives if one.name and one.phone}
    rows = Guardian.objects.filter(student__county_id=county_id, phone__in=phones)
    return {
        (name, phone): Household(pk=home)
        for name, phone, home in rows.values_list("name", "phone", "student__household_id")
    }


# --- children on record ---------------------------------------------------------------------


@dataclass(slots=True)
class Changed:
    """A child on record with what the file says otherwise; undo is filled in while it is done."""

    record: Record
    entry: Entry
    changes: Mapping[str, list[Any]]
    undo: dict[str, Any] = field(default_factory=dict)


def change(rows: Sequence[Changed], school: School) -> None:
    """Change children who are on record. Each row's undo says what was before and after."""
    for row in rows:
        row.undo["student"] = row.record.pk
    _change_students(rows)
    _change_addresses(rows, school)
    _change_numbers(rows, school)
    _change_relatives(rows)
    _change_classes([row for row in rows if "school_class" in row.changes], school)


def _change_students(rows: Sequence[Changed]) -> None:
    wanted: dict[int, dict[str, Any]] = {}
    touched: set[str] = set()
    for row in rows:
        if values := _own_values(row):
            row.undo["fields"] = {name: [_plain(one) for one in values[name]] for name in values}
            wanted[row.record.pk] = {name: pair[1] for name, pair in values.items()}
            touched.update(values)
    if not wanted:
        return
    students = list(Student.objects.filter(pk__in=wanted))
    for student in students:
        for name, value in wanted[student.pk].items():
            setattr(student, name, value)
        if "name" in wanted[student.pk]:
            student.name_keys = search_keys(student.name)[:200]
    fields = [*touched, "name_keys"] if "name" in touched else list(touched)
    Student.objects.bulk_update(students, fields, batch_size=UPDATE_BATCH)


def _own_values(row: Changed) -> dict[str, list[Any]]:
    """What changes in the student's own row; an ID number ends the reason for having none."""
    own = (*OWN_FIELDS, "no_id_reason")
    values = {name: pair for name, pair in row.changes.items() if name in own}
    if "id_number" in values and row.record.no_id_reason:
        values["no_id_reason"] = [row.record.no_id_reason, ""]
    return values


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _change_addresses(rows: Sequence[Changed], school: School) -> None:
    """One address per household and file: of siblings the first row decides."""
    moved = {}
    for row in rows:
        record = row.record
        if "address" in row.changes and record.household_id not in school.moved_homes:
            school.moved_homes.add(record.household_id)
            region = school.region_of(row.entry.address) or record.region_id
            row.undo["home"] = {
                "pk": record.household_id,
                "before": [record.address, record.region_id],
                "after": [row.entry.address, region],
            }
            moved[record.household_id] = Household(
                pk=record.household_id, address=row.entry.address, region_id=region
            )
    if moved:
        Household.objects.bulk_update(
            moved.values(), ["address", "region"], batch_size=UPDATE_BATCH
        )


def _change_numbers(rows: Sequence[Changed], school: School) -> None:
    """The old number ends the day before; one that began no earlier is corrected in place."""
    ended, corrected, added = [], [], []
    for row in rows:
        if "student_number" not in row.changes:
            continue
        new, old = row.entry.student_number, row.record.number
        if old and old.starts_on >= school.changed_from:
            row.undo["renumbered"] = [old.pk, old.number, new]
            corrected.append(StudentNumber(pk=old.pk, number=new))
            continue
        if old:
            ended.append(old.pk)
        row.undo["number"] = [old.pk if old else None, new]
        added.append((row.record.pk, new, school.changed_from))
    if ended:
        StudentNumber.objects.filter(pk__in=ended).update(ends_on=school.changed_from - DAY)
    StudentNumber.objects.bulk_update(corrected, ["number"], batch_size=UPDATE_BATCH)
    _add_numbers(added)


def _change_relatives(rows: Sequence[Changed]) -> None:
    changed = [row for row in rows if "relatives" in row.changes]
    for row in changed:
        row.undo["relatives"] = row.changes["relatives"]
    if changed:
        Guardian.objects.filter(student_id__in=[row.record.pk for row in changed]).delete()
        _add_guardians((row.record.pk, row.entry.relatives) for row in changed)


def _change_classes(rows: Sequence[Changed], school: School) -> None:
    """The old record ends the day before; days with a mark stay with the class that gave it."""
    if not rows:
        return
    first_free = _after_last_mark([row.record.pk for row in rows], school.changed_from)
    ended: dict[date, list[int]] = defaultdict(list)
    moved, added = [], []
    for row in rows:
        stay, key = row.record.stay, row.entry.school_class(school.year)
        start = first_free.get(row.record.pk, school.changed_from)
        if stay and stay.starts_on >= start:
            made = school.classes[key]
            row.undo["moved"] = [stay.pk, stay.class_pk, made.pk]
            moved.append(EnrollmentRecord(pk=stay.pk, school_class=made))
            continue
        if stay:
            ended[start - DAY].append(stay.pk)
        row.undo["stay"] = [stay.pk, _plain(stay.ends_on)] if stay else None
        added.append((row.record.pk, stay, key, start))
    for last_day, pks in ended.items():
        EnrollmentRecord.objects.filter(pk__in=pks).update(ends_on=last_day)
    EnrollmentRecord.objects.bulk_update(moved, ["school_class"], batch_size=UPDATE_BATCH)
    made_of = _enroll(added, school, known=True)
    for row in rows:
        if row.record.pk in made_of:
            row.undo["record"] = made_of[row.record.pk]


def _after_last_mark(student_ids: Sequence[int], day: date) -> dict[int, date]:
    marked = RollMark.objects.filter(student_id__in=student_ids, day__gte=day)
    rows = marked.values_list("student_id").annotate(last=Max("day"))
    return {student: last + DAY for student, last in rows}


def _enroll(rows: Sequence[tuple], school: School, *, known: bool) -> dict[int, int]:
    """Records and their changes for (student, stay before, class, first day): student to record."""
    made = EnrollmentRecord.objects.bulk_create(
        EnrollmentRecord(
            county_id=school.county_id,
            student_id=student,
            school_id=school.school_id,
            school_class=school.classes[key],
            starts_on=start,
        )
        for student, _stay, key, start in rows
    )
    changes = (
        (
            student,
            change_kind(stay.class_key if stay else None, key, known),
            start,
            stay.pk if stay else None,
            record.pk,
            school.by,
            "",
        )
        for (student, stay, key, start), record in zip(rows, made, strict=True)
    )
    fields = ("student", "kind", "on", "before", "after", "by", "note")
    bulk.copy(EnrollmentChange, fields, changes)
    return {record.student_id: record.pk for record in made}
