"""Person and record agree (人籍一致, S1-47): what can be wrong, what says so, whose it is."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FindingKind(TextChoices):
    """What does not fit."""

    ELSEWHERE = "elsewhere", _("enrolled here, in school elsewhere")
    GHOST = "ghost", _("on the roster, never seen in class")
    TWICE = "twice", _("enrolled twice")
    NOT_ENROLLED = "not_enrolled", _("in class, on no roster")
    UNMARKED = "unmarked", _("dropout not marked in the national system")
    STILL_MARKED = "still_marked", _("back in school, still marked in the national system")
    AWAITED = "awaited", _("promoted, awaited at the next school")


WHAT_TO_DO: dict[FindingKind, Promise] = {
    FindingKind.ELSEWHERE: _("Transfer the child, or explain why the record stays here."),
    FindingKind.GHOST: _("Find out where the child is: open a case, or end the enrollment."),
    FindingKind.TWICE: _("Keep one enrollment: merge the two records or correct the other list."),
    FindingKind.NOT_ENROLLED: _("Enroll the child where it sits in class."),
    FindingKind.UNMARKED: _("Mark the child in the national system and note the day here."),
    FindingKind.STILL_MARKED: _("Take the mark off in the national system and note the day here."),
    FindingKind.AWAITED: _("Enroll the child. If it does not come, find out where it is."),
}


class Evidence(StrEnum):
    """What says so."""

    PLACEMENT = "placement"
    SCREENING = "screening"
    REGISTER = "register"
    ROLLS = "rolls"
    SAME_CHILD = "same_child"
    OTHER_LIST = "other_list"
    CENSUS = "census"
    CASE = "case"
    MARK = "mark"
    PROMOTION = "promotion"


EVIDENCE: dict[Evidence, Promise] = {
    Evidence.PLACEMENT: _("an approved stay elsewhere"),
    Evidence.SCREENING: _("what the screening found"),
    Evidence.REGISTER: _("the comparison with the population register"),
    Evidence.ROLLS: _("no day in class in the last rolls"),
    Evidence.SAME_CHILD: _("another record with the same name, sex and birth date"),
    Evidence.OTHER_LIST: _("the roster file of another school"),
    Evidence.CENSUS: _("the term-start check says that it has come"),
    Evidence.CASE: _("its case is confirmed"),
    Evidence.MARK: _("the mark is still set, the case is not open any more"),
    Evidence.PROMOTION: _("its last grade of the school before, and no roster since"),
}


class Closing(TextChoices):
    """How a finding ended."""

    CORRECTED = "corrected", _("corrected")
    EXPLAINED = "explained", _("explained in writing")
