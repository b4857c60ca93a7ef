"""What may be entered of a school year that no roster of ours gives (S1-72: the years before)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from reporting.rules.accountability import stage_problem
from reporting.rules.rates import ConsolidationParts, Measure, Rate

EARLIEST_YEAR = 2000
PARTS = tuple(one.name for one in fields(ConsolidationParts))


@dataclass(frozen=True)
class Entered:
    """A figure as somebody wrote it down. parts: of the consolidation rate, whose numerator and
    base follow from them. source: the paper that it stands in."""

    measure: str
    stage: str
    school_year: int
    source: str
    numerator: int | None = None
    denominator: int | None = None
    parts: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def of_parts(self) -> bool:
        return self.measure == Measure.CONSOLIDATION

    @property
    def rate(self) -> Rate:
        if self.of_parts:
            return ConsolidationParts(**{name: self.parts.get(name) or 0 for name in PARTS}).rate
        return Rate(self.numerator or 0, self.denominator or 0)


def problems(entered: Entered, this_year: int, *, counted: bool) -> list[Reason]:
    """Every reason why this cannot be entered. counted: our own rows give the figure."""
    if entered.measure not in set(Measure):
        return [Reason("measure", _("Say which rate."), "/measure")]
    found = stage_problem(entered.measure, entered.stage)
    if not EARLIEST_YEAR <= entered.school_year <= this_year:
        text = _("This school year lies ahead, or too far back.")
        found.append(Reason("school_year", text, "/school_year"))
    if counted:
        text = _("The rosters of this school year give the figure: it is counted, not entered.")
        found.append(Reason("counted", text, "/school_year"))
    if not entered.source.strip():
        text = _("A figure without its source cannot be entered: name the paper it stands in.")
        found.append(Reason("source", text, "/source"))
    return found + _missing(entered) + _impossible(entered)


def _missing(entered: Entered) -> list[Reason]:
    given: Mapping[str, int | None] = {
        "numerator": entered.numerator,
        "denominator": entered.denominator,
    }
    if entered.of_parts:
        given = {name: entered.parts.get(name) for name in PARTS}
    text = _("This number is missing; write 0 where it is nought.")
    return [Reason("missing", text, f"/{name}") for name, value in given.items() if value is None]


def _impossible(entered: Entered) -> list[Reason]:
    if _missing(entered):
        return []
    rate = entered.rate
    if rate.denominator <= 0:
        text = _("Without a base there is no rate: leave the year out, it is shown as a gap.")
        pointer = "/entrants" if entered.of_parts else "/denominator"
        return [Reason("no_base", text, pointer)]
    least = -rate.denominator if entered.measure == Measure.NET else 0
    if not least <= rate.numerator <= rate.denominator:
        text = _("The numerator does not fit the base: %(numerator)s of %(denominator)s.")
        pointer = "/graduates" if entered.of_parts else "/numerator"
        return [Reason("numerator", text % vars(rate), pointer)]
    return []
