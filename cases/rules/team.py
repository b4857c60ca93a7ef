"""六对一: at least six seats per household, different people, each from the right body (rule 11).

Four sit for the household; each school that has a child of it in the work adds its leader and a
teacher. Source: wencheng-2019 三(三), S1-64.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, Text
from agencies.rules.duties import AgencyKind, Position
from agencies.rules.obligations import ObligationKind


class Seat(TextChoices):
    TOWNSHIP_LEADER = "township_leader", _("township leader")
    TOWNSHIP_CADRE = "township_cadre", _("township cadre")
    VILLAGE_CADRE = "village_cadre", _("village cadre")
    BUREAU_LEADER = "bureau_leader", _("bureau leader")
    SCHOOL_LEADER = "school_leader", _("school leader")
    TEACHER = "teacher", _("teacher")


# These two sit for a school; the other four sit once.
OF_SCHOOL = (Seat.SCHOOL_LEADER, Seat.TEACHER)
OF_HOUSEHOLD = tuple(seat for seat in Seat if seat not in OF_SCHOOL)

# Who of the team does what is owed, so that six on one is six people doing six things. What is
# not here has no seat: another agency does it, or the whole office.
SEAT_OF: dict[ObligationKind, Seat] = {
    ObligationKind.VERIFY: Seat.TOWNSHIP_CADRE,
    ObligationKind.SERVE: Seat.TOWNSHIP_CADRE,
    ObligationKind.CLOSURE: Seat.TOWNSHIP_CADRE,
    ObligationKind.TEAM: Seat.TOWNSHIP_LEADER,
    ObligationKind.PLAN: Seat.TOWNSHIP_LEADER,
    ObligationKind.REVIEW: Seat.TOWNSHIP_LEADER,
    ObligationKind.NEXT_STEP: Seat.TOWNSHIP_LEADER,
    ObligationKind.VISIT: Seat.VILLAGE_CADRE,
    ObligationKind.DECIDE: Seat.BUREAU_LEADER,
    ObligationKind.OUTSIDE_REPLY: Seat.BUREAU_LEADER,
    ObligationKind.FOLLOW_UP: Seat.SCHOOL_LEADER,
    ObligationKind.CATCH_UP: Seat.TEACHER,
}


@dataclass(frozen=True)
class Chair:
    """One seat of one household. school: for which school it is; None for the other four.

    Of a household whose children are at no school, the chairs of the school have None as well.
    """

    seat: Seat
    school: int | None = None


@dataclass(frozen=True)
class Candidate:
    """A post as the rule sees it."""

    post_id: int
    user_id: int
    position: str
    agency_id: int
    agency_kind: str
    agency_name: str
    region_path: str


@dataclass(frozen=True)
class SchoolAt:
    """A school in the rule's eyes: its code names its seats, its name is read by people."""

    code: str
    name: str


@dataclass(frozen=True)
class Home:
    """Where the household lives, and the schools of its children in the work.

    schools: by id; the school of the case that is looked at, or of the oldest one, comes first.
    """

    township_path: str
    village_path: str
    schools: Mapping[int, SchoolAt]

    @property
    def first(self) -> int | None:
        return next(iter(self.schools), None)


def chairs(home: Home) -> list[Chair]:
    """Every seat that this household has to have: six, and two more for each further school."""
    schools: list[int | None] = [*home.schools] or [None]
    of_schools = [Chair(seat, school) for school in schools for seat in OF_SCHOOL]
    return [*(Chair(seat) for seat in OF_HOUSEHOLD), *of_schools]


def key_of(chair: Chair, home: Home) -> str:
    """The name of a chair in forms and API: `teacher`, or `teacher@CODE` of another school."""
    if chair.school is None or chair.school == home.first:
        return chair.seat.value
    return f"{chair.seat.value}@{home.schools[chair.school].code}"


def chair_of(key: str, home: Home) -> Chair | None:
    """The chair of that name; None when this household has none. Its own code names it too."""
    for chair in chairs(home):
        codes = [home.schools[chair.school].code] if chair.school is not None else []
        if key in (key_of(chair, home), *(f"{chair.seat.value}@{code}" for code in codes)):
            return chair
    return None


RIGHT_BODY: dict[Seat, Text] = {
    Seat.TOWNSHIP_LEADER: _("a leader of the household's township"),
    Seat.TOWNSHIP_CADRE: _("a cadre of the household's township"),
    Seat.VILLAGE_CADRE: _("a cadre of the household's village"),
    Seat.BUREAU_LEADER: _("a leader of the county education bureau"),
    Seat.SCHOOL_LEADER: _("a leader of the child's school"),
    Seat.TEACHER: _("a teacher of the child's school"),
}
AT_SCHOOL: dict[Seat, Text] = {
    Seat.SCHOOL_LEADER: _("a leader of %(school)s"),
    Seat.TEACHER: _("a teacher of %(school)s"),
}
WITHOUT_SCHOOL: dict[Seat, Text] = {
    Seat.SCHOOL_LEADER: _("a leader of a school in the household's township"),
    Seat.TEACHER: _("a teacher of a school in the household's township"),
}


def meant_for(chair: Chair, home: Home) -> Text:
    """Who may take the seat, in words."""
    if chair.seat not in OF_SCHOOL:
        return RIGHT_BODY[chair.seat]
    if chair.school is None:
        return WITHOUT_SCHOOL[chair.seat]
    return AT_SCHOOL[chair.seat] % {"school": home.schools[chair.school].name}


def fits(chair: Chair, candidate: Candidate, home: Home) -> bool:
    """Whether this post may take this seat for this household."""
    if candidate.position != Position(chair.seat.value):
        return False
    if chair.seat is Seat.BUREAU_LEADER:
        return candidate.agency_kind == AgencyKind.BUREAU
    if chair.seat is Seat.VILLAGE_CADRE:
        return _sits(candidate, AgencyKind.VILLAGE, home.village_path)
    if chair.seat not in OF_SCHOOL:
        return _sits(candidate, AgencyKind.TOWNSHIP, home.township_path)
    if chair.school is None:
        in_township = candidate.region_path.startswith(home.township_path)
        return candidate.agency_kind == AgencyKind.SCHOOL and in_township
    return candidate.agency_id == chair.school


def _sits(candidate: Candidate, kind: AgencyKind, path: str) -> bool:
    return candidate.agency_kind == kind and candidate.region_path == path


def problems(seats: Mapping[Chair, Candidate], home: Home) -> list[Reason]:
    """Every reason why these people cannot sit so."""
    found = [
        _refused(chair, candidate, home)
        for chair, candidate in seats.items()
        if not fits(chair, candidate, home)
    ]
    taken: dict[int, Chair] = {}
    for chair, candidate in seats.items():
        if candidate.user_id in taken:
            text = _("Each seat needs a person of its own; this one is the %(seat)s already.")
            words = text % {"seat": taken[candidate.user_id].seat.label}
            found.append(Reason("same_person", words, f"/seats/{key_of(chair, home)}"))
        taken[candidate.user_id] = chair
    return found


def _refused(chair: Chair, candidate: Candidate, home: Home) -> Reason:
    text = _("This seat is for %(body)s. The post that was chosen: %(position)s, %(agency)s.")
    words = text % {
        "body": meant_for(chair, home),
        "position": Position(candidate.position).label,
        "agency": candidate.agency_name,
    }
    return Reason("wrong_body", words, f"/seats/{key_of(chair, home)}")


def missing(filled: Mapping[Chair, object], home: Home) -> list[Chair]:
    return [chair for chair in chairs(home) if not filled.get(chair)]
