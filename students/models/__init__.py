from students.models.admission import AdmissionNotice, MigrantApplication
from students.models.attendance import Roll, RollMark, RollRevision
from students.models.carer import Carer
from students.models.catchment import Catchment
from students.models.contact import GuardianContact
from students.models.disability import DisabilityRecord, TaughtCheck
from students.models.enrollment import EnrollmentChange, EnrollmentRecord
from students.models.family import Guardian, Household
from students.models.focus import FocusTag
from students.models.home_teaching import HomePlan, HomeSession, QualityVisit
from students.models.ledger import LedgerEntry, LedgerKeeper
from students.models.person_list import Candidate, PersonEntry, PersonList, RecordMerge
from students.models.placement import Placement
from students.models.placement_application import PlacementApplication
from students.models.roster_move import RosterMove, RosterMoveRow
from students.models.run import AbsenceRun
from students.models.school_class import ClassTeacher, SchoolClass
from students.models.school_life import CommitteeSeat, SchoolEvent
from students.models.screening import (
    ScreenedChild,
    ScreeningResult,
    ScreeningRound,
    ScreeningTask,
)
from students.models.sheet import ImportJob, ImportRow, RosterQuestion
from students.models.student import Student, StudentNumber
from students.models.term import ClosedDay, Term
from students.models.transfer import Transfer
from students.models.transfer_application import TransferApplication

__all__ = [
    "AbsenceRun",
    "AdmissionNotice",
    "Candidate",
    "Carer",
    "Catchment",
    "ClassTeacher",
    "ClosedDay",
    "CommitteeSeat",
    "DisabilityRecord",
    "EnrollmentChange",
    "EnrollmentRecord",
    "FocusTag",
    "Guardian",
    "GuardianContact",
    "HomePlan",
    "HomeSession",
    "Household",
    "ImportJob",
    "ImportRow",
    "LedgerEntry",
    "LedgerKeeper",
    "MigrantApplication",
    "PersonEntry",
    "PersonList",
    "Placement",
    "PlacementApplication",
    "QualityVisit",
    "RecordMerge",
    "Roll",
    "RollMark",
    "RollRevision",
    "RosterMove",
    "RosterMoveRow",
    "RosterQuestion",
    "SchoolClass",
    "SchoolEvent",
    "ScreenedChild",
    "ScreeningResult",
    "ScreeningRound",
    "ScreeningTask",
    "Student",
    "StudentNumber",
    "TaughtCheck",
    "Term",
    "Transfer",
    "TransferApplication",
]
