from reporting.models.census import CensusAnswer, ChangeAnswer
from reporting.models.filing import Filing, FrozenPaper, Slip

__all__ = ["CensusAnswer", "ChangeAnswer", "Filing", "FrozenPaper", "Slip"]
