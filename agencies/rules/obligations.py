"""The catalogue of obligations: who owes, to whom, what starts the clock, how long, and then what.

A number is never here: each row names the policy key that holds it. docs/obligations.md is
generated from this table.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.rules.deadlines import Law, Unit
from agencies.rules.duties import Position
from agencies.rules.policy import Key


class ObligationKind(TextChoices):
    ROLL = "roll", _("call the rolls of the day")
    CENSUS = "census", _("term-start full check")
    CENSUS_AGAIN = "census_again", _("correct what was sent back")
    TERM_REPORT = "term_report", _("term-start report")
    MONTHLY_REPORT = "monthly_report", _("monthly report")
    QUARTERLY_REVIEW = "quarterly_review", _("quarterly review")
    CONTACT = "guardian_contact", _("contact the guardian")
    ANSWER = "run_answer", _("answer a run of absence")
    TRANSFER = "transfer_confirm", _("have the transfer confirmed")
    TRANSFER_VERIFY = "transfer_verify", _("verify an unconfirmed transfer")
    PLACEMENT_END = "placement_end", _("end of a lawful absence")
    CASE_REPORT = "case_report", _("sign for the report on a case")
    VERIFY = "case_verify", _("search and verify whereabouts")
    TEAM = "case_team", _("fill the six seats")
    VISIT = "case_visit", _("visit the household")
    FOLLOW_UP = "case_follow_up", _("follow up after return")
    CLOSURE = "case_closure", _("ask for closure")
    DECIDE = "case_decide", _("decide on closure")
    PLAN = "case_plan", _("make the plan for the child and have it approved")
    MEASURE = "case_measure", _("a measure of the plan")
    REVIEW = "case_review", _("review the plan")
    SERVE = "paper_serve", _("serve a paper")
    NEXT_STEP = "legal_next", _("decide on the next legal step")
    CATCH_UP = "case_catch_up", _("teach what was missed")
    HELP_REPLY = "request_reply", _("reply to a request of another agency")
    HELP_DONE = "request_done", _("do what another agency asked for")
    OUTSIDE_REPLY = "outside_reply", _("obtain the reply of another county")
    TIP = "tip", _("look into a tip from the public")
    LIST_CHECK = "list_check", _("check the rows of the population register")
    LIST_FOLLOW = "list_follow", _("follow up a result of the comparison")
    SCREENING = "screening", _("screen the children of the villages")
    PLACEMENT_DECIDE = "placement_decide", _("decide on an application for lawful absence")
    HOME_LESSONS = "home_lessons", _("teach at home this week")
    HOME_QUALITY = "home_quality", _("visit the home teaching")
    TRANSFER_DECIDE = "transfer_decide", _("decide on a transfer")
    MIGRANT = "migrant_decide", _("decide on the application of a migrant child")
    NOTICE_DELIVER = "admission_notice", _("deliver the admission notices")
    TAG_REVIEW = "tag_review", _("review the focus tag of a child")
    LEFT_BEHIND = "left_behind", _("contact who answers for a left-behind child")
    CONSISTENCY = "consistency", _("clear a record that does not fit the child")
    INSPECT_OPINION = "inspect_opinion", _("issue the opinion on an inspection")
    INSPECT_REPORT = "inspect_report", _("report an inspection to the government")
    INSPECT_REVIEW = "inspect_review", _("review an opinion")
    RECTIFY = "rectify", _("put right what an inspection found")
    RECHECK = "recheck", _("look again at what was to be put right")
    TALK = "talk", _("come to an accountability talk")
    TALK_RECTIFY = "talk_rectify", _("put right what an accountability talk ordered")
    TALK_RECHECK = "talk_recheck", _("recheck what was reported as put right")
    CIRCULAR = "circular", _("sign for a circular")
    ASSESSMENT = "assessment", _("accept the yearly assessment, or appeal")
    APPEAL = "assessment_appeal", _("answer an appeal against an assessment")
    CONFERENCE = "conference", _("hold the joint conference")
    DECISION = "decision", _("carry out a decision of the joint conference")


class Party(StrEnum):
    """A body that is told: who owes, or to whom it is owed (the bureau where nobody is named)."""

    OWED_BY = "owed_by"
    OWED_TO = "owed_to"


STAFF = frozenset(
    {
        Position.SCHOOL_LEADER,
        Position.TOWNSHIP_CADRE,
        Position.VILLAGE_CADRE,
        Position.BUREAU_STAFF,
        Position.AGENCY_STAFF,
    }
)
LEADERS = frozenset(
    {
        Position.SCHOOL_LEADER,
        Position.TOWNSHIP_LEADER,
        Position.BUREAU_LEADER,
        Position.AGENCY_STAFF,
    }
)


@dataclass(frozen=True)
class Receiver:
    """The holders of these positions in one of the two bodies."""

    party: Party
    positions: frozenset[Position]


DOERS = Receiver(Party.OWED_BY, STAFF)
THEIR_LEADERS = Receiver(Party.OWED_BY, LEADERS)
SUPERVISORS = Receiver(Party.OWED_TO, STAFF)
THEIR_SUPERIORS = Receiver(Party.OWED_TO, LEADERS)

# Who is told at each level: 0 a reminder, 1 the due moment has passed (day 0), then the rungs.
# Each rung includes those below it: after an outage only the highest that was missed is told.
LADDER: dict[int, tuple[Receiver, ...]] = {
    0: (DOERS,),
    1: (DOERS, THEIR_LEADERS),
    2: (DOERS, THEIR_LEADERS, SUPERVISORS),
    3: (DOERS, THEIR_LEADERS, SUPERVISORS, THEIR_SUPERIORS),
}


# Whom a level adds, in words.
LEVELS: dict[int, Promise] = {
    0: _("who owes it"),
    1: _("who owes it, and its leaders"),
    2: _("the supervisor"),
    3: _("the leaders of the supervisor"),
}


def receivers(level: int) -> tuple[Receiver, ...]:
    """Who is told at a level; a ladder with more rungs than the table ends at its top."""
    return LADDER[min(level, max(LADDER))]


@dataclass(frozen=True)
class Kind:
    """One row. length and remind: policy keys; unit: fixed, or a policy key that says it.

    days None: the last day comes with the matter (the end of a placement, an agreed day).
    evidence: what meets it.
    """

    owes: Promise
    owed_to: Promise
    starts: Promise
    evidence: Promise
    days: Key | None
    unit: Unit | Key = Unit.WORKING_DAYS
    law: Law = Law.CIVIL_CODE
    remind: Key = Key.REMIND_DAYS
    clause: str = ""
    statutory: bool = True


SCHOOL, BUREAU, TOWNSHIP = _("school"), _("education bureau"), _("township of the home")

KINDS: dict[ObligationKind, Kind] = {
    ObligationKind.ROLL: Kind(
        SCHOOL, BUREAU, _("each school day"),
        _("every class of the school is called, or not held with a reason"),
        Key.ROLL_DAYS, Unit.CALENDAR_DAYS, remind=Key.NO_REMINDER, clause="S1-57",
    ),
    ObligationKind.CENSUS: Kind(
        SCHOOL, BUREAU, _("opening day of the term"), _("the signed full check"),
        Key.CENSUS_DAYS, Key.CENSUS_UNIT, clause="S1-51",
    ),
    ObligationKind.CENSUS_AGAIN: Kind(
        SCHOOL, BUREAU, _("the day on which the bureau sent it back"),
        _("the check or report signed again"), Key.CENSUS_CORRECT_DAYS, clause="S1-51",
    ),
    ObligationKind.TERM_REPORT: Kind(
        SCHOOL, BUREAU, _("opening day of the term"), _("the report, sent to all its recipients"),
        Key.REPORT_DAYS, Key.REPORT_UNIT, clause="S1-53",
    ),
    ObligationKind.MONTHLY_REPORT: Kind(
        SCHOOL, BUREAU, _("last day of the month"), _("the signed monthly report"),
        Key.MONTHLY_DAYS, Unit.CALENDAR_DAYS, clause="S2-13",
    ),
    ObligationKind.QUARTERLY_REVIEW: Kind(
        BUREAU, BUREAU, _("last day of the quarter"), _("the signed review"),
        Key.QUARTERLY_DAYS, Unit.CALENDAR_DAYS, clause="S2-13",
    ),
    ObligationKind.CONTACT: Kind(
        SCHOOL, SCHOOL, _("first day of an unexcused absence"),
        _("an entry in the contact log; ended when the child is back"),
        Key.CONTACT_DAYS, remind=Key.NO_REMINDER, clause="S1-22",
    ),
    ObligationKind.ANSWER: Kind(
        SCHOOL, BUREAU, _("the school day on which a run reaches the set length"),
        _("a contact entry that says what was found out; ended when the child is back"),
        Key.ANSWER_DAYS, remind=Key.NO_REMINDER, clause="S1-22",
    ),
    ObligationKind.TRANSFER: Kind(
        SCHOOL, BUREAU, _("the day on which the transfer was asked for"),
        _("the confirmation of the other side, with its proof"), Key.TRANSFER_DAYS, clause="S1-56",
    ),
    ObligationKind.TRANSFER_VERIFY: Kind(
        SCHOOL, BUREAU, _("the day after the confirmation was due"),
        _("the confirmation, or a case"), Key.TRANSFER_VERIFY_DAYS, clause="S1-54",
    ),
    ObligationKind.PLACEMENT_END: Kind(
        SCHOOL, BUREAU, _("first day of the placement"),
        _("the return to class, or a new placement with its proof"),
        None, remind=Key.PLACEMENT_REMIND_DAYS, clause="S1-37",
    ),
    ObligationKind.CASE_REPORT: Kind(
        _("each recipient of the report"), BUREAU, _("the day on which the case opened"),
        _("the signature of the recipient"), Key.CASE_REPORT_DAYS, remind=Key.NO_REMINDER,
        clause="S1-57",
    ),
    ObligationKind.VERIFY: Kind(
        TOWNSHIP, BUREAU, _("the day on which the case opened"),
        _("the confirmation or dismissal of the case, or the return"), Key.VERIFY_DAYS,
        clause="S1-58",
    ),
    ObligationKind.TEAM: Kind(
        TOWNSHIP, BUREAU, _("the day from which a seat is empty"), _("six filled seats"),
        Key.TEAM_DAYS, clause="S1-64",
    ),
    ObligationKind.VISIT: Kind(
        TOWNSHIP, BUREAU, _("confirmation of the dropout, then each visit"), _("a visit"),
        Key.FIRST_VISIT_DAYS, clause="S1-64",
    ),
    ObligationKind.FOLLOW_UP: Kind(
        SCHOOL, BUREAU, _("day of return"),
        _("the set number of school days in class, proved by the roll"), None, clause="S1-65",
    ),
    ObligationKind.CLOSURE: Kind(
        TOWNSHIP, BUREAU, _("last day of the follow-up"), _("the request for closure"),
        Key.CLOSURE_DAYS, clause="S1-65",
    ),
    ObligationKind.DECIDE: Kind(
        BUREAU, BUREAU, _("the request for closure"), _("the decision"),
        Key.DECIDE_CLOSURE_DAYS, clause="S1-65",
    ),
    ObligationKind.PLAN: Kind(
        TOWNSHIP, BUREAU, _("confirmation of the dropout"),
        _("the plan with causes and measures, approved"),
        Key.PLAN_DAYS, clause="S1-65",
    ),
    ObligationKind.MEASURE: Kind(
        _("the body whose member is to carry it out"), BUREAU, _("the day on which it was planned"),
        _("the measure with its effect"), None, clause="S1-65",
    ),
    ObligationKind.REVIEW: Kind(
        TOWNSHIP, BUREAU, _("approval of the plan, then each review"),
        _("the review with the effects so far"),
        Key.PLAN_REVIEW_DAYS, clause="S1-65",
    ),
    ObligationKind.SERVE: Kind(
        _("the body that issued the paper"), BUREAU, _("the day on which the paper was issued"),
        _("the service with its receipt"), Key.SERVE_DAYS, law=Law.PENALTY, clause="S1-34",
    ),
    ObligationKind.NEXT_STEP: Kind(
        _("the body that took the step"), BUREAU, _("the last day of the guardian's period"),
        _("the outcome of the step, or the next one"), Key.NEXT_STEP_DAYS, clause="S1-35",
    ),
    ObligationKind.CATCH_UP: Kind(
        SCHOOL, BUREAU, _("day of return"), _("what was arranged for the child in class"),
        Key.CATCH_UP_DAYS, clause="S1-65",
    ),
    ObligationKind.HELP_REPLY: Kind(
        _("the agency that was asked"), _("the body that asked"), _("the day of the request"),
        _("accepted, or refused with a reason"), Key.HELP_REPLY_DAYS, clause="S1-25",
    ),
    ObligationKind.HELP_DONE: Kind(
        _("the agency that accepted"), _("the body that asked"), _("the day on which it accepted"),
        _("the answer"), Key.HELP_DONE_DAYS, clause="S1-25",
    ),
    ObligationKind.OUTSIDE_REPLY: Kind(
        BUREAU, BUREAU, _("the day on which the notice was sent"),
        _("the reply of the other authority"), Key.OUTSIDE_REPLY_DAYS, clause="S1-60",
    ),
    ObligationKind.TIP: Kind(
        BUREAU, BUREAU, _("the day on which the tip came in"),
        _("a case, or an answer"), Key.TIP_DAYS, remind=Key.NO_REMINDER, clause="S1-31",
    ),
    ObligationKind.LIST_CHECK: Kind(
        TOWNSHIP, BUREAU, _("the day on which the list was applied"),
        _("a result for every row of the township"), Key.LIST_CHECK_DAYS, clause="S1-49",
    ),
    ObligationKind.LIST_FOLLOW: Kind(
        _("police, bureau or township, by the result"), BUREAU, _("the day of the result"),
        _("the register corrected, the child registered, or its place confirmed"),
        Key.LIST_FOLLOW_DAYS, clause="S1-49",
    ),
    ObligationKind.SCREENING: Kind(
        TOWNSHIP, BUREAU, _("opening of the round"),
        _("a result for every child of the round"), Key.SCREENING_DAYS, clause="S1-48",
    ),
    ObligationKind.PLACEMENT_DECIDE: Kind(
        _("township or bureau that was asked"), BUREAU, _("the day of the application"),
        _("the approval or refusal"), Key.PLACEMENT_DECIDE_DAYS, clause="S1-37",
    ),
    ObligationKind.HOME_LESSONS: Kind(
        SCHOOL, BUREAU, _("first day of the week"), _("the sessions of the plan"),
        None, remind=Key.NO_REMINDER, clause="S1-45",
    ),
    ObligationKind.HOME_QUALITY: Kind(
        BUREAU, BUREAU, _("first day of the plan, then each quality visit"), _("a quality visit"),
        Key.HOME_QUALITY_DAYS, clause="S1-45",
    ),
    ObligationKind.TRANSFER_DECIDE: Kind(
        BUREAU, BUREAU, _("the day on which the school agreed"), _("the approval or refusal"),
        Key.TRANSFER_DECIDE_DAYS, clause="S1-56",
    ),
    ObligationKind.MIGRANT: Kind(
        BUREAU, BUREAU, _("the day of the application"),
        _("a school, or a refusal with its reason"), Key.MIGRANT_DAYS, clause="S1-46",
    ),
    ObligationKind.NOTICE_DELIVER: Kind(
        SCHOOL, BUREAU, _("the day on which the notices were made"),
        _("the delivery of every notice"), None, clause="S2-34",
    ),
    ObligationKind.TAG_REVIEW: Kind(
        SCHOOL, BUREAU, _("the last review"), _("the review"),
        None, clause="S1-26",
    ),
    ObligationKind.LEFT_BEHIND: Kind(
        SCHOOL, BUREAU, _("the last contact"),
        _("an entry in the contact log in which a grown-up was reached"),
        Key.LEFT_BEHIND_DAYS, Unit.CALENDAR_DAYS, clause="S2-17",
    ),
    ObligationKind.CONSISTENCY: Kind(
        _("school or bureau, by the kind"), BUREAU, _("the day on which it was found"),
        _("the record corrected or explained"), Key.CONSISTENCY_DAYS, clause="S1-47",
    ),
    ObligationKind.INSPECT_OPINION: Kind(
        _("the body that leads the inspection"), BUREAU, _("the last day of the inspection"),
        _("the opinion with its number"), Key.INSPECT_OPINION_DAYS, Unit.CALENDAR_DAYS,
        clause="S1-74",
    ),
    ObligationKind.INSPECT_REPORT: Kind(
        _("the body that leads the inspection"), BUREAU, _("the last day of the inspection"),
        _("the report to the government"), Key.INSPECT_REPORT_DAYS, Unit.CALENDAR_DAYS,
        clause="S1-74",
    ),
    ObligationKind.INSPECT_REVIEW: Kind(
        _("county government"), _("the body that asked for review"),
        _("the day on which review was asked for"), _("the answer"), Key.INSPECT_REVIEW_DAYS,
        Unit.CALENDAR_DAYS, clause="S1-74",
    ),
    ObligationKind.RECTIFY: Kind(
        _("the inspected body; for a venue, the body that gave the order"), BUREAU,
        _("the day of the order"), _("the answer of what was put right"), None, clause="S1-74",
    ),
    ObligationKind.RECHECK: Kind(
        _("the body that gave the order"), BUREAU, _("the day of the order"),
        _("the result of the recheck, or a penalty"), None, clause="S1-74",
    ),
    ObligationKind.TALK: Kind(
        _("the unit that was called"), _("the body that talks"),
        _("the day on which it was called"), _("the record of the talk"), None, clause="S1-71",
    ),
    ObligationKind.TALK_RECTIFY: Kind(
        _("the unit that was talked to"), _("the body that talks"), _("the day of the order"),
        _("the report on every item"), None, clause="S1-74",
    ),
    ObligationKind.TALK_RECHECK: Kind(
        _("the body that talks"), BUREAU, _("the day of the report"), _("the recheck"),
        Key.TALK_RECHECK_DAYS, clause="S1-74",
    ),
    ObligationKind.CIRCULAR: Kind(
        _("each recipient of the circular"), BUREAU, _("the day on which it was issued"),
        _("the signature of the recipient"), Key.CIRCULAR_DAYS, clause="S1-69",
    ),
    ObligationKind.ASSESSMENT: Kind(
        _("the unit that is assessed"), BUREAU, _("the day on which the sheet was sent"),
        _("its acceptance, or an appeal"), Key.ASSESSMENT_APPEAL_DAYS, clause="S1-70",
    ),
    ObligationKind.APPEAL: Kind(
        BUREAU, _("the unit that appealed"), _("the day of the appeal"),
        _("the answer with its reason"), Key.ASSESSMENT_ANSWER_DAYS, clause="S1-70",
    ),
    ObligationKind.CONFERENCE: Kind(
        _("the body that convenes it"), BUREAU, _("the last conference"),
        _("the conference with its minutes"), Key.CONFERENCE_DAYS, Unit.CALENDAR_DAYS,
        clause="S1-67",
    ),
    ObligationKind.DECISION: Kind(
        _("the body that was charged"), _("the body that convenes the conference"),
        _("the day of the conference"), _("what was done, in writing"), None, clause="S1-09",
    ),
}  # fmt: skip
