"""Alerts and targets: what is held against a figure of a unit, and what never is.

Sources: wencheng-2019 一(二) S1-14 (yearly targets), 四(二) S1-71 (above the control line), S1-72
(three years rising). S1-71 reads "高发、年辍学率超过控制线" as one condition: the rate above the
line. Figures are about units; there is no target on reports, which would reward hiding.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from reporting.rules.rates import NOTHING, WITHOUT_STAGE, Measure, Rate, Stage, of_percent, rose

PERCENT = re.compile(r"\d{1,3}(\.\d{1,3})?", re.ASCII)


class AlertReason(TextChoices):
    ABOVE_LINE = "above_line", _("above the control line")
    RISING = "rising", _("rising year after year")


# The clause that orders the step which an alert prepares.
CLAUSES = {AlertReason.ABOVE_LINE: "S1-71", AlertReason.RISING: "S1-72"}


@dataclass(frozen=True)
class Limits:
    """Values of the county on the day. small_base: heads under which a rate is flagged."""

    lines: Mapping[Stage, Fraction]
    rises: int
    small_base: int


def verdicts(
    years: Mapping[int, Rate], year: int, stage: Stage, limits: Limits, *, ended: bool
) -> list[AlertReason]:
    """What is to be said of a unit's ledger rate in a school year.

    A year that is still running can pass the line; whether it has risen is known at its end.
    """
    found = []
    if years.get(year, NOTHING).above(limits.lines[stage]):
        found.append(AlertReason.ABOVE_LINE)
    if ended and rose({key: rate.value for key, rate in years.items()}, year, limits.rises):
        found.append(AlertReason.RISING)
    return found


class Sense(TextChoices):
    AT_MOST = "at_most", _("at most")
    AT_LEAST = "at_least", _("at least")


# Measures that can have a target, and its sense. Whatever counts reports has none.
TARGETS: dict[Measure, Sense] = {
    Measure.LEDGER: Sense.AT_MOST,
    Measure.RETURN: Sense.AT_LEAST,
    Measure.CONSOLIDATION: Sense.AT_LEAST,
}
REWARDS_HIDING: Promise = _(
    "There is no target on this: only rates of children out of school, back in school or through"
    " school. A target on dropouts reported or cases opened would reward hiding them."
)


def missed(measure: Measure, rate: Rate, limit: Fraction) -> bool:
    """Whether a figure misses its target; without a base nothing is missed."""
    at_most = TARGETS[measure] is Sense.AT_MOST
    return rate.above(limit) if at_most else rate.below(limit)


def stage_problem(measure: str, stage: str) -> list[Reason]:
    """A measure of a stage needs one; the consolidation rate has none."""
    if measure in WITHOUT_STAGE:
        text = _("This rate is of all nine years: it has no stage.")
        return [Reason("stage", text, "/stage")] if stage else []
    text = _("Say which stage.")
    return [] if stage in set(Stage) else [Reason("stage", text, "/stage")]


@dataclass(frozen=True)
class NewTarget:
    """limit: percent as a text, as the paper has it. source: the paper that sets it (S1-14)."""

    measure: str
    stage: str
    school_year: int
    limit: str
    source: str

    @property
    def fraction(self) -> Fraction | None:
        """None: no percentage between 0 and 100."""
        text = self.limit.strip()
        if not PERCENT.fullmatch(text):
            return None
        found = of_percent(text)
        return found if found <= 1 else None


def target_problems(new: NewTarget, this_year: int) -> list[Reason]:
    """Why there can be no such target. One is set for a year that runs or is the next."""
    if new.measure not in set(Measure) or Measure(new.measure) not in TARGETS:
        return [Reason("rewards_hiding", REWARDS_HIDING, "/measure")]
    found = stage_problem(new.measure, new.stage)
    if new.fraction is None:
        text = _("A target is a percentage between 0 and 100.")
        found.append(Reason("limit", text, "/limit"))
    if not this_year <= new.school_year <= this_year + 1:
        text = _("A target is set for the school year that runs, or for the next.")
        found.append(Reason("school_year", text, "/school_year"))
    if not new.source.strip():
        text = _("Name the paper that sets the target.")
        found.append(Reason("source", text, "/source"))
    return found
