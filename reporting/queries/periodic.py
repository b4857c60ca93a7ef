"""Figures of a month or quarter for each school of a county, in a fixed number of statements.

Counts only: these reports name no child. Lists stand behind the board and the cases.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from cases.models import CaseEvent
from cases.rules.endings import Ending
from cases.rules.workflow import State
from reporting.queries.period_groups import Groups, by_group
from reporting.queries.period_rows import at_school, enrolled, of_children
from reporting.rules.filings import FilingKind
from reporting.rules.periods import Period
from students.models import (
    EnrollmentChange,
    GuardianContact,
    Placement,
    RollMark,
    Term,
)
from students.rules.enrollment import Change
from students.rules.marks import Mark

# What is counted, in the order of the paper, with the words of the documents.
LABELS = {
    "pupils_start": "期初在册学生",
    "pupils_end": "期末在册学生",
    "came": "转入及新入学",
    "left": "转出及离校",
    "unexcused_days": "旷课人次（日）",
    "runs": "连续旷课超过规定天数",
    "cases_opened": "新立个案",
    "returned": "劝返复学",
    "cases_closed": "销号个案",
    "cases_open": "期末在办个案",
    "contacts": "联系监护人次数",
    "placements_ending": "期内到期的合法离校安排",
    "rolls_missing": "缺点名（班·日）",
}
Figures = dict[str, int]
NONE: Figures = dict.fromkeys(LABELS, 0)


@dataclass(frozen=True)
class Moves:
    """Changes that brought children to a school or took them away, by kind."""

    came: dict[Change, int] = field(default_factory=dict)
    left: dict[Change, int] = field(default_factory=dict)


def figures(county_id: int, span: Period, schools: Iterable[Agency]) -> dict[int, Figures]:
    """By the key of the school; every school that is asked for has all the figures."""
    ids = [school.pk for school in schools]
    counts: dict[str, dict[int, int]] = {
        **{key: _by(one.rows, one.school) for key, one in of_children(ids, span).items()},
        "pupils_start": _by(enrolled(ids, span.first), "school"),
        "came": _by(_came(ids, span), "after__school"),
        "left": _by(_left(ids, span), "before__school"),
        **_of_days(ids, span),
        "cases_closed": _by(_closed(ids, span), "case__school"),
        "rolls_missing": _rolls_missing(county_id, span),
    }
    return {pk: {key: counts[key].get(pk, 0) for key in LABELS} for pk in ids}


def moves(span: Period, school: Agency) -> Moves:
    """Of one school: what the two figures consist of."""
    ids = [school.pk]
    return Moves(_kinds(_came(ids, span)), _kinds(_left(ids, span)))


def _by(rows: QuerySet, school: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(school).annotate(number=Count("pk")))


def _came(ids: list[int], span: Period) -> QuerySet:
    """Onto the roster of a school from outside it; promotion within it is no coming."""
    rows = EnrollmentChange.objects.filter(on__range=(span.first, span.last))
    inside = Q(before__school=F("after__school"))
    return rows.filter(Q(before__isnull=True) | ~inside, after__school__in=ids)


def _left(ids: list[int], span: Period) -> QuerySet:
    rows = EnrollmentChange.objects.filter(on__range=(span.first, span.last))
    inside = Q(before__school=F("after__school"))
    return rows.filter(Q(after__isnull=True) | ~inside, before__school__in=ids)


def _kinds(rows: QuerySet) -> dict[Change, int]:
    found = rows.order_by("kind").values_list("kind").annotate(number=Count("pk"))
    return {Change(kind): number for kind, number in found}


def _of_days(ids: list[int], span: Period) -> dict[str, dict[int, int]]:
    """What the rolls, the contact log and the placements say of these days."""
    days = (span.first, span.last)
    marks = RollMark.objects.filter(
        mark=Mark.UNEXCUSED, day__range=days, roll__school_class__school__in=ids
    )
    contacts = GuardianContact.objects.filter(on__range=days, by__agency__in=ids)
    ending = Placement.objects.filter(ends_on__range=days)
    return {
        "unexcused_days": _by(marks, "roll__school_class__school"),
        "contacts": _by(contacts, "by__agency"),
        "placements_ending": _by(at_school(ending, "ends_on", ids), "school"),
    }


def _closed(ids: list[int], span: Period) -> QuerySet:
    """Closures in these days; a case that was opened by mistake is none."""
    closed = CaseEvent.objects.filter(
        after=State.CLOSED, on__range=(span.first, span.last), case__school__in=ids
    )
    mistaken = Q(detail__has_key="ending", detail__ending=Ending.MISTAKE)  # else NULL, not false
    return closed.exclude(before=State.CLOSED).exclude(mistaken)


# A class has pupils from its first enrollment to its last; rolls of days without school, in no
# term or closed, are not missing.
ROLLS_MISSING = """
WITH class AS MATERIALIZED (
    SELECT e.school_class_id AS id, e.school_id, min(e.starts_on) AS since,
        max(COALESCE(e.ends_on, 'infinity'::date)) AS until
    FROM students_enrollmentrecord e
    WHERE e.county_id = %(county)s AND e.starts_on <= %(last)s
        AND (e.ends_on IS NULL OR e.ends_on >= %(first)s)
    GROUP BY 1, 2
)
SELECT c.school_id, count(*) FROM class c
JOIN unnest(%(days)s::date[]) AS d(day) ON d.day BETWEEN c.since AND c.until
LEFT JOIN students_roll r ON r.school_class_id = c.id AND r.day = d.day
WHERE r.id IS NULL AND NOT EXISTS (
    SELECT FROM students_closedday x
    WHERE x.county_id = %(county)s AND x.day = d.day
        AND (x.school_id IS NULL OR x.school_id = c.school_id))
GROUP BY 1"""


def _rolls_missing(county_id: int, span: Period) -> dict[int, int]:
    """Class days of the school days of the period that have no roll."""
    working = working_calendar()
    terms = Term.objects.filter(
        county=county_id, starts_on__lte=span.last, ends_on__gte=span.first
    ).values_list("starts_on", "ends_on")
    days = [
        day
        for opens, ends in terms
        for day in working.working_days(max(opens, span.first), min(ends, span.last))
    ]
    params: dict[str, Any] = {
        "county": county_id,
        "first": span.first,
        "last": span.last,
        "days": days,
    }
    with connection.cursor() as cursor:
        cursor.execute(ROLLS_MISSING, params)
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Review:
    """A quarter of a county: each school's figures, and the monthly reports that are not there.

    unreported: school and month (its last day) of each report that nobody has signed. groups: what
    the totals are of each focus group.
    """

    rows: list[tuple[Agency, Figures]]
    totals: Figures
    groups: Groups
    unreported: list[tuple[str, date]]
    late: int


def review(county_id: int, span: Period) -> Review:
    schools = list(
        Agency.objects.on(span.last).schools().filter(county_id=county_id).order_by("code")
    )
    found = figures(county_id, span, schools)
    totals: Counter[str] = Counter()
    for one in found.values():
        totals.update(one)
    monthly = Obligation.objects.filter(
        county=county_id, kind=FilingKind.MONTHLY, starts_on__range=(span.first, span.last)
    )
    missing = monthly.open().order_by("starts_on", "owed_by__code")
    return Review(
        rows=[(school, found[school.pk]) for school in schools],
        totals=NONE | dict(totals),
        groups=by_group(span, schools),
        unreported=list(missing.values_list("owed_by__name", "starts_on")),
        late=monthly.filter(late=True).count(),
    )
