"""One child: everything that its page and the API show, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from cases.models import Case
from cases.rules.disposition import Child, Disposition, disposition
from students.models import (
    AbsenceRun,
    EnrollmentChange,
    EnrollmentRecord,
    Guardian,
    Placement,
    Student,
    StudentNumber,
)
from students.rules.identity import (
    Cohort,
    compulsory_cohort,
    full_years,
    school_year_of,
    stays_in_the_work,
)


@dataclass(frozen=True)
class ChildPage:
    student: Student
    on: date
    age: int
    cohort: Cohort
    enrollments: list[EnrollmentRecord]
    changes: list[EnrollmentChange]
    numbers: list[StudentNumber]
    guardians: list[Guardian]
    placements: list[Placement]
    run: AbsenceRun | None
    case: Case | None
    disposition: Disposition

    @property
    def enrollment(self) -> EnrollmentRecord | None:
        """The record of the day."""
        return next(
            (
                row
                for row in self.enrollments
                if row.starts_on <= self.on and (row.ends_on is None or row.ends_on >= self.on)
            ),
            None,
        )

    @property
    def stays_in_the_work(self) -> bool:
        """Of compulsory age, or past it without having completed grade 9 (rule 9)."""
        completed = self.student.completed_on is not None
        return stays_in_the_work(self.student.born_on, self.cohort, completed)

    @property
    def of_compulsory_age(self) -> bool:
        return self.student.born_on in self.cohort


def child_page(student: Student, on: date) -> ChildPage:
    policy = in_force(student.county_id, on)
    cohort = compulsory_cohort(
        school_year_of(on), policy.number(Key.ENTRY_AGE), policy.number(Key.SCHOOLING_YEARS)
    )
    enrollments = list(
        EnrollmentRecord.objects.filter(student=student)
        .select_related("school", "school_class")
        .order_by("-starts_on")
    )
    placements = list(Placement.objects.filter(student=student).order_by("-starts_on"))
    case = Case.objects.filter(student=student).select_related("current").first()
    known = Child(
        born_on=student.born_on,
        enrolled=any(
            row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)
            for row in enrollments
        ),
        case_state=case.state if case else None,
        placements=tuple(placement.facts for placement in placements),
        completed_on=student.completed_on,
        died_on=student.died_on,
    )
    return ChildPage(
        student=student,
        on=on,
        age=full_years(student.born_on, on),
        cohort=cohort,
        enrollments=enrollments,
        changes=list(EnrollmentChange.objects.filter(student=student).order_by("-on", "-pk")),
        numbers=list(StudentNumber.objects.filter(student=student).order_by("-starts_on")),
        guardians=list(Guardian.objects.filter(student=student).order_by("order")),
        placements=placements,
        run=AbsenceRun.objects.filter(student=student).going_on(on).order_by("-starts_on").first(),
        case=case,
        disposition=disposition(known, on, cohort),
    )
