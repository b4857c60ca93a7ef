"""What the domain refuses. Each error carries reasons that a person can act on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Reason:
    """One reason: a stable code, the words for people, and the field it points to."""

    code: str
    text: Text
    pointer: str = ""


class DomainError(Exception):
    """Base of all refusals."""

    def __init__(self, *reasons: Reason, current: object = None) -> None:
        super().__init__("; ".join(reason.code for reason in reasons))
        self.reasons: Sequence[Reason] = reasons
        self.current = current


class NotVisible(DomainError):
    """It does not exist, or not for this person: 404, and nobody can tell which."""


class NotPermitted(DomainError):
    """Seen, but this duty is somebody else's: 403."""


class RuleBroken(DomainError):
    """A rule of the field says no: 422."""


class NotPossible(DomainError):
    """Not in this state, with every reason: 409."""


class Conflict(DomainError):
    """Somebody else changed it meanwhile: 409 with the current object."""
