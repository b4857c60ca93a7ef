from cases.models.aid import AidRecord, PaymentList, PaymentRow
from cases.models.case import Case, Episode
from cases.models.duty import CaseObligation
from cases.models.grant import CaseGrant
from cases.models.inspection import (
    Finding,
    FindingStep,
    FoundChild,
    Inspection,
    Opinion,
    Publication,
    Venue,
)
from cases.models.ladder import LadderRung, LegalStep
from cases.models.outside import AttendanceConfirmation, OutsideNotice
from cases.models.paper import CasePaper, PaperService, WordTemplate
from cases.models.plan import Assistance, Cause, Measure, Plan, PlanCause
from cases.models.report import CaseReport
from cases.models.request import HelpRequest, RequestStep
from cases.models.signal import SignalAnswer
from cases.models.team import HouseholdTeam, TeamSeat
from cases.models.timeline import CaseEvent
from cases.models.tip import SpentProof, Tip, TipStep, WrongNumber
from cases.models.visit import Visit, VisitPhoto

__all__ = [
    "AidRecord",
    "Assistance",
    "AttendanceConfirmation",
    "Case",
    "CaseEvent",
    "CaseGrant",
    "CaseObligation",
    "CasePaper",
    "CaseReport",
    "Cause",
    "Episode",
    "Finding",
    "FindingStep",
    "FoundChild",
    "HelpRequest",
    "HouseholdTeam",
    "Inspection",
    "LadderRung",
    "LegalStep",
    "Measure",
    "Opinion",
    "OutsideNotice",
    "PaperService",
    "PaymentList",
    "PaymentRow",
    "Plan",
    "PlanCause",
    "Publication",
    "RequestStep",
    "SignalAnswer",
    "SpentProof",
    "TeamSeat",
    "Tip",
    "TipStep",
    "Venue",
    "Visit",
    "VisitPhoto",
    "WordTemplate",
    "WrongNumber",
]
