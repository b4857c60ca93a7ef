"""The catalogue of policy keys: what may differ between counties, with default and source.

A number that is not here cannot be used; a key without a source does not pass the tests.
Values per county and period are rows (agencies/models/policy.py).
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext

from agencies.rules.deadlines import Unit
from agencies.rules.policy_keys import Key


@dataclass(frozen=True)
class Entry:
    """One key: its type is the type of the default. rising: days of a list, each after the last."""

    default: int | str
    unit: str
    source: str
    clause: str = ""
    low: int = 1
    high: int = 400
    choices: tuple[str, ...] = ()
    form: str = ""
    rising: bool = False

    def problem(self, value: object) -> str | None:
        """Why this value is not acceptable, or None."""
        if not isinstance(value, type(self.default)) or isinstance(value, bool):
            number = isinstance(self.default, int)
            return gettext("must be a whole number") if number else gettext("must be a text")
        if isinstance(value, int):
            limits = {"low": self.low, "high": self.high}
            fits = self.low <= value <= self.high
            return None if fits else gettext("must be between %(low)s and %(high)s") % limits
        return self._problem_of(str(value))

    def _problem_of(self, text: str) -> str | None:
        if self.choices and text not in self.choices:
            return gettext("must be one of: %(choices)s") % {"choices": ", ".join(self.choices)}
        if self.form and not re.fullmatch(self.form, text, re.ASCII):
            return gettext("must look like “%(example)s”") % {"example": self.default or "3,1"}
        days = [int(part) for part in text.split(",")] if self.rising else []
        if any(later <= day for day, later in pairwise(days)):
            return gettext("each day has to lie after the one before")
        return None


def _(text: str) -> str:
    """Only marks a text for translation: it is stored in English and translated when shown."""
    return text


UNITS = (Unit.CALENDAR_DAYS.value, Unit.WORKING_DAYS.value)
HOUR = r"([01]\d|2[0-3]):[0-5]\d"
DAYS = r"(\d{1,3}(,\d{1,3})*)?"
PERCENT = r"\d{1,2}(\.\d{1,3})?"
LINES = "国家规定 小学0.6%、初中1.8% (中国网 2020-08-12)"
SETTING = _("setting of the county; the documents give no period")

CATALOGUE: dict[Key, Entry] = {
    Key.ABSENCE_CONSECUTIVE_DAYS: Entry(
        3, _("school days, strictly more than"), "文政办发〔2019〕26号 三(二)", "S1-57"
    ),
    Key.CENSUS_DAYS: Entry(
        5, _("days from the opening day"), "文政办发〔2019〕26号 三(二)", "S1-51"
    ),
    Key.CENSUS_UNIT: Entry(
        Unit.CALENDAR_DAYS.value, _("way of counting"), "民法典 第二百条", "S1-51", choices=UNITS
    ),
    Key.REPORT_DAYS: Entry(
        10, _("days from the opening day"), "文政办发〔2019〕26号 三(二)", "S1-53"
    ),
    Key.REPORT_UNIT: Entry(
        Unit.CALENDAR_DAYS.value, _("way of counting"), "民法典 第二百条", "S1-53", choices=UNITS
    ),
    Key.OFFICE_CLOSING: Entry(
        "24:00",
        _("hour at which the last day ends"),
        "民法典 第二百零三条",
        "S1-53",
        form=rf"24:00|{HOUR}",
    ),
    Key.VERIFY_DAYS: Entry(3, _("working days"), SETTING, "S1-58"),
    Key.TEAM_DAYS: Entry(3, _("working days"), SETTING, "S1-64"),
    Key.FIRST_VISIT_DAYS: Entry(2, _("working days"), SETTING, "S1-64"),
    Key.VISIT_INTERVAL_DAYS: Entry(5, _("working days"), SETTING, "S1-65"),
    Key.FOLLOW_UP_DAYS: Entry(
        20,
        _("school days"),
        _("教育部办公厅 2024-04 控辍保学常态化报告 (动态销号); length is a setting"),
        "S1-65",
    ),
    Key.CLOSURE_DAYS: Entry(5, _("working days"), SETTING, "S1-65"),
    Key.DECIDE_CLOSURE_DAYS: Entry(5, _("working days"), SETTING, "S1-65"),
    Key.REMIND_DAYS: Entry(
        "3,1", _("working days before the last day"), SETTING, "S1-53", form=DAYS
    ),
    Key.REMIND_AT: Entry("08:00", _("hour of a reminder"), SETTING, "S1-53", form=HOUR),
    Key.LADDER_DAYS: Entry(
        "0,1,3",
        _("working days after the last day, for each rung of the ladder"),
        SETTING,
        "S1-74",
        form=r"0(,\d{1,3}){0,5}",
        rising=True,
    ),
    Key.NO_REMINDER: Entry(
        "",
        _("working days before the last day: duties of a single day"),
        SETTING,
        "S1-22",
        form=DAYS,
    ),
    Key.CENSUS_CORRECT_DAYS: Entry(3, _("working days after it is sent back"), SETTING, "S1-51"),
    Key.ROLL_DAYS: Entry(
        0, _("days: the roll is called on the day itself"), SETTING, "S1-57", low=0
    ),
    Key.ROLL_REMIND_AT: Entry(
        "10:00",
        _("hour at which a class teacher without a roll is reminded"),
        SETTING,
        "S1-57",
        form=HOUR,
    ),
    Key.ROLL_END_AT: Entry(
        "16:30",
        _("hour at which the school day ends: a missing roll turns red for the school leader"),
        SETTING,
        "S1-57",
        form=HOUR,
    ),
    Key.CONTACT_DAYS: Entry(
        0,
        _("working days after the first day of absence; 0: the same day"),
        SETTING,
        "S1-22",
        low=0,
    ),
    Key.ANSWER_AFTER_DAYS: Entry(
        2, _("school days of a run after which the school has to answer"), SETTING, "S1-22"
    ),
    Key.ANSWER_DAYS: Entry(1, _("working days"), SETTING, "S1-22", low=0),
    Key.CASE_REPORT_DAYS: Entry(1, _("working days to sign for the report"), SETTING, "S1-57"),
    Key.PLAN_DAYS: Entry(5, _("working days"), SETTING, "S1-65"),
    Key.PLAN_REVIEW_DAYS: Entry(
        20, _("working days from one review to the next"), SETTING, "S1-65"
    ),
    Key.SERVE_DAYS: Entry(
        7, _("working days from the issue of a paper"), "行政处罚法 第六十一条", "S1-34"
    ),
    Key.PERSUASION_DAYS: Entry(
        7, _("days from the receipt of a persuasion notice"), SETTING, "S1-34"
    ),
    Key.NEXT_STEP_DAYS: Entry(3, _("working days after the guardian's period"), SETTING, "S1-35"),
    Key.NOTICE_DAYS: Entry(
        30,
        _("days from a public notice until it counts as served"),
        "民事诉讼法 第九十五条",
        "S1-34",
    ),
    Key.CATCH_UP_DAYS: Entry(5, _("working days after the return"), SETTING, "S1-65"),
    Key.SIGNAL_VISITS: Entry(
        10, _("visits of one person within the minutes below"), _("safeguard of this product")
    ),
    Key.SIGNAL_MINUTES: Entry(10, _("minutes"), _("safeguard of this product")),
    Key.SIGNAL_SAME_TEXTS: Entry(
        3, _("visits of one person in the same words"), _("safeguard of this product"), low=2
    ),
    Key.HELP_REPLY_DAYS: Entry(5, _("working days"), SETTING, "S1-25"),
    Key.HELP_DONE_DAYS: Entry(20, _("working days"), SETTING, "S1-25"),
    Key.OUTSIDE_REPLY_DAYS: Entry(10, _("working days"), SETTING, "S1-60"),
    Key.CONFERENCE_DAYS: Entry(
        90, _("days from one joint conference to the next"), SETTING, "S1-67", low=7, high=366
    ),
    Key.INSPECT_OPINION_DAYS: Entry(
        30, _("days after the end of the inspection"), "浙江省教育督导条例 (2019)", "S1-74"
    ),
    Key.INSPECT_REPLY_DAYS: Entry(
        10, _("days after the receipt of the draft"), "浙江省教育督导条例 (2019)", "S1-74"
    ),
    Key.INSPECT_REPORT_DAYS: Entry(
        30, _("days after the end of the inspection"), "浙江省教育督导条例 (2019)", "S1-74"
    ),
    Key.INSPECT_ASK_REVIEW_DAYS: Entry(
        10, _("days after the receipt of the opinion"), "浙江省教育督导条例 (2019)", "S1-74"
    ),
    Key.INSPECT_REVIEW_DAYS: Entry(
        30, _("days after review was asked for"), "浙江省教育督导条例 (2019)", "S1-74"
    ),
    Key.TALK_REPLY_DAYS: Entry(5, _("working days after the talk"), SETTING, "S1-68"),
    Key.TALK_RECHECK_DAYS: Entry(10, _("working days after the report"), SETTING, "S1-74"),
    Key.CIRCULAR_DAYS: Entry(3, _("working days"), SETTING, "S1-69"),
    Key.ASSESSMENT_APPEAL_DAYS: Entry(
        10, _("working days after the sheet was sent"), SETTING, "S1-70"
    ),
    Key.ASSESSMENT_ANSWER_DAYS: Entry(10, _("working days after the appeal"), SETTING, "S1-70"),
    Key.TIP_DAYS: Entry(3, _("working days"), SETTING, "S1-31"),
    Key.TIPS_OF_AN_ADDRESS: Entry(
        3, _("tips from one address within an hour"), _("safeguard of this product"), "S1-31"
    ),
    Key.TIPS_A_DAY: Entry(
        200,
        _("tips in the county within a day"),
        _("safeguard of this product"),
        "S1-31",
        high=5000,
    ),
    Key.TIP_PHONE: Entry(
        "12345",
        _("number to call instead of writing a tip"),
        "国办发〔2020〕53号 政务服务便民热线",
        "S1-31",
        form=r"[0-9+][0-9 +-]{2,38}",
    ),
    Key.TRANSFER_DAYS: Entry(
        10,
        _("working days until the other side has confirmed"),
        "中小学生学籍管理办法 教基〔2025〕1号; 教基一〔2013〕7号",
        "S1-56",
    ),
    Key.TRANSFER_VERIFY_DAYS: Entry(5, _("working days"), SETTING, "S1-54"),
    Key.PLACEMENT_REMIND_DAYS: Entry(
        "20,5,1", _("working days before the end of a placement"), SETTING, "S1-37", form=DAYS
    ),
    Key.MONTHLY_DAYS: Entry(
        5, _("days after the end of the month"), "教育部办公厅 2024-04 控辍保学常态化报告", "S2-13"
    ),
    Key.QUARTERLY_DAYS: Entry(
        15,
        _("days after the end of the quarter"),
        "教育部办公厅 2024-04 控辍保学常态化报告",
        "S2-13",
    ),
    Key.DIGEST_AT: Entry("08:00", _("hour of the daily summary"), SETTING, form=HOUR),
    Key.QUIET_HOURS: Entry(
        "21:00-07:00",
        _("hours without messages outside the inbox"),
        SETTING,
        form=rf"{HOUR}-{HOUR}",
    ),
    Key.FLOOD_LIMIT: Entry(
        5, _("notices at once that are still told one by one"), _("safeguard of this product")
    ),
    Key.IMPORT_LEAVE_PERCENT: Entry(
        10,
        _("percent of a school's roster"),
        _("safeguard of this product; a second person decides"),
        "S1-17",
        high=100,
    ),
    # A yearly list loses the ninth part by age alone: the cohort that has completed grade 9.
    Key.LIST_LOSS_PERCENT: Entry(
        20,
        _("percent of the rows of the list before that may be gone"),
        _("safeguard of this product; a second person decides"),
        "S1-49",
        high=100,
    ),
    Key.LIST_CHECK_DAYS: Entry(10, _("working days after the list is applied"), SETTING, "S1-49"),
    Key.LIST_FOLLOW_DAYS: Entry(10, _("working days after the result"), SETTING, "S1-49"),
    Key.SCREENING_DAYS: Entry(
        10, _("working days from the opening of the round"), SETTING, "S1-48"
    ),
    Key.PLACEMENT_DECIDE_DAYS: Entry(5, _("working days after the application"), SETTING, "S1-37"),
    Key.DEFERRAL_RENEW_DAYS: Entry(
        10,
        _("days before the end of a deferral"),
        _("usual practice of counties (law.md 2.5)"),
        "S1-37",
    ),
    Key.SUSPENSION_REST_MONTHS: Entry(
        3,
        _("months of rest that the certificate advises"),
        _("usual practice of counties (law.md 2.6)"),
        "S1-37",
        high=12,
    ),
    Key.SUSPENSION_CHAIN_MONTHS: Entry(
        24,
        _("months of a suspension with its renewals"),
        _("usual practice of counties (law.md 2.6)"),
        "S1-37",
        low=12,
        high=60,
    ),
    Key.PLACEMENT_SOON_DAYS: Entry(30, _("days before the end of a placement"), SETTING, "S1-37"),
    Key.HOME_SESSIONS: Entry(1, _("sessions a week"), SETTING, "S1-45", high=14),
    Key.HOME_PERIODS: Entry(2, _("periods a session"), SETTING, "S1-45", high=8),
    Key.HOME_MINUTES: Entry(30, _("minutes a period"), SETTING, "S1-45", low=10, high=60),
    Key.HOME_PERIODS_A_YEAR: Entry(72, _("periods a school year"), SETTING, "S1-45", high=1000),
    Key.HOME_QUALITY_DAYS: Entry(
        60, _("working days from one quality visit to the next"), SETTING, "S1-45"
    ),
    Key.TRANSFER_DECIDE_DAYS: Entry(
        10,
        _("working days after the school has agreed"),
        "中小学生学籍管理办法 教基〔2025〕1号; 教基一〔2013〕7号",
        "S1-56",
    ),
    Key.MIGRANT_DAYS: Entry(10, _("working days after the application"), SETTING, "S1-46"),
    Key.NOTICE_DELIVER_DAYS: Entry(15, _("days before the opening day"), SETTING, "S2-34"),
    Key.LEDGER_GROUP: Entry(
        5,
        _("pupils: smaller groups of a restricted ledger are not counted"),
        SETTING,
        "S2-10",
        low=5,
    ),
    Key.TAG_REVIEW_DAYS: Entry(
        365,
        _("days from one review of a focus tag to the next"),
        _("yearly check (law.md 2.4)"),
        "S1-26",
    ),
    Key.LEFT_BEHIND_DAYS: Entry(
        30,
        _("days from one contact with whoever answers for a left-behind child to the next"),
        _("浙江省未成年人保护条例 art. 45: at least monthly (law.md 2)"),
        "S2-17",
    ),
    Key.CONSISTENCY_DAYS: Entry(10, _("working days after it was found"), SETTING, "S1-47"),
    Key.GHOST_ROLLS: Entry(20, _("rolls of the class, the last ones"), SETTING, "S2-06"),
    Key.LINE_PRIMARY: Entry("0.6", _("percent, strictly more than"), LINES, "S1-71", form=PERCENT),
    Key.LINE_JUNIOR: Entry("1.8", _("percent, strictly more than"), LINES, "S1-71", form=PERCENT),
    Key.RISES: Entry(
        3,
        _("rises in a row; three need four yearly values"),
        "文政办发〔2019〕26号 四(二)",
        "S1-72",
        low=2,
        high=3,
    ),
    Key.SMALL_BASE: Entry(
        100, _("heads: a rate on fewer is flagged"), _("safeguard of this product"), high=1000
    ),
    Key.ENTRY_AGE: Entry(
        6, _("full years on 31 August"), "义务教育法 第十一条", "S1-32", low=5, high=8
    ),
    Key.SCHOOLING_YEARS: Entry(9, _("school years"), "义务教育法 第二条", "S1-32", low=9, high=9),
}
