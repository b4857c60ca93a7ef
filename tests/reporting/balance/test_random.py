"""A random county on random days: each child in one place, the parts equal the total, for good."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from agencies.errors import DomainError
from agencies.models import Region
from agencies.rules.deadlines import CHINA
from cases.models import Case
from cases.queries.child import child_page
from cases.rules.disposition import Disposition
from cases.rules.workflow import Action
from cases.services import actions, opening
from cases.services.actions import Order
from cases.services.opening import ByHand
from reporting.queries import areas
from reporting.queries.balance import Wanted, balance, cohort, flow, moved, names, twice
from reporting.rules.balance import PARTS
from students.models import (
    EnrollmentRecord,
    FocusTag,
    Household,
    Placement,
    RecordMerge,
    Student,
    Transfer,
)
from students.rules.enrollment import Change, PlacementFacts, PlacementKind
from students.rules.identity import stays_in_the_work
from students.services import enrollment, placements
from tests.support.world import school_class

FIRST = date(2026, 9, 7)
DAYS = [FIRST + timedelta(days=step) for step in (*range(0, 26), 400)]
CHILDREN = 26


class County:
    """Children of all ages, and what may happen to one of them on a day."""

    def __init__(self, world, seed: int) -> None:
        self.world, self.rng = world, random.Random(seed)
        self.classes = [world.school_class, world.second_class, world.other_class]
        self.classes.append(school_class(world.other_school, 1, 2))
        EnrollmentRecord.objects.all().delete()
        homes = [world.village, world.other_village, world.other_township]
        self.children = [self._child(homes, serial) for serial in range(CHILDREN)]
        self.by = world.scope("school_leader").posts[0]

    def _child(self, homes: list[Region], serial: int) -> Student:
        rng = self.rng
        household = Household.objects.create(county=self.world.county, region=rng.choice(homes))
        return Student.objects.create(
            county=self.world.county,
            household=household,
            name=f"童{serial}",
            sex="1",
            born_on=date(rng.randint(2008, 2022), *rng.choice([(8, 31), (9, 1), (2, 28)])),
            known_since=rng.choice([None, None, None, FIRST + timedelta(days=9)]),
        )

    def happens(self, student: Student, on: date) -> None:
        """One thing; what the rules refuse on that day does not happen."""
        events = (
            self.enroll, self.enroll, self.leave, self.sent, self.confirm, self.away, self.back,
            self.case, self.decide, self.merge, self.tag,
        )  # fmt: skip
        student.refresh_from_db()
        try:
            self.rng.choice(events)(student, on)
        except DomainError:
            return

    def enroll(self, student: Student, on: date) -> None:
        enrollment.enroll(student, self.rng.choice(self.classes), on, self.by)

    def leave(self, student: Student, on: date) -> None:
        kind = self.rng.choice([Change.DIED, Change.COMPLETED])
        enrollment.leave(student, kind, on, self.by)

    def sent(self, student: Student, on: date) -> None:
        record = enrollment.leave(student, Change.TRANSFER_OUT, on, self.by)
        Transfer.objects.create(
            county=self.world.county, student=student, school=record.school, asked_on=on, to="外地"
        )

    def confirm(self, student: Student, on: date) -> None:
        waiting = Transfer.objects.filter(student=student, confirmed_on__isnull=True)
        waiting.update(confirmed_on=on, proof="回执")

    def away(self, student: Student, on: date) -> None:
        last = on + timedelta(days=self.rng.choice([0, 3, 60]))
        facts = PlacementFacts(self.rng.choice(PlacementKind.values), on, last, "证明")
        placements.approve(student, facts, self.by, on)

    def back(self, student: Student, on: date) -> None:
        one = Placement.objects.filter(student=student, returned_on=None).order_by("-pk").first()
        if one:
            placements.returned(one, on, fitness="复学证明")

    def case(self, student: Student, on: date) -> None:
        why = ByHand("whereabouts_unknown", on)
        opening.open_by_hand(self.world.scope("township_cadre"), student, why, self.at(on))

    def decide(self, student: Student, on: date) -> None:
        case = Case.objects.filter(student=student).first()
        if case is None:
            return
        steps = (
            ("township_cadre", Action.DISMISS, Order(on, "误报")),
            ("township_cadre", Action.REQUEST_END, Order(on, "", None, "abroad", "函")),
            ("bureau_leader", Action.APPROVE_END, Order(on, "")),
        )
        role, action, order = self.rng.choice(steps)
        actions.act(self.world.scope(role), case.public_id, action, order, self.at(on))

    def merge(self, student: Student, on: date) -> None:
        """The record of nobody's becomes part of another; on every day it is the other's."""
        others = [one for one in self.children if one.pk != student.pk]
        busy = (
            EnrollmentRecord.objects.filter(student=student).exists() or student.placements.exists()
        )
        if busy or Case.objects.filter(student=student).exists() or self.rng.random() < 0.8:
            return
        kept = self.rng.choice(others)
        kept.refresh_from_db()
        if kept.merged_into_id is None and not RecordMerge.objects.filter(kept=student).exists():
            Student.objects.filter(pk=student.pk).update(merged_into=kept)

    def tag(self, student: Student, on: date) -> None:
        FocusTag.objects.get_or_create(
            county=self.world.county, student=student, group="poor", ends_on=None,
            defaults={"starts_on": on, "source": "名单", "by": self.world.posts["bureau_staff"]},
        )  # fmt: skip

    def at(self, on: date) -> datetime:
        return datetime(on.year, on.month, on.day, 12, tzinfo=CHINA)


def of_age(student: Student, on: date) -> bool:
    """Whether the balance has to hold this child on the day."""
    who = cohort(student.county_id, on)
    gone = [day for day in (student.completed_on, student.died_on) if day and day <= on]
    known = student.known_since is None or student.known_since <= on
    in_age = student.born_on in who or stays_in_the_work(student.born_on, who, bool(gone))
    return known and in_age and student.merged_into_id is None


@pytest.mark.parametrize("seed", range(2))
def test_every_child_in_exactly_one_place_on_every_day_and_for_good(world, clock, seed):
    county = County(world, seed)
    area = areas.region_area(world.county.code, FIRST)
    then: dict[date, dict[int, str]] = {}
    for day in DAYS:
        clock(f"{day.isoformat()}T12:00:00+08:00")
        for student in county.rng.sample(county.children, 10):
            county.happens(student, day)
        children = [one for one in Student.objects.all() if of_age(one, day)]
        then[day] = {one.pk: child_page(one, day).disposition.value for one in children}
        found = balance(Wanted(area, day, day))
        assert dict(+Counter(found.counts)) == dict(Counter(then[day].values())), (seed, day)
        assert found.total == len(children) == sum(line.total for line in found.lines)
        assert twice(world.county.pk, day) == []
    absorbed = set(Student.objects.exclude(merged_into=None).values_list("pk", flat=True))
    for day in DAYS[:-1]:  # what was so stays so, however often it is asked later
        wanted = Wanted(area, day, DAYS[-1])
        as_it_was = {pk: part for pk, part in then[day].items() if pk not in absorbed}
        parts = Counter(as_it_was.values())
        assert dict(+Counter(balance(wanted).counts)) == dict(parts), (seed, day)
    assert {part for of_day in then.values() for part in of_day.values()} >= {
        Disposition.IN_SCHOOL, Disposition.OPEN_CASE, Disposition.UNACCOUNTED,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_every_number_is_the_length_of_its_list_and_the_flow_adds_up(world, clock, seed):
    county = County(world, seed)
    area = areas.region_area(world.county.code, FIRST)
    for day in DAYS[:12]:
        clock(f"{day.isoformat()}T12:00:00+08:00")
        for student in county.rng.sample(county.children, 12):
            county.happens(student, day)
    since, today = DAYS[3], DAYS[11]
    for tag in ("", "poor"):
        wanted = Wanted(area, today, today, tag)
        found = balance(wanted)
        for part in PARTS:
            assert len(names(wanted, part)) == found.counts[part]
        between = flow(wanted, since)
        before, after = Counter(), Counter()
        for (one, other), number in between.cells.items():
            before[one] += number
            after[other] += number
            assert len(moved(wanted, since, (one, other))) == number
        then = balance(Wanted(area, since, today, tag))
        assert {part: before[part] for part in PARTS} == dict(then.counts)
        assert {part: after[part] for part in PARTS} == dict(found.counts)
    assert 0 < balance(Wanted(area, today, today, "poor")).total < found.total + 1
