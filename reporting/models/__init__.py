from reporting.models.accountability import Circular, Talk, TalkItem, TalkStep
from reporting.models.assessment import Appeal, Scheme, Sheet
from reporting.models.census import CensusAnswer, ChangeAnswer
from reporting.models.filing import Filing, FrozenPaper, Slip
from reporting.models.rates import Alert, Target, YearlyValue
from reporting.models.records import ConsistencyFinding, SystemMark

__all__ = [
    "Alert",
    "Appeal",
    "CensusAnswer",
    "ChangeAnswer",
    "Circular",
    "ConsistencyFinding",
    "Filing",
    "FrozenPaper",
    "Scheme",
    "Sheet",
    "Slip",
    "SystemMark",
    "Talk",
    "TalkItem",
    "TalkStep",
    "Target",
    "YearlyValue",
]
