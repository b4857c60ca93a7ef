"""Inspections in the demonstration: a reading class under an order, with a child that was found in
it; an institution whose approval ends soon; a net café whose result is published; one to come.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from agencies.demo import County, acting
from agencies.models import Region
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind, Position
from agencies.rules.scope import Scope
from cases.models import Case
from cases.rules.inspections import Deed, FindingKind, Topic
from cases.rules.venues import VenueKind
from cases.rules.workflow import OPEN
from cases.services import findings, found_children, inspections, publications, venues
from cases.services.findings import Found, Step
from cases.services.found_children import Child
from cases.services.inspections import Held, Plan
from cases.services.publications import Text
from cases.services.venues import Entry
from students.models import Student

DAY = timedelta(days=1)
LOOKED_AT, RECHECKED, SOON = 12 * DAY, 2 * DAY, 20 * DAY
ADDRESSES = {
    VenueKind.CLASSICS: "建设路12号",
    VenueKind.NET_CAFE: "学前路3号",
    VenueKind.ARTS: "文昌街28号二楼",
}
BASIS = "控辍保学联席会议纪要〔演示〕3号"
RESULT = (
    "联合检查组对学校周边一处上网服务场所进行了检查，发现入口未按规定设置禁止未成年人进入的标志。"
    "执法部门责令限期改正，经复查已改正到位。"
)


@dataclass(frozen=True)
class Told:
    """Who inspects, on the day of the inspection and on the day of the demonstration."""

    county: County
    then: datetime
    now: datetime

    def at(self, moment: datetime, position: Position = Position.BUREAU_STAFF) -> Scope:
        post = self.county.post(self.county.bureau, position)
        return acting(post, moment.astimezone(CHINA).date())

    def body(self, kind: AgencyKind) -> UUID:
        return self.county.at[kind, self.county.region.path].public_id


def tell(county: County, found: Student | None, now: datetime) -> dict[str, int]:
    """found: a child with a case, which sat in the reading class instead of at school."""
    told = Told(county, now - LOOKED_AT, now)
    town = county.townships[0]
    _reading_class(told, town, found)
    _net_cafe(told, town)
    _to_come(told, town)
    return {"inspections": 3}


def _place(told: Told, kind: VenueKind, name: str, town: Region, **more: object) -> UUID:
    entry = Entry(uuid4(), kind, name, ADDRESSES[kind], town.code, **more)  # type: ignore[arg-type]
    return venues.register(told.at(told.then), entry, told.then).public_id


def _plan(told: Told, topic: Topic, venue: UUID, on: date, *kinds: AgencyKind) -> UUID:
    others = tuple(told.body(kind) for kind in kinds)
    wanted = Plan(uuid4(), topic, on, others, venue=venue, basis=BASIS)
    return inspections.plan(told.at(told.then), wanted, told.then).public_id


def _held(told: Told, topic: Topic, venue: UUID, *kinds: AgencyKind) -> UUID:
    scope = told.at(told.then)
    row = _plan(told, topic, venue, scope.on, *kinds)
    done = Held(scope.on, scope.on, "查看场所、课程表、人员名册和证照")
    inspections.hold(scope, row, done, told.then)
    return row


def _finding(told: Told, inspection: UUID, kind: FindingKind, what: str, last: date) -> UUID:
    """Written down and ordered to be put right on the day of the inspection."""
    scope = told.at(told.then)
    made = findings.add(scope, inspection, Found(uuid4(), kind, what), told.then)
    number = f"文教督改〔{scope.on.year}〕{made.number}号"
    order = Step(scope.on, "限期改正", number, last, last + 4 * DAY)
    findings.take(scope, made.public_id, Deed.ORDER, order, told.then)
    return made.public_id


def _reading_class(told: Told, town: Region, found: Student | None) -> None:
    """No approval, children of school age inside: both ordered, the time still runs."""
    venue = _place(told, VenueKind.CLASSICS, "明德读经班〔演示〕", town)
    row = _held(told, Topic.TRAINING, venue, AgencyKind.CULTURE, AgencyKind.POLICE)
    last = told.at(told.now).on + 8 * DAY
    _finding(told, row, FindingKind.NO_APPROVAL, "未取得办学许可，招收学员", last)
    _finding(told, row, FindingKind.HOLDS_CHILDREN, "上课时间有适龄儿童在此读经", last)
    case = Case.objects.filter(student=found, state__in=OPEN).first() if found else None
    if found and case:
        since = case.episode.trigger_date
        child = Child(found.public_id, since, "上课时间在此读经")
        found_children.add(told.at(told.now), row, child, told.now)


def _net_cafe(told: Told, town: Region) -> None:
    """Put right at the recheck, closed, and told to everybody."""
    near = next(school.code for school, _of in told.county.schools if school.region == town)
    venue = _place(told, VenueKind.NET_CAFE, "星网上网服务部〔演示〕", town, near=near)
    row = _held(told, Topic.SURROUNDINGS, venue, AgencyKind.CULTURE, AgencyKind.MARKET)
    last = told.at(told.then).on + 7 * DAY
    what = "入口未设置禁止未成年人进入的标志"
    finding = _finding(told, row, FindingKind.ADMITS_MINORS, what, last)
    later = told.now - RECHECKED
    scope = told.at(later)
    answer = Step(scope.on - DAY, "已张贴标志，并核验证件")
    findings.take(scope, finding, Deed.ANSWER, answer, later)
    findings.take(scope, finding, Deed.PASS, Step(scope.on, "复查合格"), later)
    inspections.close(scope, row, later)
    chief = told.at(told.now, Position.BUREAU_LEADER)
    text = Text(uuid4(), "学校周边环境联合检查结果", RESULT, "县教育局公告栏")
    publications.publish(chief, row, text, told.now)


def _to_come(told: Told, town: Region) -> None:
    """An institution with an approval that ends soon is looked into before its end."""
    until = told.at(told.now).on + SOON
    venue = _place(
        told,
        VenueKind.ARTS,
        "晨曦艺术培训中心〔演示〕",
        town,
        approved_by=told.county.bureau.name,
        approval_number="教民〔演示〕19号",
        approval_until=until,
        schooling="只在放学后和周末上课，学员名册每学期报学校核对",
    )
    _plan(told, Topic.TRAINING, venue, until - 10 * DAY, AgencyKind.CULTURE)
