"""The obligations that follow from a case's state: who owes what next, until when."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau, townships_of
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.services import obligations
from agencies.services.obligations import Ground, Owed
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
    Action.REQUEST_CLOSURE: (ObligationKind.CLOSURE, ObligationKind.FOLLOW_UP),
    Action.APPROVE_CLOSURE: (ObligationKind.DECIDE,),
    Action.REFUSE_CLOSURE: (ObligationKind.DECIDE,),
}


def follow(case: Case, action: Action, on: date, now: datetime) -> None:
    """Fulfil what the action answers and raise what is owed next."""
    fulfil(case, FULFILS.get(action, ()), now)
    if action is Action.CONFIRM:
        owe(case, ObligationKind.VISIT, on, now)
    elif action is Action.RECORD_RETURN:
        owe_follow_up(case, on, now)
    elif action is Action.REFUSE_CLOSURE:
        owe(case, ObligationKind.CLOSURE, on, now)
    elif action is Action.REQUEST_CLOSURE:
        owe(case, ObligationKind.DECIDE, on, now)


def owe(case: Case, kind: ObligationKind, starts_on: date, now: datetime) -> Obligation:
    """Raise one obligation of the case; the same from the same day is raised once."""
    return _raise(case, _owed(case, kind, starts_on), now)


def _owed(case: Case, kind: ObligationKind, starts_on: date) -> Owed:
    return Owed(
        kind=kind,
        key=f"{kind}:{case.public_id}:{starts_on.isoformat()}:",
        subject=case.number,
        href=f"/cases/{case.public_id}/",
        owed_by=_who(case, kind, starts_on),
        owed_to=bureau(case.county_id, starts_on),
        starts_on=starts_on,
        region_path=case.household.region.path,
    )


def _raise(case: Case, owed: Owed, now: datetime) -> Obligation:
    ground = Ground(in_force(case.county_id, owed.starts_on), working_calendar(), now)
    (obligation,) = obligations.raise_all(case.county_id, [owed], ground)
    CaseObligation.objects.get_or_create(obligation=obligation, defaults={"case": case})
    return obligation


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
    unsigned = Obligation.objects.open().filter(
        county_id=case.county_id, key__startswith=f"case_report:{case.public_id}:"
    )
    ids = [*open_of(case), *unsigned.values_list("pk", flat=True)]
    obligations.waive(ids, f"case {case.state}", now)


def _who(case: Case, kind: ObligationKind, on: date) -> Agency:
    """The township of the home, the school for the follow-up, the bureau for its own decision."""
    if kind is ObligationKind.FOLLOW_UP and case.school:
        return case.school
    if kind is not ObligationKind.DECIDE:
        township = townships_of(case.household.region, on).first()
        if township:
            return township
    return bureau(case.county_id, on)


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
