"""A register against our records, of whom it is known who is who: quality and time.

Twice: with the numbers that a register has, and without any number. The floor is the join by the
number alone, which leaves the rest to people.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from agencies import clock
from agencies.models import Agency, Post, Region, User
from agencies.rules.duties import AgencyKind, Position
from agencies.rules.public_id import uuid7
from bench import county, floors
from bench.measure import Found, Measured, Size, timed
from bench.register_people import NO_NUMBERS, Person, Rates, people
from students.models import Candidate, Guardian, Household, PersonEntry, PersonList, Student
from students.rules.names import search_keys
from students.rules.person_list import ListKind
from students.services import bulk, matching

ROWS = int(os.environ.get("MATCH_ROWS", "150000"))
FLOOR = """
SELECT count(*) FROM students_personentry e
JOIN students_student s ON s.county_id = %(county)s AND s.id_number = e.id_number
WHERE e.batch_id = %(batch)s AND e.id_number <> ''
"""


def match_register(size: Size, rounds: int) -> Found:
    """One round each: it changes what it reads."""
    number = ROWS if size.scale >= 1 else size.rows
    found: Found = {}
    for name, rates in (("matching", Rates()), ("matching_no_numbers", NO_NUMBERS)):
        county.use(county.made(f"{name}_{number}", lambda draft, r=rates: _fill(draft, number, r)))
        batch = PersonList.objects.get()
        with _undone():
            of = {"county": batch.county_id, "batch": batch.pk}
            floor = [timed(lambda _, o=of: floors.query(FLOOR, **o), 0)]
            found[name] = Measured([timed(lambda _, b=batch: matching.match(b), 0)], floor)
            for of_what, percent in quality(batch).items():
                # Beside the one of a hundred that was allowed.
                found[f"{name}_{of_what}"] = Measured([percent], [1.0], unit="%")
    return found


def quality(batch: PersonList) -> dict[str, float]:
    """In percent. wrong: of the rows joined by the machine; missed: of the rows that have a record,
    not joined; lost: neither joined nor shown to a person; asked: of all rows, shown to a person.
    """
    truth = dict(batch.entries.values_list("pk", "detail__key"))
    known = set(Student.objects.values_list("pk", flat=True))
    joined = dict(batch.entries.exclude(student=None).values_list("pk", "student"))
    right = sum(truth[entry] == student for entry, student in joined.items())
    wanted = sum(key in known for key in truth.values())
    shown = sum(truth[one] == pk for one, pk in Candidate.objects.values_list("entry", "student"))
    asked = Candidate.objects.values("entry").distinct().count()
    return {
        "wrong": 100 * (1 - right / len(joined)),
        "missed": 100 * (1 - right / wanted),
        "lost": 100 * (1 - (right + shown) / wanted),
        "asked": 100 * asked / len(truth),
    }


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _fill(draft: str, number: int, rates: Rates) -> None:
    print(f"{draft}: {number} rows", file=sys.stderr, flush=True)
    county.use(draft)
    home = Region.objects.get(code="330328000000")
    villages = list(Region.objects.filter(county=home, level="village").order_by("code"))
    both = people(number, len(villages), rates)
    with transaction.atomic():
        _records(home, villages, both.records)
        _rows(home, villages, both.rows)
    connection.close()


def _address(villages: list[Region], person: Person) -> str:
    return villages[person.village].name + person.address.split("村", 1)[1]


def _records(home: Region, villages: list[Region], records: list[Person]) -> None:
    bulk.copy(
        Household,
        ("id", "public_id", "county", "region", "address"),
        ((p.key, uuid7(), home.pk, villages[p.village].pk, _address(villages, p)) for p in records),
    )
    bulk.copy(
        Student,
        ("id", "public_id", "county", "household", "name", "name_keys", "sex", "born_on",
         "id_number", "no_id_reason", "ethnicity", "registered_at", "boarding"),
        (
            (p.key, uuid7(), home.pk, p.key, p.name, search_keys(p.name), p.sex, p.born_on,
             p.number or None, "", "", "", False)
            for p in records
        ),
    )  # fmt: skip
    bulk.copy(
        Guardian,
        ("student", "name", "relation", "phone", "is_guardian", "order"),
        (
            (p.key, name, "", "", True, order)
            for p in records
            for order, name in enumerate(p.adults, 1)
        ),
    )


def _rows(home: Region, villages: list[Region], rows: list[Person]) -> None:
    police = Agency.objects.create(
        county=home,
        region=home,
        kind=AgencyKind.POLICE,
        name="县公安局",
        starts_on=date(2015, 9, 1),
    )
    user = User.objects.create(username="register", name="户籍")
    by = Post.objects.create(
        county=home, user=user, agency=police, position=Position.AGENCY_STAFF,
        starts_on=date(2015, 9, 1),
    )  # fmt: skip
    batch = PersonList.objects.create(
        county=home, kind=ListKind.REGISTER, provider=police, as_of=date(2026, 8, 31),
        purpose="比对", file_name="", path="", created_at=clock.now(), created_by=by,
    )  # fmt: skip
    bulk.copy(
        PersonEntry,
        ("public_id", "batch", "number", "change", "name", "sex", "born_on", "id_number",
         "address", "lives_at", "region", "head", "detail", "problems", "found", "result", "note"),
        (
            (uuid7(), batch.pk, nth, "new", p.name, p.sex, p.born_on, p.number,
             _address(villages, p), "", villages[p.village].pk, "".join(p.adults[:1]),
             f'{{"key": {p.key}}}', "[]", "", "", "")
            for nth, p in enumerate(rows, 1)
        ),
    )  # fmt: skip
