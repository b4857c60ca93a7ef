"""Joint work and accountability are told through the outbox, to whom they concern, without persons."""

from datetime import date, datetime

from agencies import clock
from agencies.models import Delivery, Notice
from agencies.queries.calendars import working_calendar
from agencies.queries.wording import wording
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind
from agencies.services import conferences, dispatch
from cases.rules.workflow import State
from cases.services import inspections
from reporting.rules.talks import TalkDeed
from reporting.services import alerts
from tests.cases.inspections.county import NOON, bodies, place, planned
from tests.reporting.accountability.steps import called, take
from tests.reporting.conferences import meetings
from tests.reporting.county import FRIDAY, case
from tests.support.world import World

MORNING = datetime(2026, 10, 12, 3, 0, tzinfo=CHINA)


def told(kind: NoticeKind) -> list[tuple[str, str]]:
    """Each notice: whom it goes to, and its first line in Chinese."""
    rows = Notice.objects.filter(kind=kind).select_related("agency", "post__agency", "obligation")
    found = []
    for row in rows.order_by("pk"):
        to = row.agency or row.post.agency
        found.append((to.name, wording(row, working_calendar(), "zh-hans").whole))
    return found


def people() -> set[str]:
    dispatch.expand(clock.now())
    return set(Delivery.objects.values_list("user__username", flat=True))


def test_an_alert_is_told_to_the_bureau_and_to_who_answers_for_the_unit(world: World) -> None:
    case(world.pupils[0], State.CONFIRMED, FRIDAY)
    alerts.sweep(MORNING)
    alerts.sweep(MORNING)
    found = told(NoticeKind.ALERT)
    town = [to for to, words in found if "大峃镇（初中" in words]
    assert sorted(town) == sorted([world.bureau.name, world.town_hall.name])
    assert all("超过控制线" in words and "张梓涵" not in words for _to, words in found)
    assert len(found) == len(set(found))
    assert {"bureau_leader", "township_leader", "school_leader"} <= people()


def test_members_are_told_of_a_meeting_its_move_and_its_end(world: World) -> None:
    meeting = meetings.plan(world, meetings.set_up(world))
    scope = world.scope("bureau_leader")
    conferences.move(scope, meeting.public_id, date(2026, 10, 15), "二楼会议室", clock.now())
    conferences.cancel(scope, meeting.public_id, "防汛", clock.now())
    police = [words for to, words in told(NoticeKind.MEETING) if to == "大峃派出所"]
    assert ["2026-10-12" in police[0], "县政府会议室" in police[0]] == [True, True]
    assert ["2026-10-15" in police[1], "二楼会议室" in police[1]] == [True, True]
    assert "取消" in police[2]
    assert len(told(NoticeKind.MEETING)) == 3 * 3
    assert {"agency_staff", "school_leader"} <= people()


def test_bodies_that_take_part_are_told_of_an_inspection_and_of_its_end(world: World) -> None:
    others = bodies(world)
    row = planned(world, place(world), others=(others["culture"].public_id,))
    inspections.cancel(world.scope("bureau_staff"), row.public_id, "台风", NOON)
    found = told(NoticeKind.INSPECTION)
    assert [to for to, _words in found] == [others["culture"].name] * 2
    assert ["2026-10-12" in found[0][1], "取消" in found[1][1]] == [True, True]
    assert not any("读经" in words for _to, words in found)


def test_a_leader_is_told_of_a_talk_and_that_it_was_called_off(world: World) -> None:
    talk = called(world)
    take(world, talk, TalkDeed.CANCEL, text="已整改")
    found = told(NoticeKind.TALK)
    assert [to for to, _words in found] == [world.town_hall.name] * 2
    assert [talk.number in words for _to, words in found] == [True, True]
    assert "取消" in found[1][1]
    assert people() == {"township_leader"}
