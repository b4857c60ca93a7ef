"""The obligations that follow from a case's state: who owes what next, until when."""

from datetime import date, datetime

from agencies.models import Agency, Obligation
from agencies.models.obligation import ObligationKind
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import Policy, in_force
from agencies.queries.responsible import bureau, townships_of
from agencies.rules.deadlines import Period, Unit
from agencies.rules.policy import Key
from agencies.services import obligations
from agencies.services.obligations import Owed
from cases.models import Case, CaseObligation
from cases.rules.workflow import Action
from students.models import Term
from students.queries.calendars import school_calendars

# What an action fulfils, and what is owed after it with the period that it takes.
FULFILS: dict[Action, tuple[ObligationKind, ...]] = {
    Action.VERIFY: (),
    Action.CONFIRM: (ObligationKind.VERIFY,),
    Action.VISIT: (ObligationKind.VISIT,),
    Action.RECORD_RETURN: (ObligationKind.VERIFY, ObligationKind.VISIT),
    Action.REQUEST_CLOSURE: (ObligationKind.CLOSURE,),
    Action.APPROVE_CLOSURE: (ObligationKind.DECIDE,),
    Action.REFUSE_CLOSURE: (ObligationKind.DECIDE,),
}
PERIODS: dict[ObligationKind, Key] = {
    ObligationKind.VERIFY: Key.VERIFY_DAYS,
    ObligationKind.TEAM: Key.TEAM_DAYS,
    ObligationKind.VISIT: Key.FIRST_VISIT_DAYS,
    ObligationKind.CLOSURE: Key.CLOSURE_DAYS,
    ObligationKind.DECIDE: Key.DECIDE_CLOSURE_DAYS,
}


def follow(case: Case, action: Action, on: date, now: datetime) -> None:
    """Fulfil what the action answers and raise what is owed next."""
    fulfil(case, FULFILS.get(action, ()), now)
    if action is Action.CONFIRM:
        owe(case, ObligationKind.VISIT, on)
    elif action is Action.RECORD_RETURN:
        owe(case, ObligationKind.CLOSURE, day_followed_up(case, on))
    elif action is Action.REFUSE_CLOSURE:
        owe(case, ObligationKind.CLOSURE, on)
    elif action is Action.REQUEST_CLOSURE:
        owe(case, ObligationKind.DECIDE, on)


def owe(
    case: Case, kind: ObligationKind, starts_on: date, *, due_on: date | None = None
) -> Obligation:
    """Raise one obligation of the case; the same from the same day is raised once."""
    policy = in_force(case.county_id, starts_on)
    key = PERIODS[kind]
    period = _until(starts_on, due_on) if due_on else policy.period(key)
    owed_by = _who(case, kind, starts_on)
    owed = Owed(
        kind=kind,
        key=f"{kind}:{case.public_id}:{starts_on.isoformat()}:{due_on or ''}",
        subject=case.number,
        href=f"/cases/{case.public_id}/",
        owed_by=owed_by,
        owed_to=bureau(case.county_id, starts_on),
        starts_on=starts_on,
        period=period,
        clause=_clause(policy, key),
        region_path=case.household.region.path,
        policy_key=key.value,
    )
    (obligation,) = obligations.raise_all(case.county_id, [owed], working_calendar())
    CaseObligation.objects.get_or_create(obligation=obligation, defaults={"case": case})
    return obligation


def next_visit(case: Case, visited_on: date, next_on: date | None) -> None:
    """After a visit the next one is owed: on the agreed day, or after the usual interval."""
    if next_on:
        owe(case, ObligationKind.VISIT, visited_on, due_on=next_on)
        return
    days = in_force(case.county_id, visited_on).number(Key.VISIT_INTERVAL_DAYS)
    due_on = working_calendar().plus_working_days(visited_on, days)
    owe(case, ObligationKind.VISIT, visited_on, due_on=due_on)


def open_of(case: Case, kinds: tuple[ObligationKind, ...] = ()) -> list[int]:
    links = CaseObligation.objects.filter(case=case, obligation__in=Obligation.objects.open())
    if kinds:
        links = links.filter(obligation__kind__in=kinds)
    return list(links.values_list("obligation_id", flat=True))


def fulfil(case: Case, kinds: tuple[ObligationKind, ...], now: datetime) -> None:
    if kinds:
        obligations.fulfil(open_of(case, kinds), now)


def end_all(case: Case, now: datetime) -> None:
    """A case that has ended leaves no clock running."""
    obligations.waive(open_of(case), f"case {case.state}", now)


def _who(case: Case, kind: ObligationKind, on: date) -> Agency:
    """The township of the home, or the bureau for its own decision."""
    if kind is not ObligationKind.DECIDE:
        township = townships_of(case.household.region, on).first()
        if township:
            return township
    return bureau(case.county_id, on)


def _until(starts_on: date, due_on: date) -> Period:
    return Period((due_on - starts_on).days, Unit.CALENDAR_DAYS)


def _clause(policy: Policy, key: Key) -> str:
    return policy.entries[key].clause


def day_followed_up(case: Case, day: date, after: int = 0) -> date:
    """The school day that completes the follow-up if no day is missed (rule 14).

    Counted from the day, which is day 1; after=1: from the school day that follows it.
    """
    required = in_force(case.county_id, day).number(Key.FOLLOW_UP_DAYS) + after
    term = Term.objects.filter(
        county_id=case.county_id, starts_on__lte=day, ends_on__gte=day
    ).first()
    if term is None or case.school_id is None:
        return working_calendar().plus_working_days(day, required - 1)
    calendar = school_calendars(term, [case.school_id])[case.school_id]
    days = list(calendar.school_days(day, term.ends_on))
    return days[required - 1] if len(days) >= required else term.ends_on
