"""Who is expected at a school when a term begins, and what became of each (S1-51/52, rule 9).

Expected: the rosters on the last day of the term before, promoted; whoever was sent elsewhere and
never confirmed (rule 13); in autumn the children of the zone who were never enrolled; minus those
whose leaving was a fact by the opening day. queries/census_sql.py builds its conditions from the
tables here, so that a list and a count cannot mean different things.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from reporting.rules.whereabouts import NEEDS_NOTE, OPENS_CASE, Whereabouts
from students.rules.enrollment import Change
from students.rules.identity import Cohort, compulsory_cohort

JUNIOR = 7  # the first grade of the junior stage: entered by zone, like grade 1
EARLIEST_CHECK = timedelta(days=30)  # before the opening day: an older answer is no answer


class State(TextChoices):
    """What became of an expected child."""

    ARRIVED = "arrived", _("has come")
    EXPLAINED = "explained", _("away, explained")
    MISSING = "missing", _("missing")


class Source(TextChoices):
    """Why a child is expected."""

    ROSTER = "roster", _("on last term's roster")
    NEXT_SCHOOL = "next_school", _("leaves the last grade of another school")
    TRANSFER = "transfer", _("transferred out, not confirmed")
    ENTRANT = "entrant", _("new entrant of the zone")
    OLDER = "older", _("older, not enrolled")
    FINISHED = "finished", _("has left grade 9")


class Why(TextChoices):
    """What the records say of an expected child; the first that applies."""

    SEEN = "seen", _("seen in class")
    DIED = "died", _("died")
    COMPLETED = "completed", _("compulsory education completed")
    ELSEWHERE = "elsewhere", _("on the roster of another school")
    TRANSFERRED = "transferred", _("transferred out, confirmed")
    PLACEMENT = "placement", _("lawfully away")
    LEAVE = "leave", _("on leave each day so far, by the roll")
    NO_ROLL = "no_roll", _("no roll yet in this class")
    ABSENT = "absent", _("not seen, by the roll")
    TRANSFER_OPEN = "transfer_open", _("transferred out, not confirmed")
    NOT_ENROLLED = "not_enrolled", _("on no roster")


STATE: dict[Why, State] = {
    Why.SEEN: State.ARRIVED,
    Why.DIED: State.EXPLAINED,
    Why.COMPLETED: State.EXPLAINED,
    Why.ELSEWHERE: State.EXPLAINED,
    Why.TRANSFERRED: State.EXPLAINED,
    Why.PLACEMENT: State.EXPLAINED,
    Why.LEAVE: State.EXPLAINED,
    Why.NO_ROLL: State.MISSING,
    Why.ABSENT: State.MISSING,
    Why.TRANSFER_OPEN: State.MISSING,
    Why.NOT_ENROLLED: State.MISSING,
}

# An explicit answer goes before what the records say.
ANSWERED: dict[Whereabouts, State] = {
    code: State.ARRIVED
    if code == Whereabouts.ARRIVED
    else State.MISSING
    if code in OPENS_CASE
    else State.EXPLAINED
    for code in Whereabouts
}

# On the roster, and no roll has said otherwise: "all of this class have come" may answer for them.
MAY_HAVE_COME = frozenset({Why.NO_ROLL, Why.ABSENT})


def state(why: str, code: str = "") -> State:
    """What the child counts as. code: the explicit answer, "" without one."""
    return ANSWERED[Whereabouts(code)] if code else STATE[Why(why)]


@dataclass(frozen=True)
class Entrants:
    """Dates of birth of who may enter: all of compulsory age, and those of the entry year."""

    compulsory: Cohort
    entry: Cohort


def entrants(school_year: int, entry_age: int, years: int) -> Entrants:
    """2026, 6, 9: born 2011-09-01 to 2020-08-31; grade 1 is entered by 2019-09-01 to 2020-08-31."""
    return Entrants(
        compulsory_cohort(school_year, entry_age, years),
        compulsory_cohort(school_year, entry_age, 1),
    )


# Changes that the school explains; entries, promotions and moves between classes are counted only.
NEEDS_WORD = frozenset(Change) - {Change.ENTRY, Change.PROMOTION, Change.CLASS}


def needs_word(kind: str, grade: int | None, last_grade: int) -> bool:
    """grade: of the class that the child left. Completion in the last grade explains itself."""
    if kind == Change.COMPLETED:
        return grade is None or grade < last_grade
    return kind in NEEDS_WORD


@dataclass(frozen=True)
class Given:
    """An answer as it is typed: the code, what was found out, who checked it and when."""

    code: str
    note: str
    checked_by: str
    checked_on: date


def contradicts(why: str, code: str) -> bool:
    """The records say where the child is, and the answer that it is out of school (rule 13).

    Who is seen in a class here or elsewhere, or lawfully away, becomes no case by a tick in a list:
    the record itself has to be put right first.
    """
    return code in OPENS_CASE and STATE[Why(why)] is not State.MISSING


def denies_case(code: str, has_open_case: bool) -> bool:
    """The answer explains the absence while the child's case says that it is out of school.

    Only the case can say that it is over: by the return, or by another end (rule 14). That the
    child was seen in class is a fact of the day, and is taken.
    """
    return has_open_case and code not in OPENS_CASE | {Whereabouts.ARRIVED}


def problems(given: Given, opens_on: date, today: date, pointer: str = "") -> list[Reason]:
    """Everything that is wrong with an answer (S1-54: each answer names who checked and when)."""
    found = []
    if given.code not in set(Whereabouts):
        found.append(Reason("code", _("There is no such whereabouts code."), f"{pointer}/code"))
    if given.code in NEEDS_NOTE and not given.note.strip():
        text = _("Say what was found out.")
        found.append(Reason("note", text, f"{pointer}/note"))
    if not given.checked_by.strip():
        found.append(Reason("checked_by", _("Say who checked it."), f"{pointer}/checked_by"))
    if given.checked_on > today:
        text = _("The day lies in the future.")
        found.append(Reason("future", text, f"{pointer}/checked_on"))
    if given.checked_on < opens_on - EARLIEST_CHECK:
        text = _("The day lies more than %(days)s days before the opening day.")
        words = text % {"days": EARLIEST_CHECK.days}
        found.append(Reason("too_early", words, f"{pointer}/checked_on"))
    return found
