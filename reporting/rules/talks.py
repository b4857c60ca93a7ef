"""Accountability talks (约谈): whom a unit sends, the steps and what each of them needs.

Sources: wencheng-2019 四(二) S1-68, 71, 74, 75; qinshui-2020 四3 S2-49…52. Called, held, ordered to
put right, reported, rechecked, ended with an outcome. The unit may reply before the outcome. Units
and their posts are named, never a person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.errors import Reason
from agencies.rules.duties import Position
from reporting.rules.areas import AreaKind

CLAUSE = "S1-68"
# Who of a unit can be talked to: leaders, by their post.
LEADERS: dict[AreaKind, tuple[Position, ...]] = {
    AreaKind.COUNTY: (Position.BUREAU_LEADER,),
    AreaKind.TOWNSHIP: (Position.TOWNSHIP_LEADER, Position.TOWNSHIP_CADRE),
    AreaKind.SCHOOL: (Position.SCHOOL_LEADER,),
}


class TalkState(TextChoices):
    CALLED = "called", pgettext_lazy("talk", "called")
    HELD = "held", pgettext_lazy("talk", "held")
    ORDERED = "ordered", _("to be put right")
    REPORTED = "reported", _("reported, to be rechecked")
    PUT_RIGHT = "put_right", _("put right")
    ENDED = "ended", pgettext_lazy("talk", "ended")
    CANCELLED = "cancelled", pgettext_lazy("talk", "cancelled")


class TalkDeed(TextChoices):
    HOLD = "hold", _("Record the talk")
    ORDER = "order", _("Order to put right")
    REPORT = "report", _("Report what was put right")
    RECHECK = "recheck", _("Recheck")
    REPLY = "reply", _("Reply to the talk")
    OUTCOME = "outcome", _("End with an outcome")
    CANCEL = "cancel", _("Call the talk off")


class Outcome(TextChoices):
    NO_MORE = "no_more", _("no further step")
    DONE = "done", _("put right")
    RESPONSIBLE = "responsible", _("responsibility pursued")


RUNNING = (TalkState.HELD, TalkState.ORDERED, TalkState.REPORTED, TalkState.PUT_RIGHT)
FROM: dict[TalkDeed, tuple[TalkState, ...]] = {
    TalkDeed.HOLD: (TalkState.CALLED,),
    TalkDeed.ORDER: (TalkState.HELD,),
    TalkDeed.REPORT: (TalkState.ORDERED,),
    TalkDeed.RECHECK: (TalkState.REPORTED,),
    TalkDeed.REPLY: RUNNING,
    TalkDeed.OUTCOME: RUNNING,
    TalkDeed.CANCEL: (TalkState.CALLED,),
}
# In which states an outcome can be given: what was ordered is not forgotten without a decision.
ENDS: dict[Outcome, tuple[TalkState, ...]] = {
    Outcome.NO_MORE: (TalkState.HELD,),
    Outcome.DONE: (TalkState.PUT_RIGHT,),
    Outcome.RESPONSIBLE: RUNNING,
}
THEIRS = frozenset({TalkDeed.REPORT, TalkDeed.REPLY})  # the unit does these
ON_PAPER = frozenset({TalkDeed.ORDER})


@dataclass(frozen=True)
class Call:
    """Who is called and why. by_itself: the body that talks is the one that is talked to."""

    kind: AreaKind
    position: str
    planned_on: date
    reason: str
    by_itself: bool


def problems_with_call(call: Call, today: date) -> list[Reason]:
    """Why this talk cannot be called. Without an alert its reason stands in words."""
    found = []
    if call.position not in LEADERS.get(call.kind, ()):
        text = _("This post does not lead such a unit.")
        found.append(Reason("position", text, "/position"))
    if call.planned_on < today:
        found.append(Reason("passed", _("This day has passed already."), "/planned_on"))
    if not call.reason.strip():
        found.append(Reason("reason", _("Say in words why the talk is called."), "/reason"))
    if call.by_itself:
        text = _("No body calls itself to account: name the body above it.")
        found.append(Reason("itself", text, "/by"))
    return found


@dataclass(frozen=True)
class Step:
    """What is said in a step. items: what is to be put right; reports: an answer to each of them,
    by its number; put_right: the numbers of the items that the recheck found put right.
    """

    on: date
    text: str = ""
    number: str = ""
    due_on: date | None = None
    items: tuple[str, ...] = ()
    reports: Mapping[int, str] = field(default_factory=dict)
    put_right: frozenset[int] = frozenset()
    outcome: str = ""


def why_not(state: TalkState, deed: TalkDeed) -> list[Reason]:
    if state in FROM[deed]:
        return []
    text = _("Not possible while the talk is: %(state)s.") % {"state": state.label}
    return [Reason("state", text)]


def problems_with_step(
    deed: TalkDeed, step: Step, since: date, today: date, items: Collection[int]
) -> list[Reason]:
    """Every reason why a step cannot be recorded so. since: day of the last step; items: the
    numbers of what was ordered.
    """
    found = _problems_with_day(step.on, since, today)
    needs_text = deed not in (TalkDeed.ORDER, TalkDeed.REPORT)
    if needs_text and not step.text.strip():
        found.append(Reason("text", _("Say it in words."), "/text"))
    by_paper = deed in ON_PAPER or step.outcome == Outcome.RESPONSIBLE
    if by_paper and not step.number.strip():
        found.append(Reason("number", _("The number of the paper is missing."), "/number"))
    if deed is TalkDeed.ORDER and not any(item.strip() for item in step.items):
        found.append(Reason("items", _("Say what is to be put right."), "/items"))
    if deed is TalkDeed.REPORT:
        found += _missing_reports(step, items)
    if _needs_deadline(deed, step, items):
        found += _problems_with_deadline(step)
    return found


def _problems_with_day(on: date, since: date, today: date) -> list[Reason]:
    if on > today:
        return [Reason("future", _("This day has not come yet."), "/on")]
    if on < since:
        return [Reason("before", _("This day lies before the last step."), "/on")]
    return []


def _missing_reports(step: Step, items: Collection[int]) -> list[Reason]:
    text = _("Say what was done about item %(number)s.")
    return [
        Reason("report", text % {"number": number}, f"/reports/{number}")
        for number in items
        if not step.reports.get(number, "").strip()
    ]


def all_put_right(step: Step, items: Collection[int]) -> bool:
    return set(items) <= step.put_right


def _needs_deadline(deed: TalkDeed, step: Step, items: Collection[int]) -> bool:
    if deed is TalkDeed.RECHECK:
        return not all_put_right(step, items)
    return deed is TalkDeed.ORDER


def _problems_with_deadline(step: Step) -> list[Reason]:
    if step.due_on is None:
        text = _("By which day is it to be put right?")
        return [Reason("due_on", text, "/due_on")]
    if step.due_on <= step.on:
        text = _("The last day has to lie after the day of the order.")
        return [Reason("due_on", text, "/due_on")]
    return []


def problems_with_outcome(
    outcome: str, state: TalkState, *, replied: bool, reply_until: date | None, today: date
) -> list[Reason]:
    """Why the talk cannot end so. It does not end before the unit replied or could have."""
    if outcome not in Outcome.values:
        return [Reason("outcome", _("Choose the outcome."), "/outcome")]
    found = []
    if state not in ENDS[Outcome(outcome)]:
        wrong = _("Not with this outcome while the talk is: %(state)s.") % {"state": state.label}
        found.append(Reason("outcome", wrong, "/outcome"))
    if not replied and reply_until and today <= reply_until:
        text = _("The unit may reply until %(day)s: before that, or its reply, nothing is decided.")
        found.append(Reason("reply", text % {"day": reply_until.isoformat()}))
    return found


def state_after(deed: TalkDeed, state: TalkState, step: Step, items: Collection[int]) -> TalkState:
    match deed:
        case TalkDeed.HOLD:
            return TalkState.HELD
        case TalkDeed.ORDER:
            return TalkState.ORDERED
        case TalkDeed.REPORT:
            return TalkState.REPORTED
        case TalkDeed.RECHECK:
            right = all_put_right(step, items)
            return TalkState.PUT_RIGHT if right else TalkState.ORDERED
        case TalkDeed.OUTCOME:
            return TalkState.ENDED
        case TalkDeed.CANCEL:
            return TalkState.CANCELLED
    return state
