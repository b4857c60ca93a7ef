"""The rows behind the figures of a month or quarter that count children, and whose they are."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import OuterRef, Q, QuerySet, Subquery

from agencies.rules.deadlines import CHINA, end_of_day
from cases.models import Case, Episode
from cases.rules.endings import NO_RETURN
from reporting.rules.periods import Period
from students.models import AbsenceRun, EnrollmentRecord


@dataclass(frozen=True)
class Counted:
    """rows: each counts once. school, student: where the rows keep their school and child."""

    rows: QuerySet
    school: str
    student: str = "student"


def of_children(ids: list[int], span: Period) -> dict[str, Counted]:
    """By the key of the figure, in the order of the paper. ids: keys of the schools."""
    first, end = datetime.combine(span.first, time.min, CHINA), end_of_day(span.last)
    days = (span.first, span.last)
    runs = AbsenceRun.objects.filter(crossed_on__range=days)
    episodes = Episode.objects.filter(case__school__in=ids)
    opened = episodes.filter(opened_at__gte=first, opened_at__lt=end)
    no_return = Q(ending__in=sorted(NO_RETURN), ended_on__lte=span.last)
    returned = episodes.filter(returned_on__range=days).exclude(no_return)
    # Going on: opened before the end and not ended by then; a case counts once.
    lasting = Q(ended_on__isnull=True) | Q(ended_on__gte=span.last)
    going_on = episodes.filter(lasting, opened_at__lt=end).values("case")
    return {
        "pupils_end": Counted(enrolled(ids, span.last), "school"),
        "runs": Counted(at_school(runs, "crossed_on", ids), "school"),
        "cases_opened": Counted(opened, "case__school", "case__student"),
        "returned": Counted(returned, "case__school", "case__student"),
        "cases_open": Counted(Case.objects.filter(pk__in=going_on), "school"),
    }


def enrolled(ids: list[int], day: date) -> QuerySet:
    return EnrollmentRecord.objects.on(day).filter(school__in=ids)


def at_school(rows: QuerySet, day: str, ids: list[int]) -> QuerySet:
    """Adds school: where the child was on the roster on that day of the row."""
    then = EnrollmentRecord.objects.on(OuterRef(day)).filter(student=OuterRef("student"))
    return rows.annotate(school=Subquery(then.values("school")[:1])).filter(school__in=ids)
