"""A hand-made morning in the county of tests/support/world.py, with its counts known by heart."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from agencies.models import Obligation
from agencies.rules.deadlines import CHINA, end_of_day
from agencies.rules.obligations import ObligationKind
from cases.models import Case, CaseEvent, CaseObligation, Episode
from cases.rules.workflow import State
from students.models import AbsenceRun, EnrollmentRecord, Roll, RollMark, SchoolClass, Student
from tests.support.world import World, pupil

TODAY = date(2026, 10, 12)
NOW = datetime(2026, 10, 12, 10, 0, tzinfo=CHINA)
FRIDAY = date(2026, 10, 9)


@dataclass
class Morning:
    world: World
    other_pupils: list[Student] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)


def roll(
    school_class: SchoolClass, day: date, marks: dict[Student, str], state: str = "taken"
) -> Roll:
    made = Roll.objects.create(
        county=school_class.county,
        school_class=school_class,
        day=day,
        state=state,
        reason="" if state == "taken" else "power cut",
        taken_by=school_class.school.posts.first(),
        taken_at=datetime(day.year, day.month, day.day, 8, 12, tzinfo=CHINA),
    )
    for student, mark in marks.items():
        RollMark.objects.create(
            county=school_class.county, roll=made, student=student, day=day, mark=mark
        )
    return made


def run(student: Student, term: object, starts_on: date, last_on: date, days: int) -> AbsenceRun:
    return AbsenceRun.objects.create(
        county=student.county,
        student=student,
        term=term,
        starts_on=starts_on,
        last_on=last_on,
        days=days,
        crossed_on=last_on if days > 3 else None,
    )


def case(student: Student, state: str, on: date, *, returned_on: date | None = None) -> Case:
    """A case in this state since the day, with one event; school and class of that day."""
    record = EnrollmentRecord.objects.on(on).filter(student=student).first()
    made = Case.objects.create(
        county=student.county,
        number=f"KC-{student.pk}",
        student=student,
        household=student.household,
        school=record.school if record else None,
        school_class=record.school_class if record else None,
        state=state,
        state_since=on,
    )
    at = datetime(on.year, on.month, on.day, 9, 0, tzinfo=CHINA)
    made.current = Episode.objects.create(
        case=made, number=1, origin="run", trigger_date=on, opened_at=at, returned_on=returned_on
    )
    made.save()
    event(made, state, on)
    return made


def event(case: Case, after: str, on: date, hour: int = 9) -> CaseEvent:
    return CaseEvent.objects.create(
        case=case,
        episode=case.current.number,
        action="test",
        after=after,
        on=on,
        at=datetime(on.year, on.month, on.day, hour, 0, tzinfo=CHINA),
    )


def duty(case: Case, world: World, due_on: date) -> Obligation:
    owed = Obligation.objects.create(
        county=case.county,
        kind=ObligationKind.VERIFY,
        key=f"{case.number}-{due_on}",
        subject=f"case:{case.pk}",
        region_path=world.township.path,
        owed_by=world.town_hall,
        starts_on=due_on - timedelta(days=5),
        due_on=due_on,
        due_at=end_of_day(due_on),
    )
    CaseObligation.objects.create(case=case, obligation=owed)
    return owed


def nowhere(world: World) -> Student:
    """A child on no roster, living in the village of the first township."""
    child = pupil(world.school_class, "无校生", world.village)
    EnrollmentRecord.objects.filter(student=child).delete()
    return child


def morning(world: World) -> Morning:
    """Monday 2026-10-12, ten o'clock.

    大峃镇实验学校 7(3): 6 pupils, called: 1 sick, 1 personal, 1 unexcused (run of 4 days with an
    overdue case), 1 unknown. 大峃镇第二小学 3(1): 2 pupils, no roll. 百丈漈镇中心学校 8(1):
    3 pupils, not held; one lives in 大峃镇; one is back and being followed. A child in no school
    has a confirmed case.
    """
    made = Morning(world)
    zhang, li, wang, liu, *_ = world.pupils
    for name in ("钱一", "钱二"):
        made.other_pupils.append(pupil(world.second_class, name, world.village))
    for name, home in (
        ("赵一", world.other_village),
        ("赵二", world.other_village),
        ("赵三", world.village),
    ):
        made.other_pupils.append(pupil(world.other_class, name, home))
    days = [date(2026, 9, 30), date(2026, 10, 8), FRIDAY]
    for day in days:
        roll(world.school_class, day, {zhang: "unexcused"})
    roll(
        world.school_class,
        TODAY,
        {zhang: "unexcused", li: "sick_leave", wang: "personal_leave", liu: "unknown"},
    )
    roll(world.other_class, TODAY, {}, "not_held")
    run(zhang, world.term, days[0], TODAY, 4)
    suspected = case(zhang, State.SUSPECTED, FRIDAY)
    duty(suspected, world, FRIDAY)
    returned = case(made.other_pupils[2], State.RETURNED, FRIDAY, returned_on=FRIDAY)
    duty(returned, world, date(2026, 11, 6))
    made.cases = [suspected, returned, case(nowhere(world), State.CONFIRMED, FRIDAY)]
    return made
