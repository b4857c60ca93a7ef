"""The obligations that follow from a case's state: who owes what next, until when."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import TypedDict, Unpack

from django.utils.translation import gettext_noop

from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau, townships_of
from agencies.rules.calendar import DAY
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.services import obligations, recompute
from agencies.services.obligations import Ground, Owed
from cases.models import Case, CaseEvent, CaseObligation
from cases.rules.follow_up import FollowUp
from cases.rules.team import OF_SCHOOL, SEAT_OF, Seat
from cases.rules.workflow import Action, State
from students.models import EnrollmentRecord, Roll
from students.queries.calendars import school_calendars, terms_between

A_YEAR = timedelta(days=366)
# Why the duties of a case have fallen away.
OVER: dict[State, str] = {
    State.CLOSED: gettext_noop("the case is closed"),
    State.DISMISSED: gettext_noop("the case is dismissed"),
}
NEW_EPISODE = gettext_noop("the child is absent again")
RETURNED = gettext_noop("the child is back")
# What an action fulfils, and what is owed after it with the period that it takes.
FULFILS: dict[Action, tuple[ObligationKind, ...]] = {
    Action.VERIFY: (),
    Action.CONFIRM: (ObligationKind.VERIFY,),
    Action.DISMISS: (ObligationKind.VERIFY,),
    Action.VISIT: (),  # what it meets depends on how it was made: services/visits.py
    Action.RECORD_RETURN: (ObligationKind.VERIFY,),
    Action.REQUEST_CLOSURE: (ObligationKind.CLOSURE, ObligationKind.FOLLOW_UP),
    Action.APPROVE_CLOSURE: (ObligationKind.DECIDE,),
    Action.REFUSE_CLOSURE: (ObligationKind.DECIDE,),
    Action.APPROVE_END: (ObligationKind.DECIDE,),
    Action.REFUSE_END: (ObligationKind.DECIDE,),
}


def follow(case: Case, action: Action, on: date, now: datetime) -> None:
    """Fulfil what the action answers and raise what is owed next."""
    fulfil(case, FULFILS.get(action, ()), now)
    if action is Action.CONFIRM:
        owe(case, ObligationKind.VISIT, on, now)
        owe(case, ObligationKind.PLAN, on, now)
    elif action is Action.RECORD_RETURN:
        obligations.waive(open_of(case, (ObligationKind.DECIDE,)), RETURNED, now)
        _no_more_visits(case, now)
        owe_follow_up(case, on, now)
        if case.school_id:
            owe(case, ObligationKind.CATCH_UP, on, now)
    elif action is Action.REFUSE_CLOSURE:
        owe(case, ObligationKind.CLOSURE, on, now)
    elif action in (Action.REQUEST_CLOSURE, Action.REQUEST_END):
        owe(case, ObligationKind.DECIDE, on, now)


def _no_more_visits(case: Case, now: datetime) -> None:
    """The child is back: a visit that is owed falls away undone, one that is overdue stays late."""
    owed = open_of(case, (ObligationKind.VISIT,))
    late = Obligation.objects.overdue(now).filter(pk__in=owed)
    obligations.fulfil(list(late.values_list("pk", flat=True)), now)
    obligations.waive(owed, RETURNED, now)


class Own(TypedDict, total=False):
    """What a duty may have of its own, beside its kind and dates.

    seat: who of the team does it; without it the seat of the kind (rules/team.py).
    key: tells several of one kind and day apart. owed_by: without it the body of the seat.
    page: below the case, on which it is answered.
    """

    seat: str
    key: str
    owed_by: Agency
    page: str


def owe(
    case: Case, kind: ObligationKind, starts_on: date, now: datetime, **own: Unpack[Own]
) -> Obligation:
    """Raise one obligation of the case; the same from the same day is raised once."""
    return _raise(case, _owed(case, kind, starts_on, own), now, own.get("seat", ""))


def owe_until(
    case: Case,
    kind: ObligationKind,
    starts_on: date,
    due_on: date,
    now: datetime,
    **own: Unpack[Own],
) -> Obligation:
    """The same with a last day that was agreed, or that follows from the matter."""
    owed = replace(_owed(case, kind, starts_on, own), due_on=due_on)
    return _raise(case, owed, now, own.get("seat", ""))


def _owed(case: Case, kind: ObligationKind, starts_on: date, own: Own | None = None) -> Owed:
    mine = own or Own()
    seat = mine.get("seat", "") or SEAT_OF.get(kind, "")
    return Owed(
        kind=kind,
        key=f"{kind}:{case.public_id}:{starts_on.isoformat()}:{mine.get('key', '')}",
        subject=case.number,
        href=f"/cases/{case.public_id}/{mine.get('page', '')}",
        owed_by=mine.get("owed_by") or _body(case, seat, starts_on),
        owed_to=bureau(case.county_id, starts_on),
        starts_on=starts_on,
        region_path=case.household.region.path,
    )


def _raise(case: Case, owed: Owed, now: datetime, seat: str = "") -> Obligation:
    """What was met or waived already does not stand in the way of the same from the same day."""
    ground = Ground(in_force(case.county_id, owed.starts_on), working_calendar(), now)
    for again in count():
        one = replace(owed, key=f"{owed.key}#{again}") if again else owed
        (obligation,) = obligations.raise_all(case.county_id, [one], ground)
        if obligation.state(now) in ("open", "overdue"):
            break
    CaseObligation.objects.get_or_create(
        obligation=obligation,
        defaults={"case": case, "seat": seat or SEAT_OF.get(owed.kind, "")},
    )
    return obligation


def owe_others(case: Case, owed: Owed, now: datetime) -> Obligation:
    """What a body outside the team owes because of the case: it ends with the case all the same."""
    return _raise(case, owed, now)


def next_visit(case: Case, visited_on: date, next_on: date | None, now: datetime) -> None:
    """After a visit the next one is owed: on the agreed day, or after the usual interval."""
    owed = _owed(case, ObligationKind.VISIT, visited_on)
    again = f"{owed.key}{next_on or 'interval'}"
    days = None if next_on else Key.VISIT_INTERVAL_DAYS
    _raise(case, replace(owed, key=again, due_on=next_on, days=days), now)


def owe_follow_up(case: Case, back_on: date, now: datetime) -> None:
    """The school follows the child until the set number of school days is in the roll (rule 14)."""
    until = day_followed_up(case, back_on)
    owed = _owed(case, ObligationKind.FOLLOW_UP, back_on)
    _raise(case, replace(owed, due_on=until), now)
    owe(case, ObligationKind.CLOSURE, until, now)


def keep_follow_up(case: Case, progress: FollowUp, now: datetime) -> bool:
    """The follow-up and the closure after it are owed when the roll says (rule 14).

    A restart or a closed day moves both; the twentieth day meets the follow-up with its last roll.
    Returns whether something has changed.
    """
    since = progress.restarted_on or case.episode.returned_on
    if since is None:
        return False
    until = progress.done_on or day_followed_up(case, since, int(progress.restarted_on == since))
    moved = _move(case, ObligationKind.CLOSURE, max(until, _refused_on(case) or until), None, now)
    if progress.done_on:
        met_at = _last_roll(case, since, progress.done_on) or now
        ids = open_of(case, (ObligationKind.FOLLOW_UP,))
        return bool(obligations.fulfil_at(dict.fromkeys(ids, met_at))) or moved
    if open_of(case, (ObligationKind.FOLLOW_UP,)):
        return _move(case, ObligationKind.FOLLOW_UP, since, until, now) or moved
    owed = _owed(case, ObligationKind.FOLLOW_UP, since)
    _raise(case, replace(owed, due_on=until), now)
    return True


def _move(
    case: Case, kind: ObligationKind, starts_on: date, due_on: date | None, now: datetime
) -> bool:
    """Another first day, and a given last day if there is one, for what is open of this kind."""
    rows = Obligation.objects.filter(pk__in=open_of(case, (kind,)))
    wrong = [
        row
        for row in rows.select_for_update(of=("self",))
        if row.starts_on != starts_on or due_on not in (None, row.due_on)
    ]
    for row in wrong:
        row.due_on = due_on or row.due_on
    recompute.move(wrong, now, starts_on)
    return bool(wrong)


def _refused_on(case: Case) -> date | None:
    """The day on which closure was last refused in this episode: it is asked for anew from then."""
    events = CaseEvent.objects.filter(case=case, episode=case.episode.number)
    refused = events.filter(action=Action.REFUSE_CLOSURE).order_by("-pk")
    return refused.values_list("on", flat=True).first()


def _last_roll(case: Case, first: date, last: date) -> datetime | None:
    """When the last roll of the child's classes in these days came in."""
    stays = EnrollmentRecord.objects.filter(student=case.student_id, starts_on__lte=last)
    rolls = Roll.objects.filter(
        school_class__in=stays.values("school_class"), day__range=(first, last)
    )
    return rolls.order_by("-taken_at").values_list("taken_at", flat=True).first()


def owe_signatures(case: Case, recipients: Iterable[Agency], on: date, now: datetime) -> None:
    """Each recipient signs for the report on opening the case (S1-57).

    Not linked to the case: it is a duty of the office, and no step of the child's case.
    """
    owed = _owed(case, ObligationKind.CASE_REPORT, on)
    each = [replace(owed, key=_signature(case, agency.pk), owed_by=agency) for agency in recipients]
    ground = Ground(in_force(case.county_id, on), working_calendar(), now)
    obligations.raise_all(case.county_id, each, ground)


def _signature(case: Case, agency_id: int) -> str:
    return f"case_report:{case.public_id}:{case.episode.number}:{agency_id}"


def signed(case: Case, agency_id: int, now: datetime) -> None:
    """A recipient has signed for the report."""
    obligations.fulfil_keys(case.county_id, [_signature(case, agency_id)], now)


def open_of(case: Case, kinds: tuple[ObligationKind, ...] = (), key: str = "") -> list[int]:
    """What is open of the case; key: only what was raised with this key of its own."""
    links = CaseObligation.objects.filter(case=case, obligation__in=Obligation.objects.open())
    if kinds:
        links = links.filter(obligation__kind__in=kinds)
    if key:
        links = links.filter(obligation__key__contains=f":{key}")
    return list(links.values_list("obligation_id", flat=True))


def fulfil(case: Case, kinds: tuple[ObligationKind, ...], now: datetime) -> None:
    if kinds:
        obligations.fulfil(open_of(case, kinds), now)


def end_all(case: Case, now: datetime) -> None:
    """A case that has ended leaves no clock running."""
    unsigned = Obligation.objects.open().filter(
        county_id=case.county_id, key__startswith=f"case_report:{case.public_id}:"
    )
    ids = [*open_of(case), *unsigned.values_list("pk", flat=True)]
    obligations.waive(ids, OVER.get(State(case.state), NEW_EPISODE), now)


def _body(case: Case, seat: str, on: date) -> Agency:
    """The body that answers for what a seat does: a village cadre's work is the township's."""
    if seat in OF_SCHOOL and case.school:
        return case.school
    if seat != Seat.BUREAU_LEADER:
        township = townships_of(case.household.region, on).first()
        if township:
            return township
    return bureau(case.county_id, on)


def day_followed_up(case: Case, day: date, after: int = 0) -> date:
    """The school day that completes the follow-up if no day is missed (rule 14).

    Counted from the day, which is day 1; after=1: from the school day that follows it.
    """
    required = in_force(case.county_id, day).number(Key.FOLLOW_UP_DAYS) + after
    days: list[date] = []
    school_id = case.school_id
    if school_id is not None:
        for term in terms_between(case.county_id, day, day + A_YEAR):
            calendar = school_calendars(term, [school_id])[school_id]
            days += calendar.school_days(day, term.ends_on)
    if len(days) >= required:
        return days[required - 1]
    # No term, or none after this one is open yet: as working days until one is.
    last = days[-1] if days else day - DAY
    return working_calendar().plus_working_days(last, required - len(days))
