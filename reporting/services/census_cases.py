"""The case of a child that the term-start check finds out of school (S1-54, S1-57)."""

from collections.abc import Iterable
from datetime import datetime

from agencies.rules.scope import Scope
from cases.models import Case
from cases.models.case import Origin
from cases.rules.workflow import OUT_OF_SCHOOL
from cases.services import opening
from cases.services.opening import ByHand
from reporting.queries.census import Child
from reporting.rules.expected import Given, Source, Why
from reporting.rules.whereabouts import Whereabouts
from students.models import Student

NEVER_ENROLLED = (Source.ENTRANT, Source.OLDER)
ORIGINS = {
    Whereabouts.UNKNOWN: Origin.WHEREABOUTS_UNKNOWN,
    Whereabouts.SAID_ELSEWHERE: Origin.WHEREABOUTS_UNKNOWN,
    Whereabouts.WORKING: Origin.REPORTED,
    Whereabouts.REFUSES: Origin.REPORTED,
}


def case_for(scope: Scope, child: Child, given: Given, now: datetime) -> int:
    """The key of the case that is open for the child, or of the one that is opened now."""
    student = Student.objects.select_for_update(of=("self",)).get(pk=child.pk)
    known = Case.objects.open().filter(student=student).first()
    if known is not None:
        return known.pk
    why = ByHand(_origin(child, given), given.checked_on, given.note.strip())
    return opening.open_by_hand(scope, student, why, now).pk


def out_of_school(children: Iterable[Child]) -> set[int]:
    """Keys of those whose case says that they are out of school."""
    open_cases = Case.objects.filter(
        student__in=[child.pk for child in children], state__in=OUT_OF_SCHOOL
    )
    return set(open_cases.values_list("student_id", flat=True))


def _origin(child: Child, given: Given) -> Origin:
    if child.source in NEVER_ENROLLED and child.why == Why.NOT_ENROLLED:
        return Origin.NEVER_ENROLLED
    return ORIGINS[Whereabouts(given.code)]
