"""Stories without absence: lawful placements, and a temporary number that became a real one."""

import io
from datetime import date, time, timedelta
from uuid import uuid5

from PIL import Image

from agencies.demo import County, acting
from agencies.documents.pictures import JPEG, Scan
from agencies.rules.duties import Position
from students.access import pupil_for
from students.demo import SchoolTime, at
from students.demo_rolls import Script
from students.models import EnrollmentRecord, Student, StudentNumber
from students.queries.home_teaching import usual_plan
from students.rules.enrollment import PlacementKind as Kind
from students.rules.home_teaching import Where
from students.rules.marks import Mark
from students.rules.placement_kinds import Asked, Issuer
from students.services import home_teaching, placement_applications
from students.services.home_teaching import PlanGiven, SessionSent
from students.services.placement_applications import Sent

# Key, kind, first and last day in days before (-) or after today, whose proof, its name.
PLACEMENTS = (
    ("on_suspension", Kind.SUSPENSION, -30, 45, Issuer.HOSPITAL, "县人民医院证明〔演示〕12号"),
    ("suspension_ended", Kind.SUSPENSION, -60, -6, Issuer.HOSPITAL, "县人民医院证明〔演示〕7号"),
    (
        "home_teaching", Kind.HOME_TEACHING, -90, 120, Issuer.DISABILITY,
        "残疾人教育专家委员会评估〔演示〕3号",
    ),
)  # fmt: skip
NUMBER = "new_number"
GOALS = "认读常用字，生活自理，坚持康复训练"
TAUGHT = ("认读生字，练习扣纽扣", "数到二十，听故事", "康复训练，认识钟表")
WEEK = timedelta(days=7)


def tell(county: County, named: dict[str, Student], time_: SchoolTime, script: Script) -> list[str]:
    """Before any roll is called. Returns the keys of the stories."""
    renumber(named[NUMBER], time_.present.starts_on)
    for key, kind, first, last, issuer, proof in PLACEMENTS:
        student = named[key]
        stay = EnrollmentRecord.objects.filter(student=student).earliest("starts_on")
        begin = max(time_.today + timedelta(days=first), stay.starts_on)
        end = time_.today + timedelta(days=last)
        asked = Asked(
            kind, begin, end, proof, "监护人", "身体原因不能到校", issuer, str(issuer.label),
            3 if kind == Kind.SUSPENSION else None,
        )  # fmt: skip
        _decided(county, student, stay, asked)
        if kind == Kind.HOME_TEACHING:
            _taught(county, student, stay, asked, time_.today)
        script.quiet.add(student.pk)
        for day in (*time_.days, time_.today):
            if day > end:  # ended without return: nobody knows
                script.marks[student.pk, day] = Mark.UNKNOWN
    return [NUMBER, *(key for key, *_rest in PLACEMENTS)]


def _decided(county: County, student: Student, stay: EnrollmentRecord, asked: Asked) -> None:
    """The school asks on the first day, the bureau decides on it the same afternoon."""
    day = asked.starts_on
    leader = acting(county.post(stay.school, Position.SCHOOL_LEADER), day)
    sent = Sent(asked, scan=Scan(JPEG, page()), whole=True)
    row = placement_applications.ask(leader, student, sent, at(day, time(9)))
    bureau = acting(county.post(county.bureau, Position.BUREAU_LEADER), day)
    placement_applications.approve(bureau, row.public_id, "同意", at(day, time(16)))


def _taught(
    county: County, student: Student, stay: EnrollmentRecord, asked: Asked, today: date
) -> None:
    """A plan, and a session each week but the last two."""
    day = asked.starts_on
    leader = acting(county.post(stay.school, Position.SCHOOL_LEADER), day)
    teacher = county.post(stay.school, Position.TEACHER)
    plan = usual_plan(student.county_id, day, asked.ends_on)
    given = PlanGiven(plan, teacher.public_id, GOALS, "监护人", day)
    pupil = pupil_for(leader, student.public_id)
    row = home_teaching.make(leader, pupil, given, at(day, time(17)))
    for nth in range((today - day) // WEEK - 1):
        on = day + nth * WEEK
        sent = SessionSent(
            uuid5(row.public_id, str(nth)), on, time(14, 30), plan.periods, Where.HOME,
            TAUGHT[nth % len(TAUGHT)], "监护人",
        )  # fmt: skip
        home_teaching.record(acting(teacher, on), row.public_id, sent, at(on, time(17)))


def page() -> bytes:
    """A blank page, as a scanner would send it."""
    made = io.BytesIO()
    Image.new("RGB", (420, 594), "white").save(made, "JPEG")
    return made.getvalue()


def renumber(student: Student, on: date) -> None:
    """L until the day before, G from the day on: one child, two dated numbers (rule 12)."""
    final = StudentNumber.objects.get(student=student)
    temporary = f"L330328{student.born_on:%Y%m%d}0001"
    first = final.starts_on
    final.starts_on = on
    final.save(update_fields=["starts_on"])
    StudentNumber.objects.create(
        student=student, number=temporary, starts_on=first, ends_on=on - timedelta(days=1)
    )
