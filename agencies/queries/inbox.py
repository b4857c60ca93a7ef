"""The inbox of a person: its lines in words, a page at a time, and many alike as one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import Delivery
from agencies.models.notice import DeliveryQuerySet
from agencies.queries.calendars import working_calendar
from agencies.queries.wording import Wording, wording
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind

PAGE = 60


@dataclass(frozen=True)
class Line:
    """One notice as it stands in the inbox."""

    row: Delivery
    said: Wording

    @property
    def at(self) -> datetime:
        return self.row.notice.created_at


@dataclass(frozen=True)
class Bundle:
    """Lines of one kind and day that are shown as one; a single line is a bundle of one."""

    kind: NoticeKind
    on: date
    lines: Sequence[Line]

    @property
    def unread(self) -> int:
        return sum(line.row.read_at is None for line in self.lines)


def lines_of(user_id: int) -> DeliveryQuerySet:
    """Newest first, with all that their words need."""
    return (
        Delivery.objects.inbox_of(user_id)
        .select_related("notice__obligation__owed_by", "notice__agency")
        .order_by("-pk")
    )


def in_words(rows: Iterable[Delivery]) -> Iterator[Line]:
    """In the language of this request."""
    calendar = working_calendar()
    return (Line(row, wording(row.notice, calendar)) for row in rows)


def bundles(lines: Iterable[Line], most: int) -> list[Bundle]:
    """In the same order; more than so many of one kind on one day stand where the newest stood."""
    together: dict[tuple[str, date], list[Line]] = defaultdict(list)
    for line in lines:
        on = line.at.astimezone(CHINA).date()
        together[line.row.notice.kind, on].append(line)
    found = []
    for (kind, on), several in together.items():
        parts = [several] if len(several) > most else [[line] for line in several]
        found += [Bundle(NoticeKind(kind), on, part) for part in parts]
    return sorted(found, key=lambda bundle: -bundle.lines[0].row.pk)
