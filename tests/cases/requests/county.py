"""Other bodies of the tests' county, a case to ask them about, and requests made in one line."""

import uuid
from datetime import date, datetime

from agencies.models import Agency
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind, Position
from cases.models import Case, HelpRequest
from cases.rules.requests import Answer, Move
from cases.services import opening, requests
from cases.services.opening import ByHand
from cases.services.requests import Ask, Said
from tests.support.rolls import at
from tests.support.world import World, agency, post

TODAY = date(2026, 10, 12)
NOON = at(TODAY, 12)
LABOUR = {"employer": "瑞安市某鞋厂", "place": "瑞安市仙降街道"}


def bodies(world: World) -> dict[str, Agency]:
    """A body of each kind that can be asked, with one person in it: role and kind are the same."""
    names = {
        AgencyKind.JUSTICE: "县司法局",
        AgencyKind.LABOUR: "县人力资源和社会保障局",
        AgencyKind.CIVIL_AFFAIRS: "县民政局",
        AgencyKind.HEALTH: "县卫生健康局",
        AgencyKind.MARKET: "县市场监督管理局",
        AgencyKind.DISABLED: "县残疾人联合会",
    }
    made = {kind.value: agency(name, kind, world.county) for kind, name in names.items()}
    for role, body in made.items():
        world.posts[role] = post(role, body, Position.AGENCY_STAFF)
    made["police"] = world.posts["agency_staff"].agency
    return made


def case_of(world: World, index: int = 0) -> Case:
    why = ByHand("whereabouts_unknown", date(2026, 10, 9), "说去了瑞安")
    return opening.open_by_hand(world.scope("teacher"), world.pupils[index], why, NOON)


def asked(
    world: World,
    case: Case,
    to: Agency,
    matter: str = "child_labour",
    role: str = "township_cadre",
    now: datetime = NOON,
    **particulars: str,
) -> HelpRequest:
    """Each in words of its own: the same is not asked again while it runs."""
    given = particulars or (LABOUR if matter == "child_labour" else {})
    words = "请依法查处并责令退回。" + "另请尽快。" * HelpRequest.objects.filter(case=case).count()
    sent = Ask(uuid.uuid4(), matter, to.public_id, words, given)
    return requests.ask(world.scope(role), case.public_id, sent, now)


def take(
    world: World, row: HelpRequest, role: str, move: Move, text: str = "", **more: object
) -> HelpRequest:
    now = more.pop("now", NOON)
    said = Said(text=text, **more)
    return requests.take(world.scope(role), row.public_id, move, said, now)


def order(number: str = "文人社监〔2026〕7号") -> Answer:
    return Answer("order_issued", number)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)
