"""Rates as exact fractions (rules 5, 6, 8): compared before any rounding, rounded only to be shown.

Nothing here reads rows: numbers in, verdict out. practice.md 5 cites each formula.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PRIMARY_GRADES = 6  # grades 1-6 are the primary stage, 7-9 the junior stage


class Stage(TextChoices):
    """Stages of compulsory education; control lines are set for each (rule 5)."""

    PRIMARY = "primary", _("primary stage")
    JUNIOR = "junior", _("junior stage")


class Measure(TextChoices):
    """What is divided by what. LEDGER is the headline figure (rule 8)."""

    LEDGER = "ledger", _("dropout rate, by the ledger")
    NET = "net", _("dropout rate, net of movement (两基)")
    RETURN = "return", _("return rate")
    CONSOLIDATION = "consolidation", _("consolidation rate")


# Measures of the whole nine years are of no single stage.
WITHOUT_STAGE = frozenset({Measure.CONSOLIDATION})

# Measures whose number is made of parts, each with its children; the names are those below.
IN_PARTS = frozenset({Measure.NET, Measure.CONSOLIDATION})
PART_WORDS: dict[str, Promise] = {
    "entrants": _("Entrants of grade 1"),
    "moved_in": _("Transferred in"),
    "moved_out": _("Transferred out"),
    "died": _("Died"),
    "graduates": _("Completed grade 9"),
    "suspended": _("Suspended studies"),
    "other_gains": _("Came back, entered or were corrected"),
}
DEFINITIONS: dict[Measure, Promise] = {
    Measure.LEDGER: _(
        "Numerator: children confirmed as dropped out and not back at the end of the day, each"
        " counted once. Denominator: pupils on the roster at the start of the school year."
    ),
    Measure.NET: _(
        "Numerator: suspended, dropped out, died, transferred out and other losses since the start"
        " of the school year, less transferred in and other gains. Denominator: pupils on the"
        " roster at the start of the school year. It counts suspension and death and suffers from"
        " movement: a second report, never the headline."
    ),
    Measure.RETURN: _(
        "Numerator: of these children, those who are back in school at the end of the day."
        " Denominator: children who were confirmed as dropped out at some time in the school year,"
        " those of earlier years who were still out included."
    ),
    Measure.CONSOLIDATION: _(
        "Numerator: pupils who completed grade 9. Denominator: those who entered grade 1 nine"
        " years before, plus transferred in, less transferred out and died."
    ),
}


def stage_of(grade: int) -> Stage:
    return Stage.PRIMARY if grade <= PRIMARY_GRADES else Stage.JUNIOR


@dataclass(frozen=True)
class Rate:
    """One number over another, heads. Without a base there is no rate, and none is invented."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.numerator, self.denominator) if self.denominator > 0 else None

    @property
    def exact(self) -> str:
        """The reduced fraction as text, "" without a base."""
        return "" if self.value is None else str(self.value)

    @property
    def shown(self) -> str:
        """Percent with two decimals, half up; "" without a base."""
        return "" if self.value is None else percent_text(self.value)

    def is_small(self, least: int) -> bool:
        """A base below `least` heads: one child more or less moves the rate visibly (rule 5)."""
        return 0 < self.denominator < least

    def above(self, line: Fraction) -> bool:
        """Strictly above (超过), on the exact fraction (rule 5). Without a base: no."""
        return self.value is not None and self.value > line

    def below(self, line: Fraction) -> bool:
        """Strictly below, for measures that are to be high."""
        return self.value is not None and self.value < line

    def __add__(self, other: "Rate") -> "Rate":
        """Heads of two units; the rate of the whole, not a mean of rates."""
        return Rate(self.numerator + other.numerator, self.denominator + other.denominator)


NOTHING = Rate(0, 0)


def percent_text(value: Fraction) -> str:
    """1.80 %: two decimals, half up, away from zero for what is negative."""
    hundredths = (abs(value) * 20_000 + 1) // 2
    sign = "-" if value < 0 and hundredths else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d} %"


def of_percent(text: str) -> Fraction:
    """The fraction that a percentage of the settings stands for: "0.6" is 6/1000.

    Raises ValueError for what is no number.
    """
    return Fraction(text) / 100


def rose(values: Mapping[int, Fraction | None], year: int, rises: int) -> bool:
    """连续三年上升 (rule 6): in each of `rises` years up to `year` higher than in the year before.

    Three rises need four yearly values. Equal is no rise; a year without a value breaks the chain.
    """
    chain = [values.get(one) for one in range(year - rises, year + 1)]
    known = [value for value in chain if value is not None]
    return len(known) == len(chain) and all(later > value for value, later in pairwise(known))


@dataclass(frozen=True)
class NetParts:
    """Parts of the 两基 formula within a school year, heads."""

    suspended: int = 0
    dropped_out: int = 0
    died: int = 0
    moved_out: int = 0
    other_losses: int = 0
    moved_in: int = 0
    other_gains: int = 0

    @property
    def loss(self) -> int:
        """May be negative where more came than went."""
        lost = self.suspended + self.dropped_out + self.died + self.moved_out + self.other_losses
        return lost - self.moved_in - self.other_gains


@dataclass(frozen=True)
class ConsolidationParts:
    """Parts of 九年义务教育巩固率: one cohort from grade 1 to the end of grade 9, heads."""

    entrants: int = 0
    moved_in: int = 0
    moved_out: int = 0
    died: int = 0
    graduates: int = 0

    @property
    def rate(self) -> Rate:
        base = self.entrants + self.moved_in - self.moved_out - self.died
        return Rate(self.graduates, base)

    @property
    def unadjusted(self) -> Rate:
        """Of the entrants alone: looks bad wherever families move away."""
        return Rate(self.graduates, self.entrants)
