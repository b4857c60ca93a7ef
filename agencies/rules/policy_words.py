"""The policy keys in words, in the groups in which people look for them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.rules.deadlines import Unit
from agencies.rules.policy import Key

# By what stands before the dot of a key.
GROUPS: dict[str, Promise] = {
    "term": _("Start of term"),
    "roll": _("Rolls"),
    "absence": _("Absence"),
    "case": _("Cases"),
    "transfer": _("Transfers"),
    "placement": _("Lawful absence"),
    "signals": _("Questions about records of visits"),
    "request": _("Requests to other agencies"),
    "outside": _("Other counties"),
    "tip": _("Tips from the public"),
    "list": _("Lists of other agencies"),
    "screening": _("Screening rounds"),
    "home": _("Home-delivered teaching"),
    "admission": _("Admission"),
    "focus": _("Focus groups"),
    "consistency": _("Records that do not fit"),
    "report": _("Regular reports"),
    "deadlines": _("Deadlines and reminders"),
    "notices": _("Messages"),
    "schooling": _("Compulsory schooling"),
    "import": _("Roster import"),
}

WORDS: dict[Key, Promise] = {
    Key.CENSUS_DAYS: _("Time for the term-start full check"),
    Key.CENSUS_UNIT: _("Full check: how its days are counted"),
    Key.CENSUS_CORRECT_DAYS: _("Time for correcting what was sent back"),
    Key.REPORT_DAYS: _("Time for the term-start report"),
    Key.REPORT_UNIT: _("Term-start report: how its days are counted"),
    Key.ROLL_DAYS: _("Time for calling the rolls of a day"),
    Key.ROLL_REMIND_AT: _("Reminder of a missing roll"),
    Key.ROLL_END_AT: _("End of the school day"),
    Key.ABSENCE_CONSECUTIVE_DAYS: _("Unexcused days in a row that open a case when exceeded"),
    Key.CONTACT_DAYS: _("Time for contacting the guardian"),
    Key.ANSWER_AFTER_DAYS: _("Length of a run that the school has to answer"),
    Key.ANSWER_DAYS: _("Time for answering a run"),
    Key.CASE_REPORT_DAYS: _("Time for signing for the report on a case"),
    Key.VERIFY_DAYS: _("Time for searching and verifying whereabouts"),
    Key.TEAM_DAYS: _("Time for filling the six seats"),
    Key.FIRST_VISIT_DAYS: _("Time until the first visit"),
    Key.VISIT_INTERVAL_DAYS: _("Time from one visit to the next"),
    Key.FOLLOW_UP_DAYS: _("Length of the follow-up after return"),
    Key.CLOSURE_DAYS: _("Time for asking for closure"),
    Key.DECIDE_CLOSURE_DAYS: _("Time for deciding on closure"),
    Key.PLAN_DAYS: _("Time for making the plan"),
    Key.PLAN_REVIEW_DAYS: _("Time from one review of the plan to the next"),
    Key.SERVE_DAYS: _("Time for serving a paper"),
    Key.PERSUASION_DAYS: _("Time that a persuasion notice gives"),
    Key.NEXT_STEP_DAYS: _("Time for deciding on the next legal step"),
    Key.NOTICE_DAYS: _("Time until a paper served by public notice counts as served"),
    Key.CATCH_UP_DAYS: _("Time for arranging what was missed"),
    Key.SIGNAL_VISITS: _("Visits in a short time that raise a question"),
    Key.SIGNAL_MINUTES: _("The short time"),
    Key.SIGNAL_SAME_TEXTS: _("Identical texts that raise a question"),
    Key.HELP_REPLY_DAYS: _("Time for replying to a request"),
    Key.HELP_DONE_DAYS: _("Time for doing what was asked"),
    Key.OUTSIDE_REPLY_DAYS: _("Time for the reply of another county"),
    Key.LIST_LOSS_PERCENT: _("Loss of rows at which a second person decides on a list"),
    Key.LIST_CHECK_DAYS: _("Time for checking the rows of a register"),
    Key.LIST_FOLLOW_DAYS: _("Time for following up a result of the comparison"),
    Key.SCREENING_DAYS: _("Time for a screening round"),
    Key.PLACEMENT_DECIDE_DAYS: _("Time for deciding on an application for lawful absence"),
    Key.DEFERRAL_RENEW_DAYS: _("Days before the end of a deferral by which renewal is asked for"),
    Key.SUSPENSION_REST_MONTHS: _("Rest that a suspension needs"),
    Key.SUSPENSION_CHAIN_MONTHS: _("Longest suspension with its renewals"),
    Key.PLACEMENT_SOON_DAYS: _("Lawful absences shown as ending soon"),
    Key.HOME_SESSIONS: _("Home teaching: sessions a week"),
    Key.HOME_PERIODS: _("Home teaching: periods a session"),
    Key.HOME_MINUTES: _("Home teaching: minutes a period"),
    Key.HOME_PERIODS_A_YEAR: _("Home teaching: periods a school year"),
    Key.HOME_QUALITY_DAYS: _("Home teaching: time from one quality visit to the next"),
    Key.TRANSFER_DECIDE_DAYS: _("Time for deciding on a transfer"),
    Key.MIGRANT_DAYS: _("Time for deciding on the application of a migrant child"),
    Key.NOTICE_DELIVER_DAYS: _(
        "Days before the opening day by which admission notices are delivered"
    ),
    Key.TAG_REVIEW_DAYS: _("Time from one review of a focus tag to the next"),
    Key.CONSISTENCY_DAYS: _("Time for clearing a record that does not fit the child"),
    Key.GHOST_ROLLS: _("Rolls without a day in class after which a pupil is a finding"),
    Key.TIP_DAYS: _("Time for looking into a tip"),
    Key.TIPS_OF_AN_ADDRESS: _("Tips from one address within an hour"),
    Key.TIPS_A_DAY: _("Tips within a day"),
    Key.TIP_PHONE: _("Telephone for tips"),
    Key.TRANSFER_DAYS: _("Time for confirming a transfer"),
    Key.TRANSFER_VERIFY_DAYS: _("Time for verifying an unconfirmed transfer"),
    Key.PLACEMENT_REMIND_DAYS: _("Reminders before a lawful absence ends"),
    Key.MONTHLY_DAYS: _("Time for the monthly report"),
    Key.QUARTERLY_DAYS: _("Time for the quarterly review"),
    Key.OFFICE_CLOSING: _("End of a last day"),
    Key.REMIND_DAYS: _("Reminders before a deadline"),
    Key.REMIND_AT: _("Hour of reminders"),
    Key.NO_REMINDER: _("Reminders before a duty of a single day"),
    Key.LADDER_DAYS: _("Steps after a deadline has passed"),
    Key.DIGEST_AT: _("Hour of the daily summary"),
    Key.QUIET_HOURS: _("Quiet hours"),
    Key.FLOOD_LIMIT: _("Messages at once before they become one"),
    Key.ENTRY_AGE: _("Age of entry"),
    Key.SCHOOLING_YEARS: _("Length of compulsory education"),
    Key.IMPORT_LEAVE_PERCENT: _("Share of leavers that needs a second person"),
}

VALUES: dict[str, Promise] = {
    Unit.CALENDAR_DAYS.value: _("calendar days"),
    Unit.WORKING_DAYS.value: _("working days"),
    "": _("none"),
}


def shown(value: object) -> str:
    """A value as people read it."""
    return str(VALUES.get(str(value), value))
