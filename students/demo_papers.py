"""Stories without absence: lawful placements, and a temporary number that became a real one."""

from datetime import date, timedelta

from agencies.rules.scope import HeldPost
from students.demo import SchoolTime
from students.demo_rolls import Script
from students.models import Student, StudentNumber
from students.rules.enrollment import PlacementFacts, PlacementKind
from students.rules.marks import Mark
from students.services import placements

# Key, kind, first and last day in days before (-) or after today, proof.
PLACEMENTS = (
    ("on_suspension", PlacementKind.SUSPENSION, -30, 45, "县人民医院诊断证明〔演示〕第12号"),
    ("suspension_ended", PlacementKind.SUSPENSION, -60, -6, "县人民医院诊断证明〔演示〕第7号"),
    ("home_teaching", PlacementKind.HOME_TEACHING, -90, 120, "残疾人教育专家委员会评估〔演示〕3号"),
)
NUMBER = "new_number"


def tell(named: dict[str, Student], time_: SchoolTime, by: HeldPost, script: Script) -> list[str]:
    """Before any roll is called. Returns the keys of the stories."""
    renumber(named[NUMBER], time_.present.starts_on)
    for key, kind, first, last, proof in PLACEMENTS:
        student = named[key]
        begin, end = (time_.today + timedelta(days=days) for days in (first, last))
        facts = PlacementFacts(kind, begin, end, proof)
        placements.approve(student, facts, by, time_.today)
        script.quiet.add(student.pk)
        for day in (*time_.days, time_.today):
            if day > end:  # ended without return: nobody knows
                script.marks[student.pk, day] = Mark.UNKNOWN
    return [NUMBER, *(key for key, *_rest in PLACEMENTS)]


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
