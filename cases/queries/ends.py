"""What was asked for in this episode and what was decided, for whoever decides next."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from agencies.rules import masking
from cases.models import Case, CaseEvent
from cases.rules.endings import Ending
from cases.rules.workflow import Action

DECISIONS = {
    Action.REQUEST_CLOSURE,
    Action.REFUSE_CLOSURE,
    Action.APPROVE_CLOSURE,
    Action.REQUEST_END,
    Action.REFUSE_END,
    Action.APPROVE_END,
}


@dataclass(frozen=True)
class Decision:
    """A request or a decision: who, when, in which words, resting on what."""

    on: date
    title: str
    by: str
    note: str
    rests_on: tuple[str, ...]


def decisions(case: Case) -> list[Decision]:
    """Of the current episode, oldest first, in one query."""
    rows = (
        CaseEvent.objects.filter(case=case, episode=case.episode.number, action__in=DECISIONS)
        .select_related("by__user", "by__agency")
        .order_by("pk")
    )
    return [
        Decision(
            on=row.on,
            title=str(Action(row.action).label),
            by=f"{row.by.user.name}（{row.by.agency.name}）" if row.by else "",
            note=masking.free_text(row.note),
            rests_on=evidence(row.detail),
        )
        for row in rows
    ]


def evidence(detail: dict) -> tuple[str, ...]:
    """What a request or decision rests on, in words: days of the roll, or an end and its proof."""
    if "counted" in detail:
        text = _(
            "%(counted)s school days counted, %(attended)s attended, %(unknown)s without a roll"
        )
        return (str(text % detail),)
    if "ending" not in detail:
        return ()
    ending = Ending(detail["ending"]).label
    since = detail.get("since")
    first = _("%(ending)s since %(day)s") % {"ending": ending, "day": since} if since else ending
    proof = _("Proof: %(proof)s") % {"proof": masking.free_text(detail["proof"])}
    return str(first), str(proof)
