"""Which result a row of the register may have, and who follows it up (forms.md 3.3, S1-49).

A result says where a child is; that it is there stands in the child's own records. What these
records show needs no person; what a person says has to fit them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from agencies.rules.duties import AgencyKind
from students.rules.enrollment import PlacementKind
from students.rules.person_list import Result


@dataclass(frozen=True)
class Facts:
    """What our records say of the child of a row on a day. joined: the row means a child.

    placement: the kind of the one that runs. elsewhere: a transfer that the other side confirmed.
    past_age, below_age: born before, after the children who are of school age. abroad: its case
    ended so.
    """

    joined: bool
    past_age: bool = False
    below_age: bool = False
    enrolled: bool = False
    placement: str = ""
    elsewhere: bool = False
    abroad: bool = False
    open_case: bool = False
    completed: bool = False
    died: bool = False


CANNOT_ATTEND = frozenset(
    {
        PlacementKind.HOME_TEACHING,
        PlacementKind.DEFERRAL,
        PlacementKind.SUSPENSION,
        PlacementKind.HOSPITAL,
    }
)


def _abroad(facts: Facts) -> bool:
    return facts.abroad or facts.placement == PlacementKind.ABROAD


def _elsewhere(facts: Facts) -> bool:
    return facts.elsewhere or facts.placement == PlacementKind.ELSEWHERE


# In this order: what a person need not be asked about.
EVIDENT: tuple[tuple[Result, Callable[[Facts], bool]], ...] = (
    (Result.REGISTER_ERROR, lambda facts: facts.died),
    (Result.PAST_AGE, lambda facts: facts.completed),
    (Result.OUT_OF_SCHOOL, lambda facts: facts.open_case),
    (Result.ABROAD, _abroad),
    (Result.UNABLE, lambda facts: facts.placement in CANNOT_ATTEND),
    (Result.IN_SCHOOL, lambda facts: facts.enrolled),
)

# Whoever answers for it until the records say what the result says.
FOLLOWED_BY: dict[Result, AgencyKind] = {
    Result.REGISTER_ERROR: AgencyKind.POLICE,
    Result.SAME_PROVINCE: AgencyKind.BUREAU,
    Result.OTHER_PROVINCE: AgencyKind.BUREAU,
    Result.UNABLE: AgencyKind.TOWNSHIP,
}
WITHOUT_CHILD = frozenset({Result.REGISTER_ERROR})
WITHOUT_NOTE = frozenset({Result.IN_SCHOOL})


def opens_case(result: Result, facts: Facts) -> bool:
    """Whether recording the result opens a case in the same step.

    Out of school always does (S1-49). Away and not reached (8) does where no record says that the
    child may be away: that is whereabouts unknown, a case at once (rule 1).
    """
    if facts.open_case or not facts.joined:
        return False
    if result == Result.OUT_OF_SCHOOL:
        return True
    gone = facts.died or facts.completed or facts.below_age
    away = facts.placement or _elsewhere(facts) or _abroad(facts)
    return result == Result.OTHER and not (gone or away or facts.enrolled)


def evident(facts: Facts) -> Result | None:
    """The result that our records show by themselves."""
    if not facts.joined:
        return None
    return next((result for result, holds in EVIDENT if holds(facts)), None)


def problems(result: Result, facts: Facts, note: str) -> list[Reason]:
    """Why a person cannot give this result: nothing in writing, no child, or other records."""
    found = []
    if not facts.joined and result not in WITHOUT_CHILD:
        text = _("Say first which child the row means.")
        found.append(Reason("no_child", text, "/result"))
    if not note.strip() and result not in WITHOUT_NOTE:
        text = _("Say what shows it: which paper, which lookup, who was asked.")
        found.append(Reason("note", text, "/note"))
    if facts.joined and result in UNFIT:
        holds, code, why = UNFIT[result]
        if not holds(facts):
            found.append(Reason(code, why, "/result"))
    return found


UNFIT: dict[Result, tuple[Callable[[Facts], bool], str, Promise]] = {
    Result.IN_SCHOOL: (
        lambda facts: facts.enrolled,
        "not_enrolled",
        _("The child is on no roster of this county."),
    ),
    Result.SAME_PROVINCE: (
        lambda facts: not facts.enrolled,
        "enrolled",
        _("The child is on a roster of this county."),
    ),
    Result.OTHER_PROVINCE: (
        _elsewhere,
        "not_confirmed",
        _("“Said to be elsewhere” is no result: record the confirmed transfer first, or on the page"
          " of the child the lawful placement with the confirmation of the school there."),
    ),
    Result.PAST_AGE: (
        lambda facts: facts.past_age or facts.completed,
        "of_school_age",
        _("By its date of birth the child is not past school age."),
    ),
    Result.ABROAD: (
        _abroad,
        "not_abroad",
        _("Record first that it is abroad, with its proof: a placement or the end of a case."),
    ),
    Result.OUT_OF_SCHOOL: (
        lambda facts: not (facts.died or facts.completed or facts.below_age),
        "not_in_the_work",
        _("The child has died, completed compulsory education or is not of school age yet."),
    ),
}  # fmt: skip


def stands(result: Result, facts: Facts) -> bool:
    """Whether the records say by now what the result says: its follow-up is done.

    A fault of the register is corrected by the police: their next list shows it.
    """
    if result == Result.SAME_PROVINCE:
        return facts.enrolled or _elsewhere(facts)
    if result == Result.OTHER_PROVINCE:
        return _elsewhere(facts)
    if result == Result.UNABLE:
        return facts.placement in CANNOT_ATTEND
    return False
