"""What a notice says in a language: templates/notices/<kind>.txt, subject first, then text.

Only what stands in the notice and its obligation goes in: the kind of duty, a body or the number
of a case, days. Names of children are in neither.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from agencies.models import Notice
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import ObligationKind

START = "/duties/"  # where a notice leads that names no page of its own
FIRST_OVERDUE = 1


@dataclass(frozen=True)
class Wording:
    """subject: one line; text: some more, without the link."""

    subject: str
    text: str

    @property
    def whole(self) -> str:
        return "\n".join(part for part in (self.subject, self.text) if part)


def wording(notice: Notice, calendar: WorkingCalendar, language: str = "") -> Wording:
    """As of the day on which it was written. Notices come with obligation, its owner and agency.

    language: of the reader; empty for the language of this request.
    """
    return _rendered(notice.kind, _facts(notice, calendar), language)


def many(notices: Iterable[Notice], language: str) -> Wording:
    """One message in place of many: how many of each kind."""
    counts = Counter(notice.kind for notice in notices)
    parts = [{"kind": NoticeKind(kind), "count": count} for kind, count in counts.most_common()]
    return _rendered("many", {"count": counts.total(), "parts": parts}, language)


def listed(wordings: Sequence[Wording], language: str) -> Wording:
    """One message in place of a few: the subject of each."""
    head = _rendered("many", {"count": len(wordings), "parts": []}, language)
    return Wording(head.subject, "\n".join(one.subject for one in wordings))


def link_of(notices: Sequence[Notice]) -> str:
    """The absolute address in this system to which a message leads; several lead to the duties."""
    hrefs = {notice.href or START for notice in notices}
    return settings.SITE_URL + (hrefs.pop() if len(hrefs) == 1 else START)


def _facts(notice: Notice, calendar: WorkingCalendar) -> dict[str, object]:
    told_on = notice.created_at.astimezone(CHINA).date()
    facts: dict[str, object] = {"params": notice.params, "level": notice.level}
    kind, subject = notice.params.get("what"), notice.agency.name if notice.agency else ""
    if owed := notice.obligation:
        kind, subject = owed.kind, owed.subject
        facts |= {"owner": owed.owed_by.name, "due_on": owed.due_on.isoformat()}
        facts |= _distance(calendar, told_on, owed.due_on, overdue=notice.level >= FIRST_OVERDUE)
    known = kind in ObligationKind.values
    return facts | {"what": ObligationKind(kind).label if known else "", "subject": subject}


def _distance(
    calendar: WorkingCalendar, on: date, due_on: date, *, overdue: bool
) -> dict[str, object]:
    """days: working days late or left. A passed deadline is at least one day late."""
    left = calendar.working_days_left(on, due_on)
    return {"days": max(-left, 1) if overdue else max(left, 0)}


def _rendered(name: str, facts: dict[str, object], language: str) -> Wording:
    with translation.override(language or translation.get_language() or settings.LANGUAGE_CODE):
        text = render_to_string(f"notices/{name}.txt", facts)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Wording(lines[0], "\n".join(lines[1:]))
