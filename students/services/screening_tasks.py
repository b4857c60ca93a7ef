"""Who goes where in a screening round: a village, or a group of its houses, is given to a post."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Post, Region
from agencies.rules.duties import DUTIES, Duty, Position
from agencies.rules.scope import Scope
from agencies.services import audit
from students.models import ScreeningRound, ScreeningTask

TOWNSHIP = 9  # digits of the path of a township
HOUSES = 20  # characters of a group of houses
SCREENERS = [position for position in Position if Duty.SCREEN in DUTIES[position]]


def give_out(row: ScreeningRound, today: date) -> int:
    """A task for each village with children and without one: to the cadre of the village, to one of
    the township when there is none. Returns how many were made.
    """
    asked = set(row.children.values_list("village", flat=True))
    has = set(ScreeningTask.objects.filter(round=row).values_list("village", flat=True))
    villages = Region.objects.filter(pk__in=asked - has)
    posts = _posts_by_place(row.county_id, today)
    made = [
        ScreeningTask(
            round=row,
            village=village,
            post_id=posts.get((Position.VILLAGE_CADRE, village.path))
            or posts.get((Position.TOWNSHIP_CADRE, village.path[:TOWNSHIP])),
        )
        for village in villages
    ]
    ScreeningTask.objects.bulk_create(made)
    return len(made)


def _posts_by_place(county_id: int, today: date) -> dict[tuple[str, str], int]:
    """Of each place the cadre who holds the post longest."""
    places = (Position.VILLAGE_CADRE, Position.TOWNSHIP_CADRE)
    rows = Post.objects.held_on(today).filter(county_id=county_id, position__in=places)
    found = rows.order_by("-starts_on", "-pk").values_list("position", "agency__region__path", "pk")
    return {(position, path): pk for position, path, pk in found}


def posts_in(township: Region, today: date) -> list[Post]:
    """Who may be sent somewhere in the township: its people and those of its villages."""
    rows = Post.objects.held_on(today).filter(
        county_id=township.county_id,
        position__in=SCREENERS,
        agency__region__path__startswith=township.path[:TOWNSHIP],
    )
    rows = rows.select_related("user", "agency__region")
    return list(rows.order_by("agency__region__path", "pk"))


def fitting(posts: Iterable[Post], village: Region) -> list[Post]:
    """Of these posts those that answer for the village: its own and those of the township."""
    places = {village.path, village.path[:TOWNSHIP]}
    return [one for one in posts if one.agency.region.path in places]


def post_for(village: Region, post_id: UUID, today: date) -> Post:
    """A post of the township of the village. Raises RuleBroken."""
    posts = fitting(posts_in(village, today), village)
    found = next((one for one in posts if one.public_id == post_id), None)
    if found is None:
        text = _("This person works neither for the village nor for its township.")
        raise RuleBroken(Reason("post", text, "/post"))
    return found


def may_assign(scope: Scope, village: Region) -> bool:
    """Township and bureau say who goes; the cadre of a village does not."""
    above = tuple(path for path in scope.paths if len(path) <= TOWNSHIP)
    return scope.everything or village.path.startswith(above or ("-",))


@transaction.atomic
def assign(
    scope: Scope,
    row: ScreeningRound,
    village: Region,
    houses: str,
    post: Post | None,
    now: datetime,
) -> None:
    """Give the village, or a group of its houses, to a post; None ends a group of houses.

    Raises NotPermitted (not the own township), NotPossible (closed), RuleBroken (a person who is
    not of that place, or the rest of the village given to nobody).
    """
    if not may_assign(scope, village):
        raise NotPermitted
    if row.closed_at:
        raise NotPossible(Reason("closed", _("This round is closed.")))
    houses = "".join(houses.split())[:HOUSES]
    if post is None:
        if not houses:
            text = _("The rest of the village stays with somebody.")
            raise RuleBroken(Reason("post", text, "/post"))
        ScreeningTask.objects.filter(round=row, village=village, houses=houses).delete()
    else:
        post_for(village, post.public_id, scope.on)
        ScreeningTask.objects.update_or_create(
            round=row, village=village, houses=houses, defaults={"post": post}
        )
    subject = f"screening:{row.public_id}"
    audit.record(scope, "screening.assign", subject, now=now, village=village.code)
