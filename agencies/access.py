"""Who is asking: the scope of a user, from posts, in one query."""

import json

from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.errors import NotPermitted, Reason
from agencies.models import User
from agencies.rules.duties import Duty, Position
from agencies.rules.notices import Channel
from agencies.rules.scope import HeldPost, Scope

MOST_UNREAD = 100  # counted no further: the bell shows 99+

# Every page and every call begins with this. Written by hand, because the ORM takes several times
# as long to put it together as PostgreSQL to answer it.
WHO = f"""
SELECT u.*, (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', p.id, 'public_id', p.public_id, 'position', p.position, 'agency_id', p.agency_id,
        'agency_kind', a.kind, 'agency_name', a.name, 'region_path', r.path,
        'county_id', p.county_id) ORDER BY p.id), '[]')
    FROM agencies_post p
    JOIN agencies_agency a ON a.id = p.agency_id JOIN agencies_region r ON r.id = a.region_id
    WHERE p.user_id = u.id AND u.is_active
        AND p.starts_on <= %(today)s AND (p.ends_on IS NULL OR p.ends_on >= %(today)s)
) AS held_posts, (
    SELECT count(*) FROM (
        SELECT FROM agencies_delivery d
        WHERE d.user_id = u.id AND d.channel = '{Channel.INBOX}' AND d.read_at IS NULL
        LIMIT {MOST_UNREAD}) AS unread
) AS unread_lines
FROM agencies_user u WHERE u.id = %(user)s AND u.is_active
"""  # noqa: S608 both parts are constants of ours


def asking(user_id: int) -> User | None:
    """The account that works, with today's posts and the lines of its inbox that are not read."""
    found = User.objects.raw(WHO, {"user": user_id, "today": clock.today()})
    for user in found:
        user.held_posts = json.loads(str(user.held_posts))  # read from the database as text
        return user
    return None


def scope_of(user: User) -> Scope:
    """The scope of the person on this day. No query when the user was loaded by `asking`."""
    held = getattr(user, "held_posts", None)
    if held is None:
        found = asking(user.pk)
        held = found.held_posts if found else []
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
