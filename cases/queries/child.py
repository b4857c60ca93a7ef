"""One child: everything that its page and the API show, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from agencies.models import Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.policy import Key
from cases.models import Case
from cases.rules.disposition import Child, Disposition, disposition
from cases.rules.endings import Ending
from cases.rules.workflow import State
from students.models import (
    AbsenceRun,
    EnrollmentChange,
    EnrollmentRecord,
    Guardian,
    GuardianContact,
    Placement,
    Student,
    StudentNumber,
    Transfer,
)
from students.rules.identity import (
    Cohort,
    compulsory_cohort,
    full_years,
    school_year_of,
    stays_in_the_work,
)

CONTACTS = 20  # the newest; all of them stand in the API


@dataclass(frozen=True)
class SentAway:
    """A transfer, and what is owed first while nobody has confirmed it."""

    transfer: Transfer
    owed: Obligation | None
    days_left: int | None


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
    contacts: list[GuardianContact]
    transfers: list[SentAway]
    disposition: Disposition

    @property
    def enrollment(self) -> EnrollmentRecord | None:
        """The record of the day."""
        return next((row for row in self.enrollments if _holds(row, self.on)), None)

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
    transfers = sent_away(student, on)
    latest = transfers[0].transfer.confirmed_on if transfers else None
    since = next((row.starts_on for row in enrollments if _holds(row, on)), None)
    known = Child(
        born_on=student.born_on,
        enrolled=since is not None,
        enrolled_since=since,
        case_state=case.state if case else None,
        placements=tuple(placement.facts for placement in placements),
        completed_on=student.completed_on,
        died_on=student.died_on,
        transferred=latest is not None and latest <= on,
        abroad=_abroad(case, enrollments, on),
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
        contacts=list(
            GuardianContact.objects.filter(student=student)
            .select_related("by__user", "by__agency")
            .order_by("-at", "-pk")[:CONTACTS]
        ),
        transfers=transfers,
        disposition=disposition(known, on, cohort),
    )


def _holds(row: EnrollmentRecord, on: date) -> bool:
    return row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)


def _abroad(case: Case | None, enrollments: list[EnrollmentRecord], on: date) -> bool:
    """The case ended because the child moved abroad, and no roster has taken it up since."""
    if case is None or case.state != State.CLOSED or case.episode.ending != Ending.ABROAD:
        return False
    ended_on = case.episode.ended_on
    return ended_on is not None and not any(ended_on < row.starts_on <= on for row in enrollments)


def sent_away(student: Student, on: date) -> list[SentAway]:
    """The transfers of the child, newest first, each with its open duty."""
    rows = list(
        Transfer.objects.filter(student=student).select_related("school").order_by("-asked_on")
    )
    if not rows:
        return []
    keys = {key: row.pk for row in rows for key in row.keys}
    owed: dict[int, Obligation] = {}
    open_ones = Obligation.objects.open().filter(county_id=student.county_id, key__in=keys)
    for one in open_ones.order_by("due_at"):
        owed[keys[one.key]] = one  # of two the later: the first is over, the second still helps
    calendar = working_calendar()
    found = []
    for row in rows:
        duty = owed.get(row.pk)
        found.append(SentAway(row, duty, _days_left(calendar, on, duty.due_on) if duty else None))
    return found


def _days_left(calendar: WorkingCalendar, on: date, due_on: date) -> int:
    """Working days; a last day that has passed is late by one at least."""
    left = calendar.working_days_left(on, due_on)
    return min(left, -1) if due_on < on else left
