"""The facts that a decision about a case rests on, fetched for the pure rules."""

from dataclasses import replace
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from agencies.queries.policy import number_in_force
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.policy import CATALOGUE, Key
from agencies.rules.scope import Scope
from cases.models import Case
from cases.rules import endings
from cases.rules.endings import Asked, Records
from cases.rules.follow_up import FollowUp, follow_up
from cases.rules.workflow import BACK, Facts, State
from students.models import EnrollmentRecord, Placement, RollMark, Student, Transfer
from students.queries.calendars import school_calendars, terms_between
from students.queries.history import placement_of, school_days_of
from students.rules.absence import SchoolDay
from students.rules.marks import Mark


def follow_up_of(
    case: Case, today: date, working: WorkingCalendar | None = None
) -> FollowUp | None:
    """How far the follow-up of a child who is back has come; None when it is not back.

    The school days since the return, over as many terms as there are, counted from the roll.
    """
    if State(case.state) not in BACK or case.current is None or case.current.returned_on is None:
        return None
    since = case.current.returned_on
    required = int(CATALOGUE[Key.FOLLOW_UP_DAYS].default)
    days: list[SchoolDay] = []
    terms = terms_between(case.county_id, since, today)
    for term in terms.annotate(required=number_in_force(Key.FOLLOW_UP_DAYS, today)):
        required = term.required
        found = school_days_of([case.student_id], term, since, today, working)
        days += found[case.student_id]
    return follow_up(days, required)


def return_problem(case: Case, on: date, today: date) -> Reason | None:
    """Why the child cannot be back on this day: future, no school day, absent in the roll."""
    if on > today:
        return Reason("future", _("The day of return lies in the future."), "/on")
    if case.current and case.current.returned_on:
        return Reason("returned", _("The return of this child is recorded already."), "/on")
    if case.student.died_on and case.student.died_on <= on:
        return Reason("died", _("The child has died."), "/on")
    if case.school_id is not None:
        term = terms_between(case.county_id, on, on).first()
        calendar = school_calendars(term, [case.school_id])[case.school_id] if term else None
        if calendar is None or not calendar.is_school_day(on):
            return Reason("not_school_day", _("The day of return is not a school day."), "/on")
    absent = (Mark.UNEXCUSED, Mark.UNKNOWN, Mark.SICK_LEAVE, Mark.PERSONAL_LEAVE)
    if RollMark.objects.filter(student_id=case.student_id, day=on, mark__in=absent).exists():
        text = _("The roll of that day shows the child absent.")
        return Reason("absent_in_roll", text, "/on")
    return None


def records_of(student_id: int, on: date) -> Records:
    """What the registers say of the child on the day, in one query."""
    student = OuterRef("pk")
    period = {"starts_on": "starts_on", "ends_on": "ends_on"}
    placement = JSONObject(kind="kind", proof="proof", returned_on="returned_on", **period)
    newest = Transfer.objects.filter(student=student).order_by("-asked_on", "-pk")
    born_on, enrolled, completed_on, died_on, transferred_on, placements = (
        Student.objects.filter(pk=student_id)
        .values_list(
            "born_on",
            Exists(EnrollmentRecord.objects.on(on).filter(student=student)),
            "completed_on",
            "died_on",
            Subquery(newest.values("confirmed_on")[:1]),
            ArraySubquery(Placement.objects.filter(student=student).values(data=placement)),
        )
        .get()
    )
    away = tuple(placement_of(one) for one in placements)
    return Records(born_on, enrolled, completed_on, died_on, transferred_on, away)


def facts_for(case: Case, scope: Scope, on: date, note: str, asked: Asked | None = None) -> Facts:
    """All facts of one case on which a decision of this day rests. asked: the end asked for now."""
    facts = known_facts(case, scope, follow_up_of(case, scope.on), note)
    if asked is not None:
        facts = replace(facts, end=_against(case, asked, scope.on))
    if State(case.state) in BACK:
        return facts
    return replace(facts, return_day_problem=return_problem(case, on, scope.on))


def known_facts(case: Case, scope: Scope, progress: FollowUp | None, note: str) -> Facts:
    """What the case itself says; the day of return and the end that is asked for, a form asks."""
    episode, student = case.current, case.student
    asked_by = episode.asked_by if episode else None
    waits = episode is not None and case.state == State.END_REQUESTED
    asked = Asked(episode.ending, episode.ending_proof) if episode and waits else None
    return Facts(
        note=note,
        run_withdrawn=bool(episode and episode.run_withdrawn),
        follow_up_missing=progress.missing if progress else 0,
        same_person_asked=asked_by is not None and asked_by.user_id == scope.user_id,
        end=_against(case, asked, scope.on) if asked else (),
        gone=tuple(endings.gone(student.completed_on, student.died_on, scope.on)),
        asked_from=State(episode.asked_from) if episode and episode.asked_from else None,
    )


def _against(case: Case, asked: Asked, today: date) -> tuple[Reason, ...]:
    return tuple(endings.problems(asked, records_of(case.student_id, today), today))
