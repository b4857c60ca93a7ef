"""What lies on a person's desk: reports to write, arrived, to decide on, and the own ones."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from agencies.models import Obligation, Receipt
from agencies.queries.calendars import working_calendar
from agencies.queries.standing import Standing, standing
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from reporting.models import Filing
from reporting.queries.filings import readers
from reporting.rules.filings import FilingKind, FilingState

MOST = 200
KINDS = (*FilingKind.values, ObligationKind.CENSUS_AGAIN)
# What the bureau confirms or sends back; a report is received by signing for it.
DECIDED = (FilingKind.CENSUS, FilingKind.MONTHLY)


@dataclass(frozen=True)
class Arrived:
    receipt: Receipt
    kind: str
    sender: str
    href: str
    due_at: datetime
    mine: str


@dataclass(frozen=True)
class Lists:
    """unsigned: how many of the arrived wait for a signature."""

    todo: list[Standing]
    arrived: list[Arrived]
    unsigned: int
    to_decide: list[Filing]
    own: list[Filing]


def lists(scope: Scope, now: datetime) -> Lists:
    """Four lists, each the most urgent or newest first, in a fixed number of queries."""
    mine = readers(scope)
    owed = Obligation.objects.open().filter(kind__in=KINDS, owed_by__in=mine)
    todo = list(owed.select_related("owed_by").order_by("due_at", "pk")[:MOST])
    calendar = working_calendar() if todo else None
    receipts = _receipts(mine)
    own = Filing.objects.filter(agency__in=mine).exclude(state=FilingState.DRAFT)
    return Lists(
        todo=[standing(one, calendar, now) for one in todo] if calendar else [],
        arrived=[_arrived(one) for one in receipts[:MOST]],
        unsigned=receipts.filter(received_at__isnull=True).count(),
        to_decide=_to_decide(scope, mine),
        own=list(own.select_related("agency", "term").order_by("-submitted_at", "-pk")[:MOST]),
    )


def _receipts(mine: frozenset[int]) -> QuerySet[Receipt]:
    """What was sent to these bodies: first what nobody has signed for, then the newest."""
    rows = Receipt.objects.filter(recipient__in=mine, obligation__kind=FilingKind.TERM_REPORT)
    return rows.select_related("obligation__owed_by", "recipient").order_by(
        F("received_at").desc(nulls_first=True), "-sent_at", "obligation__owed_by__code"
    )


def _arrived(one: Receipt) -> Arrived:
    owed = one.obligation
    return Arrived(
        receipt=one,
        kind=owed.get_kind_display(),
        sender=owed.owed_by.name,
        href=owed.href,
        due_at=owed.due_at,
        mine=one.recipient.name,
    )


def _to_decide(scope: Scope, mine: frozenset[int]) -> list[Filing]:
    if not (scope.everything and scope.may(Duty.DECIDE_FILING)):
        return []
    waiting = Q(state=FilingState.SUBMITTED, kind__in=DECIDED)
    rows = Filing.objects.filter(waiting, county_id=scope.county_id).exclude(agency__in=mine)
    return list(rows.select_related("agency", "term").order_by("submitted_at", "pk")[:MOST])
