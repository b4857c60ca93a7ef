"""Who may do what: positions, the duties that each carries, and where their sight ends."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgencyKind(TextChoices):
    """Kinds of bodies that the two county documents name."""

    BUREAU = "bureau", _("county education bureau")
    TOWNSHIP = "township", _("township government")
    VILLAGE = "village", _("village (residents) committee")
    SCHOOL = "school", _("school")
    POLICE = "police", _("police")
    CIVIL_AFFAIRS = "civil_affairs", _("civil affairs")
    JUSTICE = "justice", _("justice")
    LABOUR = "labour", _("human resources and social security")
    DISABLED = "disabled", _("disabled persons' federation")
    WOMEN = "women", _("women's federation")
    HEALTH = "health", _("health")
    CULTURE = "culture", _("culture and tourism")
    MARKET = "market", _("market supervision")
    FINANCE = "finance", _("finance")
    POVERTY = "poverty", _("rural revitalisation")
    COUNTY = "county", _("county government")
    POLITICAL_LEGAL = "political_legal", _("political and legal affairs commission")
    URBAN = "urban", _("urban management")
    AUDIT = "audit", _("audit office")


class Position(TextChoices):
    """Positions, in the words of rule 11 and of the API contract."""

    TEACHER = "teacher", _("teacher")
    SCHOOL_LEADER = "school_leader", _("school leader")
    TOWNSHIP_LEADER = "township_leader", _("township leader")
    TOWNSHIP_CADRE = "township_cadre", _("township cadre")
    VILLAGE_CADRE = "village_cadre", _("village cadre")
    BUREAU_STAFF = "bureau_staff", _("bureau staff")
    BUREAU_LEADER = "bureau_leader", _("bureau leader")
    AGENCY_STAFF = "agency_staff", _("agency staff")
    SYSTEM_ADMIN = "system_admin", _("system administrator")


class Duty(StrEnum):
    TAKE_ROLL = "take_roll"
    SEE_STUDENTS = "see_students"
    IMPORT_ROSTER = "import_roster"
    CONFIRM_IMPORT = "confirm_import"
    CHANGE_ENROLLMENT = "change_enrollment"
    SEE_CASES = "see_cases"
    OPEN_CASE = "open_case"
    VERIFY_CASE = "verify_case"
    FORM_TEAM = "form_team"
    VISIT = "visit"
    RECORD_RETURN = "record_return"
    REQUEST_CLOSURE = "request_closure"
    DECIDE_CLOSURE = "decide_closure"
    RECEIVE_REPORT = "receive_report"
    SEE_BOARD = "see_board"
    SEE_ACCESS_LOG = "see_access_log"
    MANAGE_POSTS = "manage_posts"
    MANAGE_TERMS = "manage_terms"
    SEE_DUTIES = "see_duties"
    REMIND = "remind"
    EXTEND_DEADLINE = "extend_deadline"
    MANAGE_POLICY = "manage_policy"
    MANAGE_CALENDAR = "manage_calendar"
    SEE_STATUS = "see_status"
    MANAGE_CHANNELS = "manage_channels"
    CONTACT_GUARDIAN = "contact_guardian"
    CONFIRM_TRANSFER = "confirm_transfer"
    ANSWER_CENSUS = "answer_census"
    SIGN_FILING = "sign_filing"
    DECIDE_FILING = "decide_filing"
    SEE_FILINGS = "see_filings"
    WRITE_PLAN = "write_plan"
    APPROVE_PLAN = "approve_plan"
    RECORD_ASSISTANCE = "record_assistance"
    TAKE_LEGAL_STEP = "take_legal_step"
    ISSUE_PAPER = "issue_paper"
    SERVE_PAPER = "serve_paper"
    MANAGE_TEMPLATES = "manage_templates"
    MANAGE_LISTS = "manage_lists"
    ASK_AGENCY = "ask_agency"
    ANSWER_REQUEST = "answer_request"
    LIAISE_OUTSIDE = "liaise_outside"
    TRIAGE_TIPS = "triage_tips"
    SEE_SIGNALS = "see_signals"
    TEACH_AFTER_RETURN = "teach_after_return"
    REQUEST_END = "request_end"
    IMPORT_LIST = "import_list"
    CONFIRM_LIST = "confirm_list"
    CHECK_LIST = "check_list"
    MERGE_RECORDS = "merge_records"
    SEE_BALANCE = "see_balance"
    OPEN_SCREENING = "open_screening"
    SCREEN = "screen"
    ASK_PLACEMENT = "ask_placement"
    DECIDE_PLACEMENT = "decide_placement"
    TEACH_AT_HOME = "teach_at_home"
    VISIT_HOME_TEACHING = "visit_home_teaching"
    DECIDE_TRANSFER = "decide_transfer"
    MOVE_ROSTERS = "move_rosters"
    ADMIT = "admit"
    DRAW_ZONES = "draw_zones"
    KEEP_LEDGER = "keep_ledger"
    NAME_KEEPERS = "name_keepers"
    TAG_FOCUS = "tag_focus"
    SEE_DISABILITY = "see_disability"
    CLEAR_RECORDS = "clear_records"
    SEE_INSPECTIONS = "see_inspections"
    INSPECT = "inspect"
    ANSWER_FINDING = "answer_finding"
    PUBLISH_RESULTS = "publish_results"
    SEE_RATES = "see_rates"
    KEEP_RATES = "keep_rates"
    HOLD_TALK = "hold_talk"
    ANSWER_TALK = "answer_talk"
    ISSUE_CIRCULAR = "issue_circular"
    SEE_CIRCULARS = "see_circulars"
    SEE_ASSESSMENTS = "see_assessments"
    KEEP_ASSESSMENTS = "keep_assessments"
    ANSWER_ASSESSMENT = "answer_assessment"
    SIGN_ASSESSMENT = "sign_assessment"
    KEEP_RESPONSIBILITY = "keep_responsibility"
    SEE_CONFERENCES = "see_conferences"
    RUN_CONFERENCES = "run_conferences"


class Reach(StrEnum):
    """How far a position sees children: nobody sees further than the work needs."""

    COUNTY = "county"
    REGION = "region"
    SCHOOL = "school"
    CLASSES = "classes"
    GRANTED = "granted"
    NONE = "none"


SCHOOL_WORK = frozenset(
    {
        Duty.TAKE_ROLL,
        Duty.SEE_STUDENTS,
        Duty.SEE_CASES,
        Duty.OPEN_CASE,
        Duty.SEE_DUTIES,
        Duty.CONTACT_GUARDIAN,
        Duty.ANSWER_CENSUS,
    }
)
FIELD_WORK = frozenset({Duty.SEE_STUDENTS, Duty.SEE_CASES, Duty.VISIT, Duty.SEE_DUTIES})
# What township and bureau both do for a child beside visits.
CASE_WORK = frozenset(
    {
        Duty.WRITE_PLAN,
        Duty.RECORD_ASSISTANCE,
        Duty.TAKE_LEGAL_STEP,
        Duty.ISSUE_PAPER,
        Duty.SERVE_PAPER,
        Duty.ASK_AGENCY,
        Duty.REQUEST_END,
    }
)
TOWNSHIP_WORK = (
    FIELD_WORK
    | CASE_WORK
    | {
        Duty.OPEN_CASE,
        Duty.VERIFY_CASE,
        Duty.FORM_TEAM,
        Duty.RECORD_RETURN,
        Duty.REQUEST_CLOSURE,
        Duty.RECEIVE_REPORT,
        Duty.SEE_FILINGS,
        Duty.SEE_BOARD,
        Duty.CHECK_LIST,
        Duty.SEE_BALANCE,
        Duty.SCREEN,
        Duty.SEE_INSPECTIONS,
        Duty.INSPECT,
        Duty.ANSWER_FINDING,
        Duty.ASK_PLACEMENT,
        Duty.TAG_FOCUS,
        Duty.SEE_RATES,
        Duty.ANSWER_TALK,
        Duty.SEE_CIRCULARS,
        Duty.KEEP_RESPONSIBILITY,
        Duty.SEE_CONFERENCES,
        Duty.RUN_CONFERENCES,
    }
)
BUREAU_WORK = (
    FIELD_WORK
    | CASE_WORK
    | {
        Duty.IMPORT_ROSTER,
        Duty.CONFIRM_IMPORT,
        Duty.OPEN_CASE,
        Duty.FORM_TEAM,
        Duty.RECEIVE_REPORT,
        Duty.SEE_BOARD,
        Duty.MANAGE_TERMS,
        Duty.DECIDE_CLOSURE,
        Duty.REMIND,
        Duty.MANAGE_CALENDAR,
        Duty.SEE_STATUS,
        Duty.SIGN_FILING,
        Duty.DECIDE_FILING,
        Duty.SEE_FILINGS,
        Duty.CONFIRM_TRANSFER,
        Duty.LIAISE_OUTSIDE,
        Duty.TRIAGE_TIPS,
        Duty.SEE_SIGNALS,
        Duty.IMPORT_LIST,
        Duty.CONFIRM_LIST,
        Duty.CHECK_LIST,
        Duty.MERGE_RECORDS,
        Duty.SEE_BALANCE,
        Duty.OPEN_SCREENING,
        Duty.SCREEN,
        Duty.SEE_INSPECTIONS,
        Duty.INSPECT,
        Duty.ASK_PLACEMENT,
        Duty.VISIT_HOME_TEACHING,
        Duty.DECIDE_TRANSFER,
        Duty.MOVE_ROSTERS,
        Duty.ADMIT,
        Duty.DRAW_ZONES,
        Duty.KEEP_LEDGER,
        Duty.TAG_FOCUS,
        Duty.SEE_DISABILITY,
        Duty.CLEAR_RECORDS,
        Duty.SEE_RATES,
        Duty.KEEP_RATES,
        Duty.HOLD_TALK,
        Duty.ANSWER_TALK,
        Duty.SEE_CIRCULARS,
        Duty.SEE_ASSESSMENTS,
        Duty.KEEP_ASSESSMENTS,
        Duty.KEEP_RESPONSIBILITY,
        Duty.SEE_CONFERENCES,
        Duty.RUN_CONFERENCES,
    }
)

DUTIES: dict[Position, frozenset[Duty]] = {
    Position.TEACHER: SCHOOL_WORK
    | {Duty.VISIT, Duty.SEE_BOARD, Duty.TEACH_AFTER_RETURN, Duty.TEACH_AT_HOME, Duty.KEEP_LEDGER},
    Position.SCHOOL_LEADER: SCHOOL_WORK
    | {
        Duty.VISIT,
        Duty.IMPORT_ROSTER,
        Duty.CONFIRM_IMPORT,
        Duty.CHANGE_ENROLLMENT,
        Duty.CONFIRM_TRANSFER,
        Duty.RECORD_RETURN,
        Duty.SIGN_FILING,
        Duty.SEE_FILINGS,
        Duty.SEE_BOARD,
        Duty.TEACH_AFTER_RETURN,
        Duty.RECORD_ASSISTANCE,
        Duty.ISSUE_PAPER,
        Duty.SERVE_PAPER,
        Duty.REQUEST_END,
        Duty.ASK_PLACEMENT,
        Duty.TEACH_AT_HOME,
        Duty.MOVE_ROSTERS,
        Duty.ADMIT,
        Duty.KEEP_LEDGER,
        Duty.NAME_KEEPERS,
        Duty.TAG_FOCUS,
        Duty.SEE_DISABILITY,
        Duty.CLEAR_RECORDS,
        Duty.SEE_INSPECTIONS,
        Duty.ANSWER_FINDING,
        Duty.SEE_RATES,
        Duty.ANSWER_TALK,
        Duty.SEE_CIRCULARS,
        Duty.SEE_ASSESSMENTS,
        Duty.ANSWER_ASSESSMENT,
        Duty.KEEP_RESPONSIBILITY,
        Duty.SEE_CONFERENCES,
    },
    Position.TOWNSHIP_LEADER: TOWNSHIP_WORK
    | {
        Duty.APPROVE_PLAN,
        Duty.DECIDE_PLACEMENT,
        Duty.SEE_ASSESSMENTS,
        Duty.ANSWER_ASSESSMENT,
    },
    Position.TOWNSHIP_CADRE: TOWNSHIP_WORK,
    Position.VILLAGE_CADRE: FIELD_WORK
    | {
        Duty.OPEN_CASE,
        Duty.SEE_BOARD,
        Duty.SERVE_PAPER,
        Duty.RECORD_ASSISTANCE,
        Duty.CHECK_LIST,
        Duty.SEE_BALANCE,
        Duty.SCREEN,
        Duty.KEEP_RESPONSIBILITY,
        Duty.SEE_CONFERENCES,
    },
    Position.BUREAU_STAFF: BUREAU_WORK,
    Position.BUREAU_LEADER: BUREAU_WORK
    | {
        Duty.SEE_ACCESS_LOG,
        Duty.NAME_KEEPERS,
        Duty.EXTEND_DEADLINE,
        Duty.MANAGE_POLICY,
        Duty.APPROVE_PLAN,
        Duty.MANAGE_TEMPLATES,
        Duty.MANAGE_LISTS,
        Duty.DECIDE_PLACEMENT,
        Duty.PUBLISH_RESULTS,
        Duty.ISSUE_CIRCULAR,
        Duty.SIGN_ASSESSMENT,
    },
    Position.AGENCY_STAFF: frozenset(
        {
            Duty.SEE_CASES,
            Duty.VISIT,
            Duty.SEE_DUTIES,
            Duty.ANSWER_REQUEST,
            Duty.SEE_INSPECTIONS,
            Duty.INSPECT,
            Duty.SEE_CIRCULARS,
            Duty.KEEP_RESPONSIBILITY,
            Duty.SEE_CONFERENCES,
        }
    ),
    Position.SYSTEM_ADMIN: frozenset(
        {Duty.MANAGE_POSTS, Duty.SEE_STATUS, Duty.MANAGE_CHANNELS, Duty.MANAGE_CALENDAR}
    ),
}

REACH: dict[Position, Reach] = {
    Position.TEACHER: Reach.CLASSES,
    Position.SCHOOL_LEADER: Reach.SCHOOL,
    Position.TOWNSHIP_LEADER: Reach.REGION,
    Position.TOWNSHIP_CADRE: Reach.REGION,
    Position.VILLAGE_CADRE: Reach.REGION,
    Position.BUREAU_STAFF: Reach.COUNTY,
    Position.BUREAU_LEADER: Reach.COUNTY,
    Position.AGENCY_STAFF: Reach.GRANTED,
    Position.SYSTEM_ADMIN: Reach.NONE,
}

AGENCIES_OF: dict[Position, frozenset[AgencyKind]] = {
    Position.TEACHER: frozenset({AgencyKind.SCHOOL}),
    Position.SCHOOL_LEADER: frozenset({AgencyKind.SCHOOL}),
    Position.TOWNSHIP_LEADER: frozenset({AgencyKind.TOWNSHIP}),
    Position.TOWNSHIP_CADRE: frozenset({AgencyKind.TOWNSHIP}),
    Position.VILLAGE_CADRE: frozenset({AgencyKind.VILLAGE}),
    Position.BUREAU_STAFF: frozenset({AgencyKind.BUREAU}),
    Position.BUREAU_LEADER: frozenset({AgencyKind.BUREAU}),
    Position.AGENCY_STAFF: frozenset(AgencyKind)
    - {AgencyKind.SCHOOL, AgencyKind.BUREAU, AgencyKind.TOWNSHIP, AgencyKind.VILLAGE},
    Position.SYSTEM_ADMIN: frozenset({AgencyKind.BUREAU, AgencyKind.COUNTY}),
}
