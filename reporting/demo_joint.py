"""Joint work in the demonstration: papers on responsibility, one conference held, one planned."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from agencies.demo import County, acting
from agencies.models import Agency, Conference
from agencies.queries import conferences as queries
from agencies.rules.commitments import CommitmentKind, Written
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind, Position
from agencies.rules.scope import Scope
from agencies.services import commitments, conferences, decisions
from agencies.services.commitments import Activity, Named, Paper
from agencies.services.conferences import Held, Place, Planned
from agencies.services.decisions import Charge
from reporting.services import conference_minutes

HELD_BEFORE, NEXT_IN = timedelta(days=30), timedelta(days=7)
LEADERS = {
    AgencyKind.TOWNSHIP: Position.TOWNSHIP_LEADER,
    AgencyKind.SCHOOL: Position.SCHOOL_LEADER,
    AgencyKind.BUREAU: Position.BUREAU_LEADER,
}
MINUTES = "会议通报了秋季开学以来控辍保学情况。\n各成员单位汇报了工作进展。\n会议研究了存在的问题。"


def tell(county: County, now: datetime) -> None:
    """What bodies have put in writing, with gaps, and the conference of the county."""
    townships = [county.township_of(region) for region in county.townships]
    schools = [school for school, _of in county.schools]
    for body in (county.bureau, *townships[::2], *schools[1::2]):
        _papers(county, body, now)
    _conference(county, townships, now)


def _leader(county: County, body: Agency, moment: datetime) -> Scope:
    post = county.post(body, LEADERS[AgencyKind(body.kind)])
    scope = acting(post, moment.astimezone(CHINA).date())
    return replace(scope, name=post.user.name)


def _papers(county: County, body: Agency, now: datetime) -> None:
    """Group with its first leader, letter of the year, a plan where one is owed, publicity."""
    scope = _leader(county, body, now)
    signed_on = date(scope.on.year, 1, 1) if scope.on.month < 3 else date(scope.on.year, 3, 1)

    def file(kind: CommitmentKind, title: str, **more: object) -> UUID:
        written = Written(kind, title, signed_on, **more)  # type: ignore[arg-type]
        paper = Paper(uuid4(), written)
        return commitments.file_paper(scope, body.public_id, paper, now).public_id

    group = file(CommitmentKind.GROUP, f"{body.name}控辍保学工作领导小组")
    first = Named("first", scope.name, "主要负责人", signed_on, "全面负责")
    commitments.name_member(scope, group, first, now)
    side = "school" if body.kind == AgencyKind.SCHOOL else "government"
    letter = {"year": scope.on.year, "side": side, "signer": scope.name}
    file(CommitmentKind.LETTER, f"{scope.on.year}年控辍保学目标责任书", **letter)
    if body.kind != AgencyKind.SCHOOL:
        plan = {"year": scope.on.year, "published_on": signed_on, "published_where": "政务公开栏"}
        file(CommitmentKind.PLAN, f"{scope.on.year}年控辍保学工作方案", **plan)
    done = Activity(
        uuid4(), signed_on, "meeting", ("compulsory", "minors"), body.name, 320, "法治宣传活动"
    )
    commitments.log_publicity(scope, body.public_id, done, now)


def _conference(county: County, townships: list[Agency], now: datetime) -> None:
    """Held a month ago with two decisions, one of them late; the next one is planned."""
    then = now - HELD_BEFORE
    scope = _leader(county, county.bureau, then)
    row = conferences.set_up(scope, f"{county.region.name}控辍保学联席会议", then)
    for role, body in _seated(county, townships):
        post = county.post(body, LEADERS.get(AgencyKind(body.kind), Position.AGENCY_STAFF))
        place = Place(body.public_id, role, post.user.name, post.title, scope.on)
        conferences.fill_seat(scope, row.public_id, place, then)
    _held(scope, row, townships, then)
    today = _leader(county, county.bureau, now)
    coming = Planned(uuid4(), today.on + NEXT_IN, "县政府三楼会议室")
    conferences.plan(today, row.public_id, coming, now)


def _seated(county: County, townships: list[Agency]) -> list[tuple[str, Agency]]:
    """The government convenes, the bureau keeps the office; the other bodies and townships sit."""
    bodies = {kind: one for (kind, path), one in county.at.items() if path == county.region.path}
    first = [
        ("convener", bodies.pop(AgencyKind.COUNTY)),
        ("office", bodies.pop(AgencyKind.BUREAU)),
    ]
    return first + [("member", one) for one in (*bodies.values(), *townships)]


def _held(scope: Scope, row: Conference, townships: list[Agency], then: datetime) -> None:
    wanted = Planned(uuid4(), scope.on, "县政府三楼会议室")
    meeting = conferences.plan(scope, row.public_id, wanted, then).public_id
    presence = {seat.pk: "present" for seat in queries.seats_on(row, scope.on)}
    held = Held(scope.on, "分管副县长", MINUTES, presence, {})
    conference_minutes.hold(scope, meeting, held, then)
    for body, text, days in (
        (townships[0], "核实去向不明儿童，逐一上门。", 20),
        (row.host, "下发寄宿生补助。", 45),
    ):
        charge = Charge(uuid4(), text, body.public_id, scope.on + timedelta(days=days))
        decisions.decide(scope, meeting, charge, then)
    conference_minutes.sign(scope, meeting, then)
