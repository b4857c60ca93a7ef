"""Who is asking: the scope of a user, from posts, in one query."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.errors import NotPermitted, Reason
from agencies.models import Delivery, Post, User
from agencies.rules.duties import Duty, Position
from agencies.rules.scope import HeldPost, Scope

MOST_UNREAD = 100  # counted no further: the bell shows 99+


def with_posts(users: QuerySet) -> QuerySet[User]:
    """Adds held_posts, today's posts of each user as plain values, and unread_lines."""
    unread = Delivery.objects.unread().filter(user=OuterRef("pk")).values("pk")[:MOST_UNREAD]
    posts = (
        Post.objects.held_on(clock.today())
        .filter(user=OuterRef("pk"))
        .order_by("pk")
        .values(
            post=JSONObject(
                id="pk",
                public_id="public_id",
                position="position",
                agency_id="agency_id",
                agency_kind="agency__kind",
                agency_name="agency__name",
                region_path="agency__region__path",
                county_id="county_id",
            )
        )
    )
    counted = Func(ArraySubquery(unread), function="CARDINALITY", output_field=IntegerField())
    return users.annotate(held_posts=ArraySubquery(posts), unread_lines=counted)


def scope_of(user: User) -> Scope:
    """The scope of the person on this day. No query when the user was loaded with its posts."""
    held = getattr(user, "held_posts", None)
    if held is None:
        held = with_posts(User.objects.filter(pk=user.pk)).get().held_posts
    posts = tuple(
        HeldPost(
            id=row["id"],
            public_id=row["public_id"],
            position=Position(row["position"]),
            agency_id=row["agency_id"],
            agency_kind=row["agency_kind"],
            agency_name=row["agency_name"],
            region_path=row["region_path"],
        )
        for row in held
    )
    county_id = held[0]["county_id"] if held else 0
    return Scope(user.pk, county_id, clock.today(), posts, user.name)


def require(scope: Scope, duty: Duty) -> HeldPost:
    """The post in whose name the duty is done.

    Raises NotPermitted when no post of the person carries it.
    """
    post = scope.post_for(duty)
    if post is None:
        raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))
    return post
