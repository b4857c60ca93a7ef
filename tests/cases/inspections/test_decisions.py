"""An inspection that a joint conference decided: planned from the decision, shown there, its proof."""

from datetime import date

import pytest

from agencies import clock
from agencies.errors import NotPermitted, NotPossible, RuleBroken
from agencies.models import Decision
from agencies.services import decisions
from cases.models import Inspection
from cases.rules.inspections import Deed
from cases.services import inspections
from reporting.queries.meeting import points_of
from reporting.services import conference_minutes
from tests.cases.inspections.county import NOON, bodies, found, held, place, planned, take
from tests.reporting.conferences import meetings
from tests.support.clients import api, browser
from tests.support.world import World

LAST_DAY = date(2026, 10, 30)


@pytest.fixture
def decision(world) -> Decision:
    others = bodies(world)
    meeting = meetings.hold(world, meetings.plan(world, meetings.set_up(world)))
    return meetings.decide(world, meeting, LAST_DAY, owner=others["culture"])


@pytest.fixture
def row(world, decision) -> Inspection:
    joined = (decision.owner.public_id, world.posts["agency_staff"].agency.public_id)
    return planned(world, place(world), others=joined, decision=decision.public_id)


def closed(world: World, row: Inspection) -> Inspection:
    held(world, row)
    take(world, found(world, row, "other"), Deed.WITHDRAW)
    return inspections.close(world.scope("bureau_staff"), row.public_id, NOON)


def test_only_an_open_decision_can_be_carried_out_by_an_inspection(world, decision, row):
    assert row.decision == decision
    decisions.carry_out(world.scope("culture"), decision.public_id, "已完成", NOON)
    with pytest.raises(RuleBroken) as refused:
        planned(world, row.venue, others=(decision.owner.public_id,), decision=decision.public_id)
    assert [one.pointer for one in refused.value.reasons] == ["/decision"]


def test_its_owner_reports_the_decision_done_by_the_closed_inspection(world, decision, row):
    with pytest.raises(NotPossible):
        inspections.report_decision(world.scope("culture"), row.public_id, NOON)
    closed(world, row)
    with pytest.raises(NotPermitted):
        inspections.report_decision(world.scope("agency_staff"), row.public_id, NOON)
    inspections.report_decision(world.scope("culture"), row.public_id, NOON)
    decision.refresh_from_db()
    assert (decision.state, decision.obligation.met_at) == ("done", NOON)
    assert "2026-001" in decision.outcome
    assert "明德读经班" in decision.outcome
    leader = world.scope("bureau_leader")
    conference_minutes.sign(leader, decision.meeting.public_id, clock.now())
    following = meetings.plan(world, decision.meeting.conference)
    done = [one for one in points_of(following, clock.now()) if one.source.value == "done"]
    assert ["已完成" in how and "2026-001" in how for _what, how in done[0].lines] == [True]


def test_the_meeting_shows_its_inspections_and_one_click_reports_the_decision(world, decision, row):
    closed(world, row)
    owner = browser(world, "culture")
    there = f"/meetings/{decision.meeting.public_id}/"
    text = owner.get(there).content.decode()
    assert f"/inspections/{row.public_id}/" in text
    assert f"/inspections/{row.public_id}/report-decision/" in text
    shown = owner.get(f"/inspections/{row.public_id}/").content.decode()
    assert f"{there}#decision-1" in shown
    assert owner.post(f"/inspections/{row.public_id}/report-decision/").url == there
    decision.refresh_from_db()
    assert decision.state == "done"
    again = owner.post(f"/inspections/{row.public_id}/report-decision/")
    assert again.status_code == 422
    assert api(world, "culture").get(f"/api/v1/inspections/{row.public_id}/").json()[
        "decision"
    ] == str(decision.public_id)


def test_an_inspection_is_planned_from_the_page_of_the_meeting(world, decision):
    bureau = browser(world, "bureau_staff")
    link = f"/inspections/new/?decision={decision.public_id}"
    meeting = bureau.get(f"/meetings/{decision.meeting.public_id}/").content.decode()
    assert link in meeting
    venue, where = place(world), "venue"
    text = bureau.get(link).content.decode()
    assert f'<option value="{decision.public_id}" selected>' in text
    assert f'<option value="{where}:{venue.public_id}">' in text
    form = {
        "client_id": "0199f5a0-0000-7000-8000-000000000001",
        "place": f"{where}:{venue.public_id}",
        "topic": "training",
        "planned_on": "2026-10-12",
        "bodies": [str(decision.owner.public_id)],
        "decision": str(decision.public_id),
    }
    bureau.post(link, form)
    assert Inspection.objects.get().decision == decision
