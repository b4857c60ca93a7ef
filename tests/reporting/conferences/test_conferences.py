"""The joint conference through its services: agenda, obligations, decisions, frozen minutes."""

from datetime import date
from uuid import uuid4

import pytest

from agencies import clock
from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation
from agencies.queries import conferences as queries
from agencies.rules.obligations import ObligationKind
from agencies.services import conferences, decisions
from agencies.services.decisions import Charge
from reporting.documents.paper import from_json
from reporting.documents.pdf import pdf
from reporting.models import Alert
from reporting.queries import agenda
from reporting.queries.meeting import points_of
from reporting.services import conference_minutes
from tests.reporting.conferences.meetings import SINCE, decide, hold, plan, set_up
from tests.support.duties import owe


def _now():
    """For tests whose argument clock moves the time."""
    return clock.now()


def sources(points) -> list[str]:
    return [point.source.value for point in points]


def owed(kind: ObligationKind, host):
    return Obligation.objects.filter(kind=kind, owed_by=host).order_by("starts_on", "pk")


def test_the_next_meeting_is_owed_by_the_interval_of_the_county(world, clock):
    row = set_up(world)
    first = owed(ObligationKind.CONFERENCE, world.bureau).get()
    assert (first.starts_on, first.due_on) == (date(2026, 10, 12), date(2027, 1, 11))
    clock("2026-10-13T08:00:00+08:00")
    hold(world, plan(world, row))
    first.refresh_from_db()
    second = owed(ObligationKind.CONFERENCE, world.bureau).last()
    assert (first.met_at is not None, first.late) == (True, False)
    assert (second.pk != first.pk, second.starts_on) == (True, date(2026, 10, 13))


def test_the_agenda_fills_itself_with_what_is_open(world):
    row = set_up(world)
    meeting = plan(world, row)
    assert "late" not in sources(points_of(meeting, clock.now()))
    owe(world, school=world.school)
    owe(world, school=world.other_school)
    Alert.objects.create(
        county=world.county, kind="township", key=world.township.code, name="大峃镇",
        path=world.township.path, school_year=2025, stage="primary", reason="above_line",
        found_on=SINCE, evidence={"shown": "0.91%"},
    )  # fmt: skip
    points = points_of(meeting, clock.now())
    assert sources(points)[0] == "late"
    assert sources(points)[-1] == "alerts"
    late = dict(points[0].lines)["开学全面清查"]
    assert late.startswith("2项，最早应于2026-09-0")
    assert world.school.name in late
    assert points[-1].lines[0][0].startswith("大峃镇（小学")
    assert all(pupil.name not in str(points) for pupil in world.pupils)


def test_a_township_sees_only_its_own_area_in_its_agenda(world):
    owe(world, school=world.school)
    owe(world, school=world.other_school)
    row = set_up(world, "township_leader")
    late = agenda.points(row, clock.now())[0]
    assert world.school.name in str(late)
    assert world.other_school.name not in str(late)


def test_the_next_meeting_opens_with_what_is_not_carried_out(world, clock):
    row = set_up(world)
    first = hold(world, plan(world, row))
    decision = decide(world, first, date(2026, 10, 30))
    decide(world, first, date(2026, 11, 30), "发放助学金", world.bureau)
    conference_minutes.sign(world.scope("bureau_leader"), first.public_id, _now())
    owed_by_police = owed(ObligationKind.DECISION, decision.owner).get()
    assert (owed_by_police.due_on, owed_by_police.owed_to) == (date(2026, 10, 30), world.bureau)
    decisions.carry_out(world.scope("agency_staff"), decision.public_id, "已取缔两家。", _now())
    clock("2026-12-01T08:00:00+08:00")
    second = plan(world, row)
    opening = points_of(second, _now())[0]
    assert opening.source == "decisions"
    assert opening.lines == (("第1次会议第2项：发放助学金", "县教育局，2026-11-30前完成，已逾期"),)
    owed_by_police.refresh_from_db()
    assert owed_by_police.late is False
    held = hold(world, second)
    decisions.carry_out(
        world.scope("bureau_leader"), queries.unfinished(row).get().public_id, "已发放。", _now()
    )
    assert points_of(held, _now())[0].lines == opening.lines  # as it stood in the meeting


def test_signed_minutes_stand_for_good(world):
    row = set_up(world)
    meeting = hold(world, plan(world, row))
    kept = decide(world, meeting, date(2026, 10, 30))
    gone = decide(world, meeting, date(2026, 10, 30), "重复的一项")
    scope = world.scope("bureau_leader")
    decisions.withdraw(scope, gone.public_id, "重复", clock.now())
    signed = conference_minutes.sign(scope, meeting.public_id, clock.now())
    paper = from_json(signed.paper)
    assert paper.title == "控辍保学联席会议第1次会议纪要"
    assert paper.tables[-1].rows == (("1", kept.text, kept.owner.name, "2026-10-30"),)
    assert {one.label: one.value for one in paper.figures}["实到单位"] == 3
    assert pdf(paper).startswith(b"%PDF")
    for change in (
        lambda: decide(world, meeting, date(2026, 11, 1)),
        lambda: conferences.write_minutes(scope, meeting.public_id, "另一种说法", clock.now()),
        lambda: conference_minutes.sign(scope, meeting.public_id, clock.now()),
    ):
        with pytest.raises(NotPossible):
            change()


def test_minutes_need_a_text_and_a_meeting_somebody(world):
    meeting = plan(world, set_up(world))
    with pytest.raises(RuleBroken):
        hold(world, meeting, presence={})
    held = hold(world, meeting, minutes="")
    with pytest.raises(RuleBroken):
        conference_minutes.sign(world.scope("bureau_leader"), held.public_id, clock.now())


def test_a_meeting_names_officials_but_no_child(world):
    scope, child = world.scope("bureau_leader"), world.pupils[0].name
    meeting = plan(world, set_up(world))
    key, now = meeting.public_id, clock.now()
    refused = [
        lambda: conference_minutes.add_point(scope, key, f"{child}的情况", now),
        lambda: hold(world, meeting, minutes=f"研究了{child}的情况。"),
    ]
    for deed in refused:
        with pytest.raises(RuleBroken, match="person"):
            deed()
    assert meeting.agenda.count() == 0
    leader = world.posts["bureau_leader"].user.name
    hold(world, meeting, minutes=f"{leader}通报了情况。")
    charge = Charge(uuid4(), f"劝返{child}", world.bureau.public_id, date(2026, 12, 1))
    for deed in (
        lambda: conference_minutes.write_minutes(scope, key, f"{child}未到校。", now),
        lambda: conference_minutes.decide(scope, key, charge, now),
    ):
        with pytest.raises(RuleBroken, match="person"):
            deed()
    assert meeting.decisions.count() == 0
    done = decide(world, meeting, date(2026, 12, 1)).public_id
    with pytest.raises(RuleBroken, match="person"):
        conference_minutes.carry_out(scope, done, f"{child}已返校", now)


def test_nobody_sits_twice_for_one_body(world):
    row = set_up(world)
    again = conferences.Place(world.school.public_id, "deputy", "王某 ", "校长", SINCE)
    with pytest.raises(RuleBroken, match="taken"):
        conferences.fill_seat(world.scope("bureau_leader"), row.public_id, again, clock.now())


def test_one_meeting_at_a_time_and_a_cancelled_one_leaves_the_duty(world):
    row = set_up(world)
    meeting = plan(world, row)
    with pytest.raises(NotPossible):
        plan(world, row)
    conferences.cancel(world.scope("bureau_leader"), meeting.public_id, "召集人外出", clock.now())
    assert owed(ObligationKind.CONFERENCE, world.bureau).get().met_at is None
    assert plan(world, row).number == 2


def test_a_new_convener_takes_over(world):
    row = set_up(world)
    scope = world.scope("bureau_leader")
    place = conferences.Place(world.bureau.public_id, "convener", "李某", "副县长", SINCE)
    with pytest.raises(RuleBroken):
        conferences.fill_seat(scope, row.public_id, place, clock.now())
    later = conferences.Place(
        world.bureau.public_id, "convener", "李某", "副县长", date(2026, 10, 1)
    )
    conferences.fill_seat(scope, row.public_id, later, clock.now())
    ends = row.seats.filter(role="convener").order_by("pk").values_list("ends_on", flat=True)
    assert list(ends) == [date(2026, 9, 30), None]


def test_who_sees_and_who_runs_it(world):
    row = set_up(world)
    meeting = hold(world, plan(world, row))
    decision = decide(world, meeting, date(2026, 10, 30), owner=world.town_hall)
    assert queries.conference_for(world.scope("agency_staff"), row.public_id) == row
    assert queries.conference_for(world.scope("township_cadre"), row.public_id) == row  # charged
    for stranger in ("other_cadre", "second_leader", "village_cadre"):
        with pytest.raises(NotVisible):
            queries.conference_for(world.scope(stranger), row.public_id)
    with pytest.raises(NotPermitted):
        decisions.carry_out(world.scope("agency_staff"), decision.public_id, "x", clock.now())
    with pytest.raises(NotPermitted):
        conferences.write_minutes(
            world.scope("township_cadre"), meeting.public_id, "x", clock.now()
        )
    with pytest.raises(RuleBroken):
        decisions.carry_out(world.scope("township_cadre"), decision.public_id, " ", clock.now())
    with pytest.raises(NotPossible):  # the bureau has its conference
        conferences.set_up(world.scope("bureau_staff"), "又一个", clock.now())
