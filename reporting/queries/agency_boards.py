"""The boards of many bodies in three numbers each: the same as on the board of one alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from agencies.models import Agency, Obligation
from agencies.models.obligation import ObligationQuerySet
from agencies.rules.obligations import ObligationKind
from reporting.queries.agency_board import links_of, with_result
from reporting.queries.agency_duties import predecessors
from reporting.rules.agency_board import NONE, OTHERS_ANSWER, Answered, Result
from reporting.rules.periods import Period


@dataclass
class Sum:
    """late: of the total, how many are overdue."""

    total: int = 0
    late: int = 0

    def add(self, total: int, late: int) -> None:
        self.total += total
        self.late += late


@dataclass
class Line:
    agency: Agency
    waiting: Sum = field(default_factory=Sum)
    answered: Answered = NONE
    asked: Sum = field(default_factory=Sum)


def lines_of(agencies: Sequence[Agency], period: Period, now: datetime) -> list[Line]:
    """In their order; a township alone, so that each duty counts once. Six statements at least."""
    before = predecessors(agencies)
    heir = {one.pk: pk for pk, rows in before.items() for one in rows} | {pk: pk for pk in before}
    lines = {one.pk: Line(one) for one in agencies}
    _owed(lines, heir, now)
    _answered(lines, heir, period, now)
    _owed_to(lines, heir, now)
    _linked(lines, heir, now)
    return list(lines.values())


def _owed(lines: dict[int, Line], heir: dict[int, int], now: datetime) -> None:
    rows = Obligation.objects.open().filter(owed_by__in=heir)
    for body, kind, *numbers in _counted(rows, ("owed_by", "kind"), now):
        lines[heir[body]].waiting.add(*numbers)
        if ObligationKind(kind) in OTHERS_ANSWER:
            lines[heir[body]].asked.add(*numbers)


def _answered(lines: dict[int, Line], heir: dict[int, int], period: Period, now: datetime) -> None:
    rows = Obligation.objects.owed_by(heir).filter(due_on__range=(period.first, period.last))
    grouped = with_result(rows, now).order_by().values_list("owed_by", "result")
    for body, result, number in grouped.annotate(number=Count("pk")):
        lines[heir[body]].answered += Answered({Result(result): number})


def _owed_to(lines: dict[int, Line], heir: dict[int, int], now: datetime) -> None:
    rows = Obligation.objects.open().filter(owed_to__in=heir)
    for asker, body, *numbers in _counted(rows, ("owed_to", "owed_by"), now):
        if heir.get(body) != heir[asker]:
            lines[heir[asker]].asked.add(*numbers)


def _linked(lines: dict[int, Line], heir: dict[int, int], now: datetime) -> None:
    """Deadlines of others that are about these bodies without being owed to them."""
    links = links_of(list(heir))
    rows = Obligation.objects.open().filter(key__in=[one.key for one in links])
    found = {row.key: row for row in rows}
    for link in links:
        row, body = found.get(link.key), heir[link.agency_id]
        if row is None or heir.get(row.owed_by_id) == body:
            continue
        late = int(row.state(now) == "overdue")
        if not link.asked:
            lines[body].waiting.add(1, late)
        elif row.owed_to_id is None or heir.get(row.owed_to_id) != body:
            lines[body].asked.add(1, late)


def _counted(rows: ObligationQuerySet, by: tuple[str, str], now: datetime) -> ObligationQuerySet:
    return (
        rows.order_by()
        .values_list(*by)
        .annotate(total=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    )
