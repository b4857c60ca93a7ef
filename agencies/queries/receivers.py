"""Who is told: by the ladder of the obligation, everybody of an agency, or the holder of a post.

Only people who hold their post on the day, with an account that works. A fixed number of queries,
however many notices there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from agencies.models import Agency, ChannelTarget, Notice, NoticePreference, Post, User
from agencies.rules.duties import AgencyKind, Position
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import LEADERS, STAFF, Party, receivers

ANYBODY = STAFF | LEADERS
CARETAKERS = frozenset({Position.BUREAU_STAFF})  # beside the system administrators
Choices = dict[tuple[int, str, str], bool]


@dataclass
class Told:
    """The people of one notice, each once, and the group robots of the bodies they act for."""

    users: dict[int, User] = field(default_factory=dict)
    targets: list[ChannelTarget] = field(default_factory=list)


def told(notices: Sequence[Notice], on: date) -> dict[int, Told]:
    """For each notice by its key. Notices come with their obligation."""
    bureaus = _bureaus(notices, on)
    wanted = {notice.pk: _bodies(notice, bureaus.get(notice.county_id)) for notice in notices}
    agencies = {agency for bodies in wanted.values() for agency in bodies}
    posts = _posts(notices, agencies, on)
    targets: dict[int, list[ChannelTarget]] = defaultdict(list)
    for target in ChannelTarget.objects.filter(agency__in=agencies, is_active=True).order_by("pk"):
        targets[target.agency_id].append(target)
    found = {}
    for notice in notices:
        one = found[notice.pk] = Told()
        for agency, positions in wanted[notice.pk].items():
            one.targets += targets[agency]
            _add(one, (post for post in posts.of[agency] if post.position in positions))
        _add(one, posts.named.get(notice.post_id, ()))
        if _is_for_caretakers(notice):
            _add(one, posts.admins[notice.county_id])
    return found


def _add(one: Told, posts: Iterable[Post]) -> None:
    one.users |= {post.user_id: post.user for post in posts}


def _is_for_caretakers(notice: Notice) -> bool:
    return notice.kind == NoticeKind.ALARM and not notice.agency_id and not notice.post_id


def _bodies(notice: Notice, bureau: int | None) -> dict[int, frozenset[Position]]:
    """The agencies that a notice goes to, and the positions in each."""
    if notice.post_id:
        return {}
    if notice.agency_id:
        return {notice.agency_id: ANYBODY}
    found: dict[int, frozenset[Position]] = {}
    if owed := notice.obligation:
        for receiver in receivers(notice.level):
            by = receiver.party is Party.OWED_BY
            agency = owed.owed_by_id if by else owed.owed_to_id or bureau
            if agency:
                found[agency] = found.get(agency, frozenset()) | receiver.positions
    elif bureau and _is_for_caretakers(notice):
        found[bureau] = CARETAKERS
    return found


def _bureaus(notices: Sequence[Notice], on: date) -> dict[int, int]:
    rows = Agency.objects.on(on).filter(
        county__in={notice.county_id for notice in notices}, kind=AgencyKind.BUREAU
    )
    return dict(rows.values_list("county_id", "pk"))


class _Posts:
    """The posts in question: by agency, by their own key, and the administrators by county."""

    def __init__(self, rows: Iterable[Post]) -> None:
        self.of: dict[int, list[Post]] = defaultdict(list)
        self.admins: dict[int, list[Post]] = defaultdict(list)
        self.named: dict[int | None, list[Post]] = {}
        for post in rows:
            self.of[post.agency_id].append(post)
            self.named[post.pk] = [post]
            if post.position == Position.SYSTEM_ADMIN:
                self.admins[post.county_id].append(post)


def _posts(notices: Sequence[Notice], agencies: Collection[int], on: date) -> _Posts:
    q = Q(agency__in=agencies, position__in=ANYBODY)
    q |= Q(pk__in={notice.post_id for notice in notices if notice.post_id})
    if alarmed := {notice.county_id for notice in notices if _is_for_caretakers(notice)}:
        q |= Q(county__in=alarmed, position=Position.SYSTEM_ADMIN)
    rows = Post.objects.held_on(on).filter(q).select_related("user").order_by("pk")
    return _Posts(rows)


def choices(users: Collection[int]) -> Choices:
    """What these people chose, by (person, group, channel)."""
    rows = NoticePreference.objects.filter(user__in=users)
    return {
        (user, group, channel): wanted
        for user, group, channel, wanted in rows.values_list("user", "group", "channel", "wanted")
    }
