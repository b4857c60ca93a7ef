from reporting.models.census import CensusAnswer, ChangeAnswer
from reporting.models.filing import Filing, FrozenPaper, Slip
from reporting.models.rates import Alert, Target, YearlyValue
from reporting.models.records import ConsistencyFinding, SystemMark

__all__ = [
    "Alert",
    "CensusAnswer",
    "ChangeAnswer",
    "ConsistencyFinding",
    "Filing",
    "FrozenPaper",
    "Slip",
    "SystemMark",
    "Target",
    "YearlyValue",
]
