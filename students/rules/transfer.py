"""The chain of a transfer (S1-17, S1-56): asked, agreed, decided, confirmed; who may do which step.

教基〔2025〕1号: the guardian applies, the school that sends and the education authority examine it,
the school that takes the child in confirms. Nobody is transferred while studies are suspended.
"""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from students.rules.enrollment import PlacementFacts, PlacementKind


class Step(TextChoices):
    """How far an application has come."""

    ASKED = "asked", _("asked for by the guardian")
    AGREED = "agreed", _("agreed by the school, waits for the bureau")
    APPROVED = "approved", _("approved, waits for the other school")
    CONFIRMED = "confirmed", _("confirmed by the other school")
    REFUSED = "refused", _("transfer refused")
    WITHDRAWN = "withdrawn", _("taken back or fallen away")


OPEN = frozenset({Step.ASKED, Step.AGREED, Step.APPROVED})
# The child has left its roster and nobody has confirmed it yet.
UNDER_WAY = frozenset({Step.AGREED, Step.APPROVED})


class Act(TextChoices):
    """What can be done with an application."""

    AGREE = "agree", _("agree, and end the enrollment here")
    APPROVE = "approve", _("approve the transfer")
    REFUSE = "refuse", _("refuse the transfer")
    WITHDRAW = "withdraw", _("take the application back")
    RECEIVE = "receive", _("take the child into a class")


class Side(StrEnum):
    """For whom a person acts."""

    SENDER = "sender"
    BUREAU = "bureau"
    RECEIVER = "receiver"


MOVES: dict[tuple[Act, Side], frozenset[Step]] = {
    (Act.AGREE, Side.SENDER): frozenset({Step.ASKED}),
    (Act.REFUSE, Side.SENDER): frozenset({Step.ASKED}),
    (Act.WITHDRAW, Side.SENDER): OPEN,
    (Act.APPROVE, Side.BUREAU): frozenset({Step.AGREED}),
    (Act.REFUSE, Side.BUREAU): frozenset({Step.AGREED}),
    (Act.RECEIVE, Side.RECEIVER): frozenset({Step.APPROVED}),
}


def side_for(act: Act, step: str, sides: frozenset[Side]) -> Side | None:
    """For whom a person of these sides does this in this step; None: it is not possible."""
    for (one, side), steps in MOVES.items():
        if one is act and side in sides and step in steps:
            return side
    return None


def possible(step: str, sides: frozenset[Side]) -> list[Act]:
    """What a person of these sides can do in this step, in the order of the chain."""
    return [act for act in Act if side_for(act, step, sides)]


def needs_reason(act: str) -> bool:
    """A refusal is given in writing, and so is why an application is taken back."""
    return act in (Act.REFUSE, Act.WITHDRAW)


def suspended(placement: PlacementFacts | None) -> bool:
    """No transfer while studies are suspended: first the return to school."""
    return placement is not None and placement.kind == PlacementKind.SUSPENSION
