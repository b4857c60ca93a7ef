"""Applications for a transfer: the list, one of them, and who acts on it for whom."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.errors import NotVisible
from agencies.models import Agency, Obligation
from agencies.rules.duties import Duty
from agencies.rules.scope import HeldPost, Scope
from students.models import SchoolClass, TransferApplication
from students.rules.identity import school_year_of
from students.rules.transfer import MOVES, Side

WAITS, OPEN, ALL = "mine", "open", "all"


def application_for(scope: Scope, public_id: UUID | str) -> TransferApplication:
    """One application that this person may see. Raises NotVisible."""
    rows = TransferApplication.objects.visible_to(scope).select_related(
        "student__household__region", "school__region", "to_school", "transfer",
        "record__school_class", "recorded_by__user", "agreed_by__user", "decided_by__user",
    )  # fmt: skip
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def posts_for(scope: Scope, row: TransferApplication) -> dict[Side, HeldPost]:
    """The posts in whose name this person acts on the application, by side."""
    found: dict[Side, HeldPost] = {}
    for post in scope.posts:
        if Duty.DECIDE_TRANSFER in post.duties:
            found[Side.BUREAU] = post
        elif Duty.CHANGE_ENROLLMENT in post.duties and post.agency_id == row.school_id:
            found[Side.SENDER] = post
        elif Duty.CHANGE_ENROLLMENT in post.duties and post.agency_id == row.to_school_id:
            found[Side.RECEIVER] = post
    return found


def applications(scope: Scope, view: str) -> QuerySet[TransferApplication]:
    """Those that wait for this person, all open ones, or all; the oldest that waits first."""
    rows = TransferApplication.objects.visible_to(scope)
    if view == WAITS:
        rows = rows.filter(_waits_for(scope))
    elif view == OPEN:
        rows = rows.open()
    order = "-asked_on" if view == ALL else "asked_on"
    rows = rows.select_related("student", "school", "to_school", "transfer")
    return rows.order_by(order, "-pk")


def _waits_for(scope: Scope) -> Q:
    mine = Q(pk__in=[])
    of_side = {
        Side.BUREAU: Q() if scope.may(Duty.DECIDE_TRANSFER) else Q(pk__in=[]),
        Side.SENDER: Q(school__in=scope.school_ids),
        Side.RECEIVER: Q(to_school__in=scope.school_ids),
    }
    for (act, side), steps in MOVES.items():
        if act != "withdraw":
            mine |= of_side[side] & Q(step__in=sorted(steps))
    return mine


def classes_for(row: TransferApplication, on: date) -> QuerySet[SchoolClass]:
    """The classes into which the other school can take the child on the day."""
    rows = SchoolClass.objects.of_year(school_year_of(on)).filter(school=row.to_school_id)
    return rows.order_by("grade", "number")


def schools_beside(scope: Scope, school_id: int) -> QuerySet[Agency]:
    """The other schools of the county, to choose from."""
    rows = Agency.objects.on(scope.on).schools().filter(county_id=scope.county_id)
    return rows.exclude(pk=school_id).order_by("name", "pk")


def duties_of(row: TransferApplication) -> QuerySet[Obligation]:
    """What is owed because of it: the decision, the confirmation, the verification."""
    keys = [row.key, *(row.transfer.keys if row.transfer else [])]
    rows = Obligation.objects.filter(county_id=row.county_id, key__in=keys)
    return rows.select_related("owed_by").order_by("starts_on", "pk")
