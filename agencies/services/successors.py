"""A body of the county takes over from others: 工商局 → 市场监管局, 扶贫办 → 乡村振兴局.

The old rows stay with their last day, so that the papers and visits of those years keep their body.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import Agency, ChannelTarget, Obligation, Post
from agencies.rules.duties import AGENCIES_OF, Position
from agencies.services import posts

DAY = timedelta(days=1)


@transaction.atomic
def succeed(old: Sequence[Agency], name: str, on: date, today: date) -> Agency:
    """The body of this name, new or there already, takes over from the old ones on a day.

    Its posts, its open obligations and its message robots follow; what is done stays where it was
    done. Raises RuleBroken for no body, for a day ahead or before they began, for one that has
    ended, for kinds that differ, and for schools, townships, villages and the bureau: their
    children, classes and seats move by services of their own.
    """
    if reasons := _problems(old, on, today):
        raise RuleBroken(*reasons)
    first, ids = old[0], [one.pk for one in old]
    known = Agency.objects.filter(county=first.county_id, kind=first.kind, name=name)
    new = known.filter(ends_on=None).exclude(pk__in=ids).first() or Agency.objects.create(
        county_id=first.county_id,
        region_id=first.region_id,
        kind=first.kind,
        name=name,
        starts_on=on,
    )
    Agency.objects.filter(pk__in=ids).update(ends_on=on - DAY, successor=new)
    for post in Post.objects.filter(agency__in=ids, ends_on=None).select_related("user"):
        _move(post, new, on)
    running = Obligation.objects.open()
    running.filter(owed_by__in=ids).update(owed_by=new)
    running.filter(owed_to__in=ids).update(owed_to=new)
    ChannelTarget.objects.filter(agency__in=ids).update(agency=new)
    return new


def _move(post: Post, new: Agency, on: date) -> None:
    """The holder goes on in the new body; who has that post there already has it once."""
    posts.relieve(post, on - DAY)
    position = Position(post.position)
    held = Post.objects.filter(agency=new, user=post.user_id, position=position, ends_on=None)
    if not held.exists():
        posts.appoint(post.user, new, position, on, title=post.title)


def _problems(old: Sequence[Agency], on: date, today: date) -> list[Reason]:
    if not old:
        return [Reason("agency", _("There is no such body."), "/old")]
    found = []
    if any(one.kind not in AGENCIES_OF[Position.AGENCY_STAFF] for one in old):
        text = _("Schools, townships, villages and the bureau are not taken over in this way.")
        found.append(Reason("kind", text, "/old"))
    if len({(one.kind, one.county_id) for one in old}) > 1:
        found.append(Reason("kinds", _("These bodies are not of one kind and county."), "/old"))
    if any(one.ends_on is not None for one in old):
        found.append(Reason("ended", _("One of these bodies has ended already."), "/old"))
    if on > today or any(on <= one.starts_on for one in old):
        text = _("The day lies ahead, or before the bodies began.")
        found.append(Reason("day", text, "/on"))
    return found
