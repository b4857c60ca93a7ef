"""Our children that a batch of roster rows may mean: a fixed number of queries per batch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from students.models import EnrollmentRecord, Guardian, Student, StudentNumber
from students.rules.roster import ClassKey, Entry, Known, Number, Record, Relative, Stay

# Columns of a student, and what a record calls them.
COLUMNS = {
    "pk": "pk",
    "county_id": "county_id",
    "name": "name",
    "sex": "sex",
    "born_on": "born_on",
    "id_number": "id_number",
    "no_id_reason": "no_id_reason",
    "ethnicity": "ethnicity",
    "registered_at": "registered_at",
    "boarding": "boarding",
    "died_on": "died",
    "household_id": "household_id",
    "household__address": "address",
    "household__region_id": "region_id",
}


@dataclass
class Roster:
    """Who is on the roster of a school on a day, by name."""

    by_name: dict[tuple[str, date], list[int]] = field(default_factory=dict)
    named: dict[str, list[int]] = field(default_factory=dict)
    classes: dict[int, ClassKey] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.classes)


def roster_of(school_id: int, day: date) -> Roster:
    """The whole roster of the school on the day, in one query."""
    roster = Roster(defaultdict(list), defaultdict(list))
    rows = EnrollmentRecord.objects.filter(open_or_later(day), school_id=school_id).values_list(
        "student_id",
        "student__name",
        "student__born_on",
        "school_class__school_year",
        "school_class__grade",
        "school_class__number",
    )
    for pk, name, born_on, *of_class in rows.iterator(chunk_size=5000):
        if pk not in roster.classes:
            roster.by_name[name, born_on].append(pk)
            roster.named[name].append(pk)
        roster.classes[pk] = ClassKey(*of_class)
    return roster


def known_to(county_id: int, entries: Sequence[Entry], roster: Roster, day: date) -> Known:
    """The records that these entries may mean, by numbers and by name. Seven queries."""
    ids = [entry.id_number for entry in entries if entry.id_number]
    numbers = [entry.student_number for entry in entries if entry.student_number]
    same_id = Student.objects.filter(county_id=county_id, id_number__in=ids)
    by_id_number = {number or "": pk for number, pk in same_id.values_list("id_number", "pk")}
    by_number = dict(
        StudentNumber.objects.filter(number__in=numbers).values_list("number", "student_id")
    )
    by_name = {
        key: roster.by_name[key]
        for entry in entries
        if entry.born_on and (key := (entry.name, entry.born_on)) in roster.by_name
    }
    pks = {*by_id_number.values(), *by_number.values()}
    pks.update(pk for same in by_name.values() for pk in same)
    return Known(records(pks, day), by_id_number, by_number, by_name)


def records(student_ids: Iterable[int], day: date) -> Mapping[int, Record]:
    """These children as far as a roster can change them. Four queries."""
    pks = list(student_ids)
    found: dict[int, Record] = {}
    for child in Student.objects.filter(pk__in=pks).values(*COLUMNS):
        record = {name: child[column] for column, name in COLUMNS.items()}
        record |= {"id_number": record["id_number"] or "", "died": record["died"] is not None}
        found[child["pk"]] = Record(**record)
    _add_stays(found, day)
    numbers = StudentNumber.objects.filter(student_id__in=pks).order_by("starts_on")
    for row in numbers.values_list("student_id", "pk", "number", "starts_on", "ends_on"):
        found[row[0]].numbers.append(Number(*row[1:]))
    guardians = Guardian.objects.filter(student_id__in=pks).order_by("order")
    for one in guardians.values_list("student_id", "name", "relation", "phone", "is_guardian"):
        found[one[0]].relatives.append(Relative(*one[1:]))
    return found


def _add_stays(found: Mapping[int, Record], day: date) -> None:
    rows = (
        EnrollmentRecord.objects.filter(open_or_later(day), student_id__in=list(found))
        .order_by("starts_on")
        .values_list(
            "student_id",
            "pk",
            "school_id",
            "school_class_id",
            "school_class__school_year",
            "school_class__grade",
            "school_class__number",
            "starts_on",
            "ends_on",
        )
    )
    for student, pk, school, of_class, year, grade, number, start, end in rows:
        key = ClassKey(year, grade, number)
        found[student].stay = Stay(pk, school, of_class, key, start, end)


def open_or_later(day: date) -> Q:
    """In force on the day or to begin later."""
    return Q(ends_on__isnull=True) | Q(ends_on__gte=day)
