"""六对一: six seats per household, six different people, each from the right body (rule 11).

Source: wencheng-2019 三(三), S1-64.
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


# These two sit for a school; the household's other four sit once.
OF_SCHOOL = frozenset({Seat.SCHOOL_LEADER, Seat.TEACHER})

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
class Candidate:
    """A post as the rule sees it."""

    post_id: int
    user_id: int
    position: str
    agency_id: int
    agency_kind: str
    region_path: str


@dataclass(frozen=True)
class Home:
    """Where the household lives, and the schools of its children in the work."""

    township_path: str
    village_path: str
    school_ids: frozenset[int]


RIGHT_BODY: dict[Seat, Text] = {
    Seat.TOWNSHIP_LEADER: _("a leader of the household's township"),
    Seat.TOWNSHIP_CADRE: _("a cadre of the household's township"),
    Seat.VILLAGE_CADRE: _("a cadre of the household's village"),
    Seat.BUREAU_LEADER: _("a leader of the county education bureau"),
    Seat.SCHOOL_LEADER: _("a leader of the child's school"),
    Seat.TEACHER: _("a teacher of the child's school"),
}


def fits(seat: Seat, candidate: Candidate, home: Home) -> bool:
    """Whether this post may take this seat for this household."""
    if candidate.position != Position(seat.value):
        return False
    if seat in (Seat.TOWNSHIP_LEADER, Seat.TOWNSHIP_CADRE):
        return (
            candidate.agency_kind == AgencyKind.TOWNSHIP
            and candidate.region_path == home.township_path
        )
    if seat is Seat.VILLAGE_CADRE:
        return (
            candidate.agency_kind == AgencyKind.VILLAGE
            and candidate.region_path == home.village_path
        )
    if seat is Seat.BUREAU_LEADER:
        return candidate.agency_kind == AgencyKind.BUREAU
    return candidate.agency_id in home.school_ids


def problems(seats: Mapping[Seat, Candidate], home: Home) -> list[Reason]:
    """Every reason why these people cannot sit so."""
    found = [
        Reason(
            "wrong_body",
            _("This seat is for %(body)s.") % {"body": RIGHT_BODY[seat]},
            f"/seats/{seat.value}",
        )
        for seat, candidate in seats.items()
        if not fits(seat, candidate, home)
    ]
    taken: dict[int, Seat] = {}
    for seat, candidate in seats.items():
        if candidate.user_id in taken:
            text = _("Six seats need six different people.")
            found.append(Reason("same_person", text, f"/seats/{seat.value}"))
        taken[candidate.user_id] = seat
    return found


def missing(filled: Mapping[Seat, object]) -> list[Seat]:
    return [seat for seat in Seat if not filled.get(seat)]
