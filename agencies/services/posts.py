"""Posts and zones: who holds what from when to when."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import Agency, Post, Region, User, Zone
from agencies.rules.duties import AGENCIES_OF, AgencyKind, Position


def appoint(
    user: User, agency: Agency, position: Position, starts_on: date, *, title: str = ""
) -> Post:
    """Give a person a post. Raises RuleBroken when the agency's kind does not have the position."""
    if AgencyKind(agency.kind) not in AGENCIES_OF[position]:
        text = _("There is no such position in this kind of agency.")
        raise RuleBroken(Reason("position", text, "/position"))
    return Post.objects.create(
        county_id=agency.county_id,
        user=user,
        agency=agency,
        position=position,
        starts_on=starts_on,
        title=title,
    )


@transaction.atomic
def relieve(post: Post, last_day: date) -> Post:
    """End a post and its zones. The seats that it held are empty from the next day."""
    if last_day < post.starts_on - timedelta(days=1):
        raise RuleBroken(Reason("before_start", _("The post began later."), "/ends_on"))
    post.ends_on = max(last_day, post.starts_on)
    post.save(update_fields=["ends_on"])
    open_zones = Zone.objects.filter(post=post, ends_on__isnull=True, starts_on__lte=post.ends_on)
    open_zones.update(ends_on=post.ends_on)
    return post


def assign_zone(
    post: Post, starts_on: date, *, region: Region | None = None, school: Agency | None = None
) -> Zone:
    """包片 (a region) or 包校 (a school)."""
    return Zone.objects.create(post=post, region=region, school=school, starts_on=starts_on)
