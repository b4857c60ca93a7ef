"""The indicators of the first board: name, definition in words, and what stands behind each.

Rule 8: a figure is shown with its definition, numerator, denominator and as-of, and says where
the unknown goes. A new indicator is a row here and a condition in queries/facts.py.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Rows(StrEnum):
    """What the list behind a number consists of."""

    STUDENTS = "students"
    CLASSES = "classes"
    CASES = "cases"


@dataclass(frozen=True)
class Over:
    """A denominator: the count that it is, and the words for it."""

    count: str
    text: Promise


@dataclass(frozen=True)
class Indicator:
    """unknown: the count of those of whom nothing is known and who may belong here.

    is_key: has a card of its own. is_worry: somebody has to act on it, shaded in tables.
    """

    name: Promise
    numerator: Promise
    rows: Rows
    over: Over | None = None
    unknown: str | None = None
    is_key: bool = False
    is_worry: bool = False

    @property
    def definition(self) -> str:
        return f"{self.numerator} {self.over.text}" if self.over else str(self.numerator)

    @property
    def is_of_roll(self) -> bool:
        """Read from the rolls of the day: says nothing on a day without school."""
        return self.over in (EXPECTED, CALLED, EXPECTED_PUPILS)


EXPECTED = Over("rolls_expected", _("Denominator: classes that have school on that day."))
CALLED = Over(
    "pupils_called",
    _("Denominator: pupils of the classes that were called; the others count as unknown."),
)
EXPECTED_PUPILS = Over(
    "pupils_expected", _("Denominator: pupils of the classes that have school on that day.")
)
ENROLLED = Over("enrolled", _("Denominator: enrolled pupils."))
OPEN_CASES = Over("cases_open", _("Denominator: open cases."))
RETURNED = Over(
    "returned", _("Denominator: children who came back in this school year at least once.")
)

RUN = _(
    "Pupils whose run of unexcused absence is going on at the end of that day and has this number"
    " of known school days. A day without a roll neither counts nor ends a run: the run may be"
    " longer."
)
STATE = _("Children whose case is in this state at the end of that day.")


def _absent(name: Promise, numerator: Promise, *, is_key: bool = False) -> Indicator:
    return Indicator(name, numerator, Rows.STUDENTS, CALLED, "unknown", is_key)


def _run(name: Promise, *, is_key: bool = False, is_worry: bool = False) -> Indicator:
    return Indicator(name, RUN, Rows.STUDENTS, ENROLLED, "unknown", is_key, is_worry)


def _state(name: Promise) -> Indicator:
    return Indicator(name, STATE, Rows.CASES, OPEN_CASES)


CATALOGUE: dict[str, Indicator] = {
    "enrolled": Indicator(
        _("Enrolled"),
        _("Pupils on the roster of a class on that day, lawful absences included."),
        Rows.STUDENTS,
        is_key=True,
    ),
    "classes": Indicator(
        _("Classes"),
        _("Classes with at least one pupil on the roster on that day."),
        Rows.CLASSES,
    ),
    "rolls_taken": Indicator(
        _("Rolls taken"),
        _("Classes that were called on that day. A class without a roll is unknown, not present."),
        Rows.CLASSES,
        EXPECTED,
        "rolls_missing",
        is_key=True,
    ),
    "rolls_not_held": Indicator(
        _("Classes not held"),
        _("Classes that were not held on that day, with a reason in writing."),
        Rows.CLASSES,
        EXPECTED,
        "rolls_missing",
    ),
    "rolls_missing": Indicator(
        _("Rolls missing"),
        _("Classes that have school on that day and whose roll has not come in."),
        Rows.CLASSES,
        EXPECTED,
        is_worry=True,
    ),
    "absent": _absent(
        _("Absent"),
        _("Pupils on sick leave, on personal leave or absent without leave on that day."),
        is_key=True,
    ),
    "sick_leave": _absent(_("Sick leave"), _("Pupils marked as on sick leave on that day.")),
    "personal_leave": _absent(
        _("Personal leave"), _("Pupils marked as on personal leave on that day.")
    ),
    "unexcused": _absent(_("Unexcused"), _("Pupils marked as absent without leave on that day.")),
    "unknown": Indicator(
        _("Unknown"),
        _(
            "Pupils of classes whose roll has not come in, and pupils of whom the roll says that"
            " it is not known. Pupils lawfully away are left out."
        ),
        Rows.STUDENTS,
        EXPECTED_PUPILS,
        is_key=True,
        is_worry=True,
    ),
    "runs_1": _run(_("Absent 1 day running")),
    "runs_2": _run(_("Absent 2 days running")),
    "runs_3": _run(_("Absent 3 days running"), is_worry=True),
    "runs_4plus": _run(_("Absent 4 days or more running"), is_key=True, is_worry=True),
    "cases_suspected": _state(_("Suspected dropouts")),
    "cases_verifying": _state(_("Being verified")),
    "cases_confirmed": _state(_("Confirmed dropouts")),
    "cases_persuading": _state(_("Being persuaded")),
    "cases_returned": _state(_("Returned, followed up")),
    "cases_closure_requested": _state(_("Closure asked for")),
    "cases_end_requested": _state(_("Another end asked for")),
    "cases_open": Indicator(
        _("Open cases"),
        _("Children whose case is neither closed nor dismissed at the end of that day."),
        Rows.CASES,
        is_key=True,
    ),
    "overdue": Indicator(
        _("Overdue"),
        _("Open cases with a duty that is not done and whose last moment has passed."),
        Rows.CASES,
        OPEN_CASES,
        is_key=True,
        is_worry=True,
    ),
    "returned_staying": Indicator(
        _("Returned and staying"),
        _(
            "Children who came back in this school year and have not dropped out again since. A"
            " case that was opened by mistake, or whose child has died, counts as no return."
        ),
        Rows.CASES,
        RETURNED,
        is_key=True,
    ),
}

HEAT_STEPS = 5


def heat(number: int, most: int) -> int:
    """Shade of a cell, 0 (none) to 5 (the worst unit of the table)."""
    return -(-number * HEAT_STEPS // most) if most else 0
