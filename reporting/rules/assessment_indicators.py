"""What a yearly assessment can count: each indicator with its clause, its parts and its source.

Sources: wencheng-2019 一(二) S1-15, S1-16, 四(二) S1-70; the documents give no weights. Each is a
share of what was owed, or a rate of children in school. None counts dropouts reported, found or
cases opened: that would reward hiding. What waits for another body is no part of a share.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.rules.obligations import ObligationKind as Kind
from reporting.rules.areas import AreaKind


class Source(StrEnum):
    """Which rows an indicator is read from."""

    OBLIGATIONS = "obligations"
    LINE = "line"
    RETURN = "return"
    PAPERS = "papers"
    CLAUSES = "clauses"


@dataclass(frozen=True)
class Indicator:
    """counted: what the numerator is of what denominator; unit: of both; kinds: of the deadlines
    that the unit owes; units: the kinds of units that can be asked this. clause "": all of them.
    """

    name: Promise
    counted: Promise
    unit: Promise
    clause: str
    source: Source
    units: tuple[AreaKind, ...]
    kinds: tuple[Kind, ...] = ()


UNITS = (AreaKind.TOWNSHIP, AreaKind.SCHOOL)
TOWNSHIP, SCHOOL = (AreaKind.TOWNSHIP,), (AreaKind.SCHOOL,)
IN_TIME = _(
    "Of the deadlines of the year that have passed or were met: those met in time. A deadline that"
    " fell away, and one that still runs, counts for nobody."
)
DEADLINES = pgettext_lazy("indicator", "deadlines")


def _in_time(name: Promise, clause: str, units: tuple[AreaKind, ...], *kinds: Kind) -> Indicator:
    return Indicator(name, IN_TIME, DEADLINES, clause, Source.OBLIGATIONS, units, kinds)


# The confirmation of a transfer is no indicator: it waits for the other side.
CATALOGUE: dict[str, Indicator] = {
    "line": Indicator(
        _("Dropout rate within the control line"),
        _("Of the stages that have pupils: those whose rate is not above the line (rules 5, 8)."),
        pgettext_lazy("indicator", "stages"), "S1-71", Source.LINE, UNITS,
    ),
    "return": Indicator(
        _("Children back in school"),
        _("Of the children confirmed as out of school in the year: those who are back."),
        pgettext_lazy("indicator", "children"), "S1-65", Source.RETURN, UNITS,
    ),
    "rolls": _in_time(_("Rolls called on the day"), "S1-57", SCHOOL, Kind.ROLL),
    "census": _in_time(
        _("Term-start check in time"), "S1-51", SCHOOL, Kind.CENSUS, Kind.CENSUS_AGAIN
    ),
    "term_report": _in_time(_("Term-start report in time"), "S1-53", SCHOOL, Kind.TERM_REPORT),
    "monthly": _in_time(_("Monthly reports in time"), "S2-13", SCHOOL, Kind.MONTHLY_REPORT),
    "absence": _in_time(
        _("Absences followed up in time"), "S1-22", SCHOOL, Kind.CONTACT, Kind.ANSWER
    ),
    "arrivals": _in_time(
        _("Transfers that were not confirmed: verified in time"),
        "S1-54", SCHOOL, Kind.TRANSFER_VERIFY,
    ),
    "records": _in_time(_("Records put right in time"), "S1-47", SCHOOL, Kind.CONSISTENCY),
    "home_lessons": _in_time(
        _("Home teaching by its plan"), "S1-45", SCHOOL, Kind.HOME_LESSONS
    ),
    "catch_up": _in_time(_("Returned children taught what they missed"), "S1-65", SCHOOL,
                         Kind.CATCH_UP),
    "left_behind": _in_time(
        _("Left-behind children: contacts in time"), "S2-17", SCHOOL, Kind.LEFT_BEHIND
    ),
    "notices": _in_time(_("Admission notices delivered in time"), "S2-34", SCHOOL,
                        Kind.NOTICE_DELIVER),
    "case_reports": _in_time(
        _("Reports on cases signed for in time"), "S1-57", TOWNSHIP, Kind.CASE_REPORT
    ),
    "verified": _in_time(_("Cases verified in time"), "S1-58", TOWNSHIP, Kind.VERIFY),
    "teams": _in_time(_("Teams of six complete in time"), "S1-64", TOWNSHIP, Kind.TEAM),
    "visits": _in_time(_("Home visits in time"), "S1-64", TOWNSHIP, Kind.VISIT),
    "plans": _in_time(
        _("Plans made and reviewed in time"), "S1-65", TOWNSHIP, Kind.PLAN, Kind.REVIEW
    ),
    "measures": _in_time(_("Measures carried out in time"), "S1-65", UNITS, Kind.MEASURE),
    "screening": _in_time(_("Screening in time"), "S1-48", TOWNSHIP, Kind.SCREENING),
    "register": _in_time(
        _("Rows of the register checked in time"), "S1-49", TOWNSHIP, Kind.LIST_CHECK
    ),
    "rectified": _in_time(
        _("Put right in time what was ordered"), "S1-74", UNITS, Kind.RECTIFY, Kind.TALK_RECTIFY
    ),
    "decisions": _in_time(
        _("Decisions of the joint conference carried out in time"), "S1-09", UNITS, Kind.DECISION
    ),
    "circulars": _in_time(_("Circulars signed for in time"), "S1-69", UNITS, Kind.CIRCULAR),
    "papers": Indicator(
        _("Responsibility in writing"),
        _("Of what the unit owes in writing (first leader, letter, plan, publicity): what it has."),
        pgettext_lazy("indicator", "papers"), "S1-66", Source.PAPERS, UNITS,
    ),
    "clauses": Indicator(
        _("Duties of the county's document done"),
        _(
            "Of the duties with a date of their own: those done, and none of whose deadlines is"
            " overdue. What is done only when it happens counts once it was asked for."
        ),
        pgettext_lazy("indicator", "duties"), "", Source.CLAUSES, UNITS,
    ),
}  # fmt: skip

REWARDS_HIDING = _(
    "There are no points for dropouts reported or found, nor for cases opened: that would reward"
    " hiding them."
)
_CHILD_OUT = r"(?:辍学|失学|疑似|控辍个案|案件|dropouts?|cases?)"
_FOUND = r"(?:上报|报告|发现|排查出|立案|登记|reported|found|opened|number of)"
HIDING = re.compile(rf"{_CHILD_OUT}.{{0,8}}{_FOUND}|{_FOUND}.{{0,8}}{_CHILD_OUT}", re.IGNORECASE)


def rewards_hiding(text: str) -> bool:
    """Whether the words of an item of the county's own would count dropouts found (rule 8)."""
    return HIDING.search(text) is not None


def of_kind(kind: AreaKind) -> dict[str, Indicator]:
    """The indicators that a township or a school can be asked, in the order of the catalogue."""
    return {code: one for code, one in CATALOGUE.items() if kind in one.units}
