"""Places that are looked into: institutions that train children, venues near schools, employers.

Sources: wencheng-2019 一(三) S1-23, 24, 28, 29; 二(一) S1-39…41; qinshui-2020 三(二) S2-38…40.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason


class VenueKind(TextChoices):
    OLD_STYLE = "old_style", _("old-style private school")
    ACADEMY = "academy", _("academy")
    CLASSICS = "classics", _("classics-reading class")
    ARTS = "arts", _("arts training institution")
    SPORTS = "sports", _("sports training institution")
    TRAINING = "training", _("other training institution")
    DANCE_HALL = "dance_hall", _("dance hall")
    GAME_HALL = "game_hall", _("game hall")
    NET_CAFE = "net_cafe", _("net café")
    OTHER_VENUE = "other_venue", _("other venue near a school")
    EMPLOYER = "employer", _("employer")


INSTITUTIONS = frozenset(
    {
        VenueKind.OLD_STYLE,
        VenueKind.ACADEMY,
        VenueKind.CLASSICS,
        VenueKind.ARTS,
        VenueKind.SPORTS,
        VenueKind.TRAINING,
    }
)
SURROUNDINGS = frozenset(
    {VenueKind.DANCE_HALL, VenueKind.GAME_HALL, VenueKind.NET_CAFE, VenueKind.OTHER_VENUE}
)


class ApprovalState(TextChoices):
    """How the approval of an institution stands; only institutions need one (S1-41)."""

    NOT_NEEDED = "not_needed", _("needs none from education")
    NONE = "none", _("no approval")
    VALID = "valid", _("approved")
    EXPIRED = "expired", _("approval expired")
    ENDED = "ended", _("approval ended")


@dataclass(frozen=True)
class Approval:
    """number: of the paper, empty without one; until: its last day; ended_on: taken away from."""

    number: str = ""
    until: date | None = None
    ended_on: date | None = None


def approval_state(kind: VenueKind | str, approval: Approval, on: date) -> ApprovalState:
    """On its last day an approval is still valid; from the day that ends it, it is not."""
    if approval.ended_on and approval.ended_on <= on:
        return ApprovalState.ENDED
    if not approval.number:
        return ApprovalState.NONE if kind in INSTITUTIONS else ApprovalState.NOT_NEEDED
    if approval.until and approval.until < on:
        return ApprovalState.EXPIRED
    return ApprovalState.VALID


def problems(name: str, address: str, number: str, until: date | None, by: str) -> list[Reason]:
    """What is missing or does not fit in an entry of the register."""
    found = []
    if not name.strip():
        found.append(Reason("name", _("The name is missing."), "/name"))
    if not address.strip():
        found.append(Reason("address", _("The address is missing."), "/address"))
    if (until or by.strip()) and not number.strip():
        text = _("An approval has a number: name it, or leave all of it empty.")
        found.append(Reason("approval_number", text, "/approval_number"))
    if number.strip() and not by.strip():
        text = _("Say which body approved it.")
        found.append(Reason("approved_by", text, "/approved_by"))
    return found
