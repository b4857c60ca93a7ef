"""A county with an alert, a talk that was called, and a circular that was drawn."""

import uuid
from datetime import date, datetime

from agencies.rules.deadlines import CHINA
from cases.rules.workflow import State
from reporting.models import Alert, Circular, Talk
from reporting.rules.talks import Step, TalkDeed
from reporting.services import alerts, circulars, talks
from reporting.services.circulars import Draft
from reporting.services.talks import Wanted
from tests.reporting.county import FRIDAY, case
from tests.support.world import World

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=CHINA)
DAY = date(2026, 10, 12)
DUE = date(2026, 10, 26)
TOWN = "township:330328100000"
ITEMS = ("逐户劝返，三日内上门", "六对一名单公示")


def alert(world: World) -> Alert:
    """The township above the line of the junior stage, found by the nightly sweep."""
    case(world.pupils[0], State.CONFIRMED, FRIDAY)
    alerts.sweep(NOW)
    return Alert.objects.get(kind="township")


def called(world: World, **changed: object) -> Talk:
    given: dict[str, object] = {
        "client_id": uuid.uuid4(),
        "position": "township_leader",
        "planned_on": DAY,
        "reason": "初中辍学率超过控制线",
        "unit": ("township", "330328100000"),
    }
    return talks.call(world.scope("bureau_staff"), Wanted(**{**given, **changed}), NOW)  # type: ignore[arg-type]


def take(world: World, talk: Talk, deed: TalkDeed, role: str = "bureau_staff", **step) -> Talk:
    said = Step(**{"on": DAY, "text": "如记录", **step})
    return talks.take(world.scope(role), talk.public_id, deed, said, NOW)


def ordered(world: World, talk: Talk) -> Talk:
    take(world, talk, TalkDeed.HOLD)
    return take(world, talk, TalkDeed.ORDER, number="文教约〔2026〕1号", due_on=DUE, items=ITEMS)


def reported(world: World, talk: Talk) -> Talk:
    reports = {1: "三户已上门", 2: "已公示"}
    return take(world, talk, TalkDeed.REPORT, "township_leader", reports=reports)


def wanted(world: World, **changed: object) -> Draft:
    given: dict[str, object] = {
        "client_id": uuid.uuid4(),
        "title": "关于控辍保学情况的通报",
        "text": "大峃镇初中阶段超过控制线，各乡镇须引以为戒。",
        "measure": "ledger",
        "school_year": 2026,
        "units": (TOWN,),
        "recipients": (world.town_hall.public_id, world.school.public_id),
    }
    return Draft(**{**given, **changed})  # type: ignore[arg-type]


def drawn(world: World, **changed: object) -> Circular:
    return circulars.draft(world.scope("bureau_staff"), wanted(world, **changed), NOW)
