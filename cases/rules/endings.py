"""Other ends of an episode than the followed-up return, and what each has to rest on.

Sources: rules 7, 13, 14; wencheng-2019 三(二) S1-56, S1-58. Each end is asked for with a proof and
decided by another person of the bureau.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from students.rules.enrollment import PlacementFacts, PlacementKind, explains


class Ending(TextChoices):
    COMPLETED = "completed", _("grade 9 completed")
    ELSEWHERE = "elsewhere", _("confirmed at another school")
    PLACEMENT = "placement", _("lawful placement")
    ABROAD = "abroad", _("moved abroad")
    DIED = "died", _("died")
    MISTAKE = "mistake", _("opened by mistake")


# Counted as no return, whatever was recorded before; and no absence opens such a case again.
NO_RETURN = frozenset({Ending.DIED, Ending.MISTAKE})
FOR_GOOD = frozenset({Ending.COMPLETED, Ending.ABROAD, Ending.DIED})


@dataclass(frozen=True)
class Asked:
    """An end as it was asked for. since: the day from which it is so, None when it is decided."""

    ending: str
    proof: str
    since: date | None = None


@dataclass(frozen=True)
class Records:
    """What the registers say of the child on the day.

    enrolled: on a roster of the county; transferred_on: its newest transfer, if the other side
    has confirmed it.
    """

    born_on: date | None = None
    enrolled: bool = False
    completed_on: date | None = None
    died_on: date | None = None
    transferred_on: date | None = None
    placements: tuple[PlacementFacts, ...] = ()

    def placed(self, on: date, *, elsewhere: bool) -> bool:
        """A placement is in force: at a school elsewhere, or of another kind."""
        return any(
            explains(one, on) and (one.kind == PlacementKind.ELSEWHERE) is elsewhere
            for one in self.placements
        )


def _by(day: date | None, on: date) -> bool:
    return day is not None and day <= on


@dataclass(frozen=True)
class Ground:
    """What an ending rests on, in words; how to tell from the records; what is said without it."""

    words: Promise
    clause: str
    holds: Callable[[Records, date], bool] = lambda _records, _on: True
    otherwise: Promise | str = ""


GROUNDS: dict[Ending, Ground] = {
    Ending.COMPLETED: Ground(
        _("rests on the completion in the register"),
        "义务教育法 2",
        lambda records, on: _by(records.completed_on, on),
        _("The register shows no completion of grade 9."),
    ),
    Ending.ELSEWHERE: Ground(
        _("rests on the confirmed transfer, or on the confirmation of attendance elsewhere"),
        "S1-56",
        lambda records, on: (
            (_by(records.transferred_on, on) and not records.enrolled)
            or records.placed(on, elsewhere=True)
        ),
        _("No other school has confirmed the child: neither a transfer nor attendance there."),
    ),
    Ending.PLACEMENT: Ground(
        _("rests on the placement in force, with its proof and its last day"),
        "S1-37",
        lambda records, on: records.placed(on, elsewhere=False),
        _("No lawful placement is in force."),
    ),
    Ending.ABROAD: Ground(_("rests on the proof alone"), "S1-58"),
    # Of a child on a roster the school records it; of another nobody else can.
    Ending.DIED: Ground(
        _("rests on the record of the school; without a school, on the proof"),
        "S1-58",
        lambda records, on: _by(records.died_on, on) or not records.enrolled,
        _("The school has not recorded the death."),
    ),
    Ending.MISTAKE: Ground(_("rests on the reason and on the word of two people"), "S1-57"),
}


def problems(asked: Asked, records: Records, today: date) -> list[Reason]:
    """Every reason why the case cannot end so; an empty list means it can."""
    found = []
    if asked.ending not in set(Ending):
        found.append(Reason("ending", _("Say how the case ends."), "/ending"))
    if asked.since is not None and asked.since > today:
        found.append(Reason("future", _("This day is still to come."), "/on"))
    if asked.since is not None and records.born_on and asked.since < records.born_on:
        text = _("The day lies before %(day)s.")
        found.append(Reason("too_early", text % {"day": records.born_on}, "/on"))
    if not asked.proof.strip():
        text = _("An end needs a proof: what it was, and its number or source.")
        if asked.ending == Ending.MISTAKE:
            text = _("Say why the case was opened by mistake, and what shows it.")
        found.append(Reason("proof", text, "/proof"))
    if asked.ending in set(Ending):
        ground = GROUNDS[Ending(asked.ending)]
        if not ground.holds(records, today):
            found.append(Reason(asked.ending, ground.otherwise, "/ending"))
    return found


def gone(completed_on: date | None, died_on: date | None, today: date) -> list[Reason]:
    """Why no case can be opened for the child any more (rule 9)."""
    if _by(died_on, today):
        return [Reason("died", _("The child has died."))]
    if _by(completed_on, today):
        return [Reason("completed", _("The child has completed compulsory education."))]
    return []
