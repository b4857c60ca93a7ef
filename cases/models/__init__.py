from cases.models.case import Case, Episode
from cases.models.duty import CaseObligation
from cases.models.grant import CaseGrant
from cases.models.report import CaseReport
from cases.models.team import HouseholdTeam, TeamSeat
from cases.models.timeline import CaseEvent
from cases.models.visit import Visit

__all__ = [
    "Case",
    "CaseEvent",
    "CaseGrant",
    "CaseObligation",
    "CaseReport",
    "Episode",
    "HouseholdTeam",
    "TeamSeat",
    "Visit",
]
