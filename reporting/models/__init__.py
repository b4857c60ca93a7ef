from reporting.models.accountability import Circular, Talk, TalkItem, TalkStep
from reporting.models.census import CensusAnswer, ChangeAnswer
from reporting.models.filing import Filing, FrozenPaper, Slip
from reporting.models.rates import Alert, Target, YearlyValue
from reporting.models.records import ConsistencyFinding, SystemMark

__all__ = [
    "Alert",
    "CensusAnswer",
    "ChangeAnswer",
    "Circular",
    "ConsistencyFinding",
    "Filing",
    "FrozenPaper",
    "Slip",
    "SystemMark",
    "Talk",
    "TalkItem",
    "TalkStep",
    "Target",
    "YearlyValue",
]
