"""The catalogue of policy keys: what may differ between counties, with default and source.

A number that is not here cannot be used; a key without a source does not pass the tests.
Values per county and period are rows (agencies/models/policy.py).
"""

from dataclasses import dataclass
from enum import StrEnum

from agencies.rules.deadlines import Unit


class Key(StrEnum):
    ABSENCE_CONSECUTIVE_DAYS = "absence.consecutive_days"
    CENSUS_DAYS = "term.census_days"
    CENSUS_UNIT = "term.census_unit"
    REPORT_DAYS = "term.report_days"
    REPORT_UNIT = "term.report_unit"
    OFFICE_CLOSING = "deadlines.office_closing"
    VERIFY_DAYS = "case.verify_days"
    TEAM_DAYS = "case.team_days"
    FIRST_VISIT_DAYS = "case.first_visit_days"
    VISIT_INTERVAL_DAYS = "case.visit_interval_days"
    FOLLOW_UP_DAYS = "case.follow_up_days"
    CLOSURE_DAYS = "case.closure_days"
    DECIDE_CLOSURE_DAYS = "case.decide_closure_days"
    IMPORT_LEAVE_PERCENT = "import.leave_percent"
    ENTRY_AGE = "schooling.entry_age"
    SCHOOLING_YEARS = "schooling.years"


@dataclass(frozen=True)
class Entry:
    """One key: its type is the type of the default."""

    default: int | str
    unit: str
    source: str
    clause: str = ""
    low: int = 1
    high: int = 400
    choices: tuple[str, ...] = ()

    def problem(self, value: object) -> str | None:
        """Why this value is not acceptable, or None."""
        if not isinstance(value, type(self.default)) or isinstance(value, bool):
            return f"must be of type {type(self.default).__name__}"
        if isinstance(value, int) and not self.low <= value <= self.high:
            return f"must be between {self.low} and {self.high}"
        if self.choices and value not in self.choices:
            return f"must be one of {', '.join(self.choices)}"
        return None


UNITS = tuple(Unit)
SETTING = "setting of the county; the documents give no period"

CATALOGUE: dict[Key, Entry] = {
    Key.ABSENCE_CONSECUTIVE_DAYS: Entry(
        3, "school days, strictly more than", "文政办发〔2019〕26号 三(二)", "S1-57"
    ),
    Key.CENSUS_DAYS: Entry(5, "days from the opening day", "文政办发〔2019〕26号 三(二)", "S1-51"),
    Key.CENSUS_UNIT: Entry(
        Unit.CALENDAR_DAYS.value, "way of counting", "民法典 第二百条", "S1-51", choices=UNITS
    ),
    Key.REPORT_DAYS: Entry(10, "days from the opening day", "文政办发〔2019〕26号 三(二)", "S1-53"),
    Key.REPORT_UNIT: Entry(
        Unit.CALENDAR_DAYS.value, "way of counting", "民法典 第二百条", "S1-53", choices=UNITS
    ),
    Key.OFFICE_CLOSING: Entry(
        "24:00", "hour at which the last day ends", "民法典 第二百零三条", "S1-53"
    ),
    Key.VERIFY_DAYS: Entry(3, "working days", SETTING, "S1-58"),
    Key.TEAM_DAYS: Entry(3, "working days", SETTING, "S1-64"),
    Key.FIRST_VISIT_DAYS: Entry(2, "working days", SETTING, "S1-64"),
    Key.VISIT_INTERVAL_DAYS: Entry(5, "working days", SETTING, "S1-65"),
    Key.FOLLOW_UP_DAYS: Entry(
        20,
        "school days",
        "教育部办公厅 2024-04 控辍保学常态化报告 (动态销号); length is a setting",
        "S1-65",
    ),
    Key.CLOSURE_DAYS: Entry(5, "working days", SETTING, "S1-65"),
    Key.DECIDE_CLOSURE_DAYS: Entry(5, "working days", SETTING, "S1-65"),
    Key.IMPORT_LEAVE_PERCENT: Entry(
        10,
        "percent of a school's roster",
        "safeguard of this product; a second person decides",
        "S1-17",
    ),
    Key.ENTRY_AGE: Entry(
        6, "full years on 31 August", "义务教育法 第十一条", "S1-32", low=5, high=8
    ),
    Key.SCHOOLING_YEARS: Entry(9, "school years", "义务教育法 第二条", "S1-32", low=9, high=9),
}
