"""What a run of absence that crossed the threshold does to the child's case (rules 1 and 14)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.rules.endings import FOR_GOOD
from cases.rules.workflow import BACK, ENDED, OUT_OF_SCHOOL, State


class Effect(StrEnum):
    OPEN = "open"  # no case yet: the first episode
    REOPEN = "reopen"  # the same case, next episode, team and papers kept
    ATTACH = "attach"  # the run belongs to the episode that is going on
    NONE = "none"  # the run belongs to an episode that has ended


@dataclass(frozen=True)
class Known:
    """The child's case as it stands. Dates are None where it has none."""

    state: State
    returned_on: date | None = None
    ended_on: date | None = None
    ending: str = ""


def effect(run_starts_on: date, known: Known | None) -> Effect:
    """One case per child. A run that began after the return is a new episode (rule 14).

    Who has died, completed grade 9 or moved abroad is not in the work any more, whatever a roll
    still says. While an end is asked for the bureau decides first: refused, the run counts then.
    """
    if known is None:
        return Effect.OPEN
    if known.state in OUT_OF_SCHOOL:
        return Effect.ATTACH
    if known.state in ENDED and known.ending in FOR_GOOD:
        return Effect.NONE
    since = known.returned_on if known.state in BACK else known.ended_on
    if known.state in BACK | ENDED and since is not None and run_starts_on > since:
        return Effect.REOPEN
    return Effect.NONE
