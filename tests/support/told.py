"""Obligations and notices for the tests of the outbox, and people who can be reached."""

from datetime import date, datetime

from agencies.models import Agency, ChannelTarget, Notice, Obligation, User
from agencies.queries.policy import in_force
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Position
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import ObligationKind
from agencies.sealing import seal
from agencies.services import notices, obligations
from agencies.services.notices import News
from agencies.services.obligations import Ground, Owed
from agencies.services.sending import label
from tests.support.official import calendar
from tests.support.world import World

START = date(2026, 9, 1)
NOON = datetime(2026, 10, 12, 12, tzinfo=CHINA)


def census(world: World, school: Agency | None = None, key: str = "x") -> Obligation:
    """A school owes its full check, due on 2026-09-07."""
    school = school or world.school
    duty = Owed(
        kind=ObligationKind.CENSUS,
        key=f"census:{key}:{school.pk}",
        subject=school.name,
        owed_by=school,
        owed_to=None,
        starts_on=START,
        region_path=school.region.path,
    )
    ground = Ground(
        in_force(world.county.pk, START), calendar(), datetime(2026, 9, 1, tzinfo=CHINA)
    )
    return obligations.raise_all(world.county.pk, [duty], ground)[0]


def tell(world: World, kind: NoticeKind, now: datetime = NOON, **more: object) -> Notice:
    """One notice in the outbox."""
    dedupe = str(more.pop("dedupe", f"{kind}:{Notice.objects.count()}"))
    notices.tell([News(world.county.pk, kind, dedupe, **more)], now)
    return Notice.objects.get(dedupe=dedupe)


def reachable(world: World, role: str, **given: str) -> User:
    """The person of a role, with an address, a phone, a language."""
    user = User.objects.get(pk=world.posts[role].user_id)
    User.objects.filter(pk=user.pk).update(**given)
    user.refresh_from_db()
    return user


def robot(agency: Agency, base_url: str, channel: str = "dingtalk") -> ChannelTarget:
    target = ChannelTarget(county=agency.county, agency=agency, channel=channel, base_url=base_url)
    target.token = seal("token-of-the-group", label(target, "token"))
    target.secret = seal("SEC-of-the-group", label(target, "secret"))
    target.save()
    return target


def usernames(world: World, *positions: Position) -> set[str]:
    return {post.user.username for post in world.posts.values() if post.position in positions}
