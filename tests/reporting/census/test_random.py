"""A random county: schools add up to the county, and both agree with a slow reading of the rule."""

import random
from datetime import date, timedelta

import pytest

from agencies.models import Agency, Region
from agencies.rules.duties import AgencyKind
from reporting.models import CensusAnswer, Filing
from reporting.queries import census
from reporting.rules.expected import Source, State, Why, state
from students.models import (
    Catchment,
    EnrollmentRecord,
    Household,
    Placement,
    Roll,
    RollMark,
    SchoolClass,
    Student,
    Term,
    Transfer,
)
from tests.reporting.census.county import OPENS, SPRING_ENDS, SPRING_OPENS, zone
from tests.support.world import agency, id_number

ON = date(2026, 9, 4)
DAYS = [date(2026, 9, day) for day in (1, 2, 3, 4)]
MARKS = ("late", "left_early", "sick_leave", "personal_leave", "unexcused", "unknown")


def build(world, rng):
    """Four schools with different grades, sixty children of every kind."""
    Term.objects.create(
        county=world.county, school_year=2025, season="spring",
        starts_on=SPRING_OPENS, ends_on=SPRING_ENDS,
    )  # fmt: skip
    EnrollmentRecord.objects.all().delete()
    for child in world.pupils:
        child.guardians.all().delete()
        child.delete()
    point = agency("教学点", AgencyKind.SCHOOL, world.village, "2133000004")
    Agency.objects.filter(pk=point.pk).update(last_grade=3)
    Agency.objects.filter(pk=world.second_school.pk).update(last_grade=6)
    Agency.objects.filter(pk=world.other_school.pk).update(first_grade=1, last_grade=9)
    schools = list(Agency.objects.schools())
    homes = [
        *Region.objects.filter(parent=world.township).order_by("code")[:3],
        *Region.objects.filter(parent=world.other_township).order_by("code")[:2],
    ]
    zone(world.township, world.second_school, 1)
    zone(world.township, world.school, 7)
    zone(homes[1], point, 1)
    zone(homes[3], world.other_school, 1)
    zone(homes[3], world.other_school, 7)
    classes = {
        (school.pk, year, grade): SchoolClass.objects.create(
            county=world.county, school=school, school_year=year, grade=grade, number=8
        )
        for school in schools
        for year in (2025, 2026)
        for grade in range(school.first_grade, school.last_grade + 1)
    }
    for serial in range(60):
        _child(world, rng, serial, homes, schools, classes)
    _rolls(world, rng, classes)
    return schools


def _child(world, rng, serial, homes, schools, classes):
    home = rng.choice(homes)
    household = Household.objects.create(county=world.county, region=home)
    age = rng.randint(5, 16)
    born_on = date(2026 - age, *rng.choice(((8, 31), (9, 1), (1, 15))))
    child = Student.objects.create(
        county=world.county, household=household, name=f"生{serial}", sex="1", born_on=born_on,
        id_number=id_number(serial % 1000, born_on),
        died_on=rng.choice([None] * 12 + [date(2026, 8, 1), date(2026, 9, 2)]),
        completed_on=rng.choice([None] * 12 + [date(2026, 7, 1), date(2026, 9, 3)]),
    )  # fmt: skip
    old = None
    if rng.random() < 0.75:
        old = rng.choice([one for (pk, year, grade), one in classes.items() if year == 2025])
        ends = rng.choice([None, date(2026, 8, 31), SPRING_ENDS, date(2026, 5, 1)])
        EnrollmentRecord.objects.create(
            county=world.county, student=child, school=old.school, school_class=old,
            starts_on=date(2025, 9, 1), ends_on=ends,
        )  # fmt: skip
        if rng.random() < 0.3:
            asked = rng.choice([date(2026, 4, 20), date(2026, 7, 10)])
            Transfer.objects.create(
                county=world.county, student=child, school=old.school, asked_on=asked, to="外地",
                confirmed_on=rng.choice([None, date(2026, 8, 20), OPENS, date(2026, 9, 3), date(2026, 9, 9)]),
            )  # fmt: skip
        if ends is None and rng.random() < 0.7:
            EnrollmentRecord.objects.filter(student=child).update(ends_on=date(2026, 8, 31))
            ends = date(2026, 8, 31)
        if ends is None:
            return
    if rng.random() < 0.7:
        new = rng.choice([one for (pk, year, grade), one in classes.items() if year == 2026])
        if old and rng.random() < 0.8:
            new = classes.get((old.school_id, 2026, old.grade + 1), new)
        EnrollmentRecord.objects.create(
            county=world.county, student=child, school=new.school, school_class=new,
            starts_on=rng.choice([OPENS, DAYS[2]]),
        )  # fmt: skip
    if rng.random() < 0.2:
        starts = rng.choice([date(2026, 8, 1), DAYS[1]])
        Placement.objects.create(
            county=world.county, student=child, kind="hospital", starts_on=starts, proof="证明",
            ends_on=starts + timedelta(days=rng.choice([1, 90])),
            approved_by=world.posts["school_leader"],
            returned_on=rng.choice([None, DAYS[3]]),
        )  # fmt: skip


def _rolls(world, rng, classes):
    for school_class in classes.values():
        for day in DAYS:
            if rng.random() < 0.4:
                continue
            roll = Roll.objects.create(
                county=world.county, school_class=school_class, day=day,
                state=rng.choice(["taken", "taken", "taken", "not_held"]), reason="x",
                taken_by=world.posts["teacher"], taken_at="2026-09-01T08:00:00+08:00",
            )  # fmt: skip
            if roll.state != "taken":
                continue
            for record in EnrollmentRecord.objects.on(day).filter(school_class=school_class):
                if rng.random() < 0.5:
                    RollMark.objects.create(
                        county=world.county, roll=roll, student=record.student, day=day,
                        mark=rng.choice(MARKS),
                    )  # fmt: skip


class Slow:
    """The rule read aloud, child by child."""

    def __init__(self, child: Student) -> None:
        self.child = child
        self.records = list(child.enrollments.select_related("school", "school_class"))
        self.school, self.source, self.transfer = None, None, None
        self.base = self.at(SPRING_ENDS)
        self._expect()

    def at(self, day: date) -> EnrollmentRecord | None:
        return next(
            (
                r
                for r in self.records
                if r.starts_on <= day and (r.ends_on is None or r.ends_on >= day)
            ),
            None,
        )

    def _expect(self) -> None:
        child = self.child
        if (child.died_on and child.died_on <= OPENS) or (
            child.completed_on and child.completed_on <= OPENS
        ):
            return
        sent = list(child.transfers.order_by("-asked_on"))
        base, source = self.base, Source.ROSTER
        if base is None and sent and sent[0].asked_on <= SPRING_ENDS:
            base, source = self.at(sent[0].asked_on) or self._left(sent[0]), Source.TRANSFER
        if base is not None:
            self.transfer = next((t for t in sent if t.school_id == base.school_id), None)
            if self.transfer and self.transfer.confirmed_on and self.transfer.confirmed_on <= OPENS:
                return
            self._promote(base, source)
        elif not any(r.starts_on <= SPRING_ENDS for r in self.records):
            self._enter()

    def _enter(self) -> None:
        child = self.child
        if child.completed_on or not date(2011, 9, 1) <= child.born_on <= date(2020, 8, 31):
            return
        self.school = self._zone(1)
        self.source = Source.ENTRANT if child.born_on >= date(2019, 9, 1) else Source.OLDER

    def _left(self, transfer: Transfer) -> EnrollmentRecord | None:
        before = [
            r
            for r in self.records
            if r.school_id == transfer.school_id and r.starts_on <= transfer.asked_on
        ]
        return max(before, key=lambda r: r.starts_on, default=None)

    def _promote(self, base: EnrollmentRecord, source: str) -> None:
        grade = base.school_class.grade + 1
        if grade > 9:
            self.school, self.source = base.school, Source.FINISHED
        elif grade <= base.school.last_grade:
            self.school, self.source = base.school, source
        else:
            school = self._zone(7 if grade >= 7 else 1)
            if school and grade < 7 and school.last_grade < grade:
                school = None
            self.school, self.source = school, Source.NEXT_SCHOOL

    def _zone(self, grade: int) -> Agency | None:
        region = self.child.household.region
        for place in (region, region.parent):
            if place and (found := Catchment.objects.filter(region=place, grade=grade).first()):
                return found.school
        return None

    @property
    def counts(self) -> bool:
        """Expected and shown: an older or zoneless child that found a school is nobody's."""
        if self.source is None or self.source == Source.FINISHED:
            return False
        now = self.at(ON)
        found_one = now is not None and (
            now.school == self.school or now.school_class.school_year == 2026
        )
        if self.school is None:
            return not found_one
        return self.source != Source.OLDER or not found_one or now.school == self.school

    @property
    def why(self) -> Why:
        now = self.at(ON)
        here = now is not None and now.school == self.school
        days = self._days()
        attended = [day for day, mark in days if mark in ("", "late", "left_early")]
        if here and attended:
            return Why.SEEN
        gone = self._gone(now)
        return gone or self._away(here, days)

    def _gone(self, now: EnrollmentRecord | None) -> Why | None:
        child = self.child
        if child.died_on and child.died_on <= ON:
            return Why.DIED
        if child.completed_on and child.completed_on <= ON:
            return Why.COMPLETED
        elsewhere = now and now.school != self.school and now.school_class.school_year == 2026
        if elsewhere and self.school:
            return Why.ELSEWHERE
        if self.transfer and self.transfer.confirmed_on and self.transfer.confirmed_on <= ON:
            return Why.TRANSFERRED
        return None

    def _away(self, here: bool, days: list[tuple[date, str]]) -> Why:
        if any(self._covers(p, ON) for p in self.child.placements.all()):
            return Why.PLACEMENT
        if here:
            if not days:
                return Why.NO_ROLL
            excused = all(mark in ("sick_leave", "personal_leave") for _day, mark in days)
            return Why.LEAVE if excused else Why.ABSENT
        return Why.TRANSFER_OPEN if self.transfer else Why.NOT_ENROLLED

    @staticmethod
    def _covers(placement: Placement, day: date) -> bool:
        back = placement.returned_on
        return placement.starts_on <= day <= placement.ends_on and (back is None or day < back)

    def _days(self) -> list[tuple[date, str]]:
        """The days on which the roll of the child's class at this school was taken."""
        found = []
        for day in DAYS:
            record = self.at(day)
            if record is None or record.school != self.school:
                continue
            roll = Roll.objects.filter(
                school_class=record.school_class, day=day, state="taken"
            ).first()
            if roll is None or any(self._covers(p, day) for p in self.child.placements.all()):
                continue
            mark = RollMark.objects.filter(roll=roll, student=self.child).first()
            found.append((day, mark.mark if mark else ""))
        return found


@pytest.mark.parametrize("seed", range(6))
def test_schools_add_up_to_the_county_and_to_the_rule(world, seed):
    rng = random.Random(seed)
    schools = build(world, rng)
    filing = Filing.objects.create(
        county=world.county, kind="census", agency=world.school, term=world.term,
        starts_on=OPENS, ends_on=world.term.ends_on,
    )  # fmt: skip
    frame = census.frame(world.term, ON)
    some = census.of_school(frame, world.school).children[:4]
    for child, code in zip(some, ("arrived", "unknown", "on_leave", "working"), strict=False):
        CensusAnswer.objects.create(
            filing=filing, student_id=child.pk, code=code, checked_by="x", checked_on=ON,
            answered_by=world.posts["teacher"], answered_at="2026-09-04T08:00:00+08:00",
        )  # fmt: skip
    codes = dict(filing.answers.values_list("student_id", "code"))
    slow = {one.child.pk: one for one in map(Slow, Student.objects.all())}
    wanted = {
        pk: (one.school.pk if one.school else None, one.source, one.why)
        for pk, one in slow.items()
        if one.counts
    }
    found = {}
    county = census.of_county(world.term, ON)
    for school in schools:
        rows = census.of_school(frame, school)
        for child in rows.children:
            assert child.pk not in found, "one child counts once"
            found[child.pk] = (school.pk, child.source, child.why)
            assert child.state == state(child.why, codes.get(child.pk, ""))
        counts = county.schools.get(school.pk, census.Counts())
        states = [child.state for child in rows.children]
        assert counts == census.Counts(
            len(states),
            *(states.count(one) for one in State),
            sum(child.is_unanswered for child in rows.children),
            rows.finished,
        )
    homeless = census.without_zone(frame, 100)
    found |= {child.pk: (None, child.source, child.why) for child in homeless}
    assert county.without_zone.expected == len(homeless)
    assert found == wanted
