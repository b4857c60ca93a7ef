from reporting.models.census import CensusAnswer, ChangeAnswer
from reporting.models.filing import Filing, FrozenPaper, Slip
from reporting.models.records import ConsistencyFinding, SystemMark

__all__ = [
    "CensusAnswer",
    "ChangeAnswer",
    "ConsistencyFinding",
    "Filing",
    "FrozenPaper",
    "Slip",
    "SystemMark",
]
