"""The facts that a decision about a case rests on, fetched for the pure rules."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from agencies.queries.policy import in_force
from agencies.rules.policy import Key
from agencies.rules.scope import Scope
from cases.models import Case
from cases.rules.follow_up import FollowUp, follow_up
from cases.rules.workflow import BACK, Facts, State
from students.models import RollMark, Term
from students.queries.calendars import school_calendars
from students.queries.history import school_days_of
from students.rules.absence import SchoolDay
from students.rules.marks import Mark


def school_days_since(case: Case, first: date, last: date) -> list[SchoolDay]:
    """The child's school days from first to last, over as many terms as there are."""
    terms = Term.objects.filter(
        county_id=case.county_id, ends_on__gte=first, starts_on__lte=last
    ).order_by("starts_on")
    days: list[SchoolDay] = []
    for term in terms:
        days += school_days_of([case.student_id], term, first, last)[case.student_id]
    return days


def follow_up_of(case: Case, today: date) -> FollowUp | None:
    """How far the follow-up of a child who is back has come; None when it is not back."""
    if State(case.state) not in BACK or case.current is None or case.current.returned_on is None:
        return None
    required = in_force(case.county_id, today).number(Key.FOLLOW_UP_DAYS)
    return follow_up(school_days_since(case, case.current.returned_on, today), required)


def return_problem(case: Case, on: date, today: date) -> Reason | None:
    """Why the child cannot be back on this day: future, no school day, absent in the roll."""
    if on > today:
        return Reason("future", _("The day of return lies in the future."), "on")
    if case.school_id is not None:
        term = Term.objects.filter(
            county_id=case.county_id, starts_on__lte=on, ends_on__gte=on
        ).first()
        calendar = school_calendars(term, [case.school_id])[case.school_id] if term else None
        if calendar is None or not calendar.is_school_day(on):
            return Reason("not_school_day", _("The day of return is not a school day."), "on")
    absent = (Mark.UNEXCUSED, Mark.UNKNOWN, Mark.SICK_LEAVE, Mark.PERSONAL_LEAVE)
    if RollMark.objects.filter(student_id=case.student_id, day=on, mark__in=absent).exists():
        text = _("The roll of that day shows the child absent.")
        return Reason("absent_in_roll", text, "on")
    return None


def facts_for(case: Case, scope: Scope, on: date, note: str) -> Facts:
    """All facts of one case, asked once for every action that the page offers."""
    progress = follow_up_of(case, scope.on)
    episode = case.current
    asked_by = episode.asked_by if episode else None
    facts = Facts(
        note=note,
        run_withdrawn=bool(episode and episode.run_withdrawn),
        follow_up_missing=progress.missing if progress else 0,
        same_person_asked=asked_by is not None and asked_by.user_id == scope.user_id,
    )
    if State(case.state) in BACK:
        return facts
    return replace(facts, return_day_problem=return_problem(case, on, scope.on))
