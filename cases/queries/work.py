"""What is done for a child beside visits, in one line for each kind: the way into its page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.errors import Text
from agencies.models import Obligation
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.obligations import ObligationKind
from agencies.rules.urgency import days_left
from cases.queries.plan import CaseHelp
from cases.queries.timeline import Entry


@dataclass(frozen=True)
class Kind:
    """name: on the page; route: its page; duties: the clocks that run for it."""

    name: Text
    route: str
    duties: tuple[ObligationKind, ...] = ()


PLAN = Kind(
    _("Plan for the child"),
    "case_plan",
    (ObligationKind.PLAN, ObligationKind.MEASURE, ObligationKind.REVIEW),
)
LADDER = Kind(_("Legal steps"), "case_ladder", (ObligationKind.SERVE, ObligationKind.NEXT_STEP))
PAPERS = Kind(_("Papers"), "case_papers")
REQUESTS = Kind(
    _("Other agencies"),
    "case_requests",
    (ObligationKind.HELP_REPLY, ObligationKind.HELP_DONE),
)
OUTSIDE = Kind(_("Other counties"), "case_outside", (ObligationKind.OUTSIDE_REPLY,))
HELP = Kind(_("Help for the family"), "case_assistance")


@dataclass(frozen=True)
class Due:
    """What is owed first of a kind. days_left: working days, negative when overdue."""

    what: str
    on: date
    days_left: int
    provisional: bool


@dataclass(frozen=True)
class WorkRow:
    """said: how far it is, "" for nothing yet."""

    kind: Kind
    said: str
    due: Due | None


def work(
    help_: CaseHelp,
    entries: Sequence[Entry],
    owed: Iterable[Obligation],
    calendar: WorkingCalendar,
    now: datetime,
) -> list[WorkRow]:
    """From what the page has fetched already; owed: what is open, the first due first."""
    said = {
        PLAN: _plan(help_),
        LADDER: next((entry.title for entry in entries if entry.kind == "step"), ""),
        PAPERS: _papers(sum(entry.kind == "paper" for entry in entries)),
        REQUESTS: _requests(sum(entry.word == "help_asked" for entry in entries)),
        OUTSIDE: _notices(sum(entry.word == "outside_sent" for entry in entries)),
        HELP: _help(len(help_.assistance)),
    }
    due: dict[str, Due] = {}
    for row in owed:
        left = days_left(calendar, row.due_on, row.due_at, now)
        one = Due(str(row.get_kind_display()), row.due_on, left, row.provisional)
        due.setdefault(row.kind, one)
    rows = []
    for kind, text in said.items():
        first = [due[duty] for duty in kind.duties if duty in due]
        rows.append(WorkRow(kind, text, min(first, key=lambda one: one.on, default=None)))
    return rows


def _plan(help_: CaseHelp) -> str:
    if help_.main is None:
        return ""
    number = len(help_.open_measures)
    measures = ngettext("%(n)s measure under way", "%(n)s measures under way", number)
    return f"{help_.main.name} · {measures % {'n': number}}"


def _papers(number: int) -> str:
    return ngettext("%(n)s paper", "%(n)s papers", number) % {"n": number} if number else ""


def _requests(number: int) -> str:
    return ngettext("%(n)s request", "%(n)s requests", number) % {"n": number} if number else ""


def _notices(number: int) -> str:
    return ngettext("%(n)s notice", "%(n)s notices", number) % {"n": number} if number else ""


def _help(number: int) -> str:
    return ngettext("%(n)s record", "%(n)s records", number) % {"n": number} if number else ""
