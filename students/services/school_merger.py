"""What a merged school leaves beside its pupils: posts, zones, duties, its catchment, itself.

Nobody is appointed at the other school by guess: the posts end with the school, and the preview
names their holders.
"""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from agencies.models import Agency, Obligation, Post, Zone
from agencies.services import posts
from students.models import Catchment, HomePlan
from students.models.roster_move import RosterMove
from students.queries import moving as queries

DAY = timedelta(days=1)


def hand_over(move: RosterMove, target_id: int) -> dict[str, Any]:
    """End the school with its history kept; the other one owes and admits from the first day.

    Returns what take_back() needs.
    """
    last = move.first_day - DAY
    held = list(queries.posts_of(move))
    zones = Zone.objects.filter(post__in=held, ends_on__isnull=True)
    undo: dict[str, Any] = {
        "posts": [[post.pk, post.ends_on and post.ends_on.isoformat()] for post in held],
        "zones": list(zones.values_list("pk", flat=True)),
        "duties": list(queries.duties_of(move).values_list("pk", flat=True)),
        "school_ends": move.school.ends_on and move.school.ends_on.isoformat(),
    }
    for post in held:
        posts.relieve(post, max(last, post.starts_on))
    Obligation.objects.filter(pk__in=undo["duties"]).update(owed_by=target_id)
    undo["home_plans"] = list(_home_plans(move).values_list("pk", flat=True))
    HomePlan.objects.filter(pk__in=undo["home_plans"]).update(school=target_id)
    undo |= _move_catchments(move, target_id)
    Agency.objects.filter(pk=move.school_id).update(ends_on=last, successor=target_id)
    return undo


def _home_plans(move: RosterMove) -> QuerySet[HomePlan]:
    """Who is taught at home goes on being taught, by the school that continues."""
    return HomePlan.objects.filter(school=move.school_id, ends_on__gte=move.first_day)


def _move_catchments(move: RosterMove, target_id: int) -> dict[str, list[int]]:
    """The places that entered this school enter the other one."""
    rows = Catchment.objects.filter(school=move.school_id, starts_on__lt=move.first_day)
    old = list(rows.filter(ends_on__isnull=True))
    Catchment.objects.filter(pk__in=[row.pk for row in old]).update(ends_on=move.first_day - DAY)
    made = Catchment.objects.bulk_create(
        Catchment(
            county_id=row.county_id, region_id=row.region_id, school_id=target_id,
            grade=row.grade, starts_on=move.first_day,
        )
        for row in old
    )  # fmt: skip
    return {"catchments": [row.pk for row in old], "new_catchments": [row.pk for row in made]}


def take_back(move: RosterMove) -> None:
    """The school goes on as before."""
    undo = move.undo
    Agency.objects.filter(pk=move.school_id).update(ends_on=undo["school_ends"], successor=None)
    for pk, ends_on in undo["posts"]:
        Post.objects.filter(pk=pk).update(ends_on=ends_on)
    Zone.objects.filter(pk__in=undo["zones"]).update(ends_on=None)
    Obligation.objects.filter(pk__in=undo["duties"], owed_by=move.target_id).update(
        owed_by=move.school_id
    )
    HomePlan.objects.filter(pk__in=undo.get("home_plans", [])).update(school=move.school_id)
    Catchment.objects.filter(pk__in=undo["new_catchments"]).delete()
    Catchment.objects.filter(pk__in=undo["catchments"]).update(ends_on=None)
