"""Who may do what with a case: one table, read by code, pages, docs/states.md and the matrix test.

The moves of the workflow bring their duty along (rules/workflow.py); what is done on a case without
moving it stands here. Who carries a duty is agencies/rules/duties.py.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.rules.duties import Duty
from cases.rules.workflow import MOVES, Action


class Deed(TextChoices):
    """What is done on a case and leaves its state alone."""

    OPEN = "open", _("Open a case by hand")
    SIGN_REPORT = "sign_report", _("Sign for the report on a case")
    CHANGE_TEAM = "change_team", _("Change the six seats")
    ADD_PHOTO = "add_photo", _("Add a photo to a visit")
    PLAN = "plan", _("Write the plan")
    APPROVE_PLAN = "approve_plan", _("Approve the plan")
    ASSIST = "assist", _("Record assistance")
    LEGAL_STEP = "legal_step", _("Take a legal step")
    ISSUE_PAPER = "issue_paper", _("Issue a paper")
    SERVE_PAPER = "serve_paper", _("Record the service of a paper")
    ASK_AGENCY = "ask_agency", _("Ask another agency")
    ANSWER_REQUEST = "answer_request", _("Answer a request")
    OUTSIDE_NOTICE = "outside_notice", _("Write to another county")
    CATCH_UP = "catch_up", _("Record what is taught after the return")


DUTY_OF: dict[Action | Deed, Duty] = {
    **{action: move.duty for action, move in MOVES.items()},
    Deed.OPEN: Duty.OPEN_CASE,
    Deed.SIGN_REPORT: Duty.RECEIVE_REPORT,
    Deed.CHANGE_TEAM: Duty.FORM_TEAM,
    Deed.ADD_PHOTO: Duty.VISIT,
    Deed.PLAN: Duty.WRITE_PLAN,
    Deed.APPROVE_PLAN: Duty.APPROVE_PLAN,
    Deed.ASSIST: Duty.RECORD_ASSISTANCE,
    Deed.LEGAL_STEP: Duty.TAKE_LEGAL_STEP,
    Deed.ISSUE_PAPER: Duty.ISSUE_PAPER,
    Deed.SERVE_PAPER: Duty.SERVE_PAPER,
    Deed.ASK_AGENCY: Duty.ASK_AGENCY,
    Deed.ANSWER_REQUEST: Duty.ANSWER_REQUEST,
    Deed.OUTSIDE_NOTICE: Duty.LIAISE_OUTSIDE,
    Deed.CATCH_UP: Duty.TEACH_AFTER_RETURN,
}
