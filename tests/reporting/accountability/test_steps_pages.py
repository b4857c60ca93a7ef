"""The pages of talks and circulars: what was typed stays, who sees what, what is shown."""

import uuid

from reporting.models import Circular, Talk
from reporting.rules.talks import TalkDeed
from reporting.services import circulars
from tests.reporting.accountability.steps import (
    NOW,
    TOWN,
    alert,
    called,
    drawn,
    ordered,
    take,
    wanted,
)
from tests.reporting.county import FRIDAY, case
from tests.support.clients import browser
from tests.support.world import World


def form(world: World, **changed: object) -> dict[str, object]:
    return {
        "client_id": uuid.uuid4(),
        "position": "township_leader",
        "by": world.bureau.public_id,
        "planned_on": "2026-10-13",
        "reason": "超过控制线",
        **changed,
    }


def test_an_alert_leads_to_a_talk_with_its_figure_as_the_reason(world: World, clock) -> None:
    clock("2026-10-12T12:00:00+08:00")
    found = alert(world)
    client = browser(world, "bureau_staff")
    address = f"/talks/new/?alert={found.public_id}"
    assert address in client.get(f"/alerts/{found.public_id}/").content.decode()
    asked = client.get(address).content.decode()
    assert "16.67 % (1 / 6), line 1.80 %, as of 2026-10-12." in asked
    assert 'name="unit"' not in asked
    refused = client.post(address, form(world, planned_on="2026-10-11", reason="写过的话"))
    assert refused.status_code == 422
    assert "This day has passed already." in refused.content.decode()
    assert "写过的话" in refused.content.decode()
    assert client.post(address, form(world)).status_code == 302
    talk = Talk.objects.get()
    assert talk.alert == found
    assert f"/talks/{talk.public_id}/" in client.get(f"/alerts/{found.public_id}/").content.decode()
    assert talk.name in client.get("/talks/").content.decode()
    assert browser(world, "township_leader").get(address).status_code == 403


def test_a_report_answers_every_item(world: World, clock) -> None:
    clock("2026-10-12T12:00:00+08:00")
    talk = ordered(world, called(world))
    client = browser(world, "township_leader")
    page = client.get(f"/talks/{talk.public_id}/").content.decode()
    assert f"/talks/{talk.public_id}/report/" in page
    assert f"/talks/{talk.public_id}/recheck/" not in page
    typed = {"on": "2026-10-12", "report_1": "三户已上门", "report_2": ""}
    refused = client.post(f"/talks/{talk.public_id}/report/", typed)
    assert refused.status_code == 422
    assert "Say what was done about item 2." in refused.content.decode()
    assert "三户已上门" in refused.content.decode()
    done = client.post(f"/talks/{talk.public_id}/report/", typed | {"report_2": "已公示"})
    assert done.status_code == 302
    assert "已公示" in client.get(f"/talks/{talk.public_id}/").content.decode()


def test_steps_that_do_not_fit_lead_back_and_strangers_see_nothing(world: World, clock) -> None:
    clock("2026-10-12T12:00:00+08:00")
    talk = called(world)
    back = browser(world, "bureau_staff").get(f"/talks/{talk.public_id}/outcome/")
    assert (back.status_code, back.url) == (302, f"/talks/{talk.public_id}/")
    assert browser(world, "bureau_staff").get(f"/talks/{talk.public_id}/x/").status_code == 404
    for role, status in (("other_cadre", 404), ("second_leader", 404), ("teacher", 403)):
        assert browser(world, role).get(f"/talks/{talk.public_id}/").status_code == status
    assert "No talk here." in browser(world, "other_cadre").get("/talks/").content.decode()
    take(world, talk, TalkDeed.CANCEL)
    client = browser(world, "bureau_staff")
    assert talk.number not in client.get("/talks/").content.decode()
    assert talk.number in client.get("/talks/?state=cancelled").content.decode()


def test_a_changed_draft_shows_what_changed_and_cannot_be_issued(world: World, clock) -> None:
    clock("2026-10-12T12:00:00+08:00")
    alert(world)
    row = drawn(world)
    client = browser(world, "bureau_leader")
    address = f"/circulars/{row.public_id}/"
    assert "Issue it" in client.get(address).content.decode()
    case(world.pupils[1], "confirmed", FRIDAY)
    page = client.get(address).content.decode()
    assert "1 / 6 = 16.67 %" in page
    assert "2 / 6 = 33.33 %" in page
    assert "Issue it" not in page
    refused = client.post(f"{address}issue/", {"version": "1"})
    assert refused.status_code == 422
    assert "Figures have changed since they were drawn: 1." in refused.content.decode()
    typed = {"version": "1", "title": "通报", "text": "张梓涵辍学"}
    named = client.post(f"{address}redraw/", typed)
    assert named.status_code == 422
    assert "This would name or identify a person: 张梓涵" in named.content.decode()
    assert client.post(f"{address}redraw/", typed | {"text": "两名"}).status_code == 302
    assert client.post(f"{address}issue/", {"version": "2"}).status_code == 302
    assert Circular.objects.get().state == "issued"


def test_a_circular_is_drawn_and_signed_for(world: World, clock) -> None:
    clock("2026-10-12T12:00:00+08:00")
    alert(world)
    bureau = browser(world, "bureau_leader")
    new = bureau.get("/circulars/new/").content.decode()
    assert f'value="{TOWN}"' in new
    typed = {
        "client_id": uuid.uuid4(),
        "title": "通报",
        "text": "请各单位重视。",
        "measure": "ledger",
        "school_year": "2026",
        "units": [TOWN],
        "recipients": [str(world.school.public_id)],
    }
    refused = bureau.post("/circulars/new/", typed | {"units": []})
    assert refused.status_code == 422
    assert "请各单位重视。" in refused.content.decode()
    assert bureau.post("/circulars/new/", typed).status_code == 302
    row = Circular.objects.get()
    leader = browser(world, "school_leader")
    address = f"/circulars/{row.public_id}/"
    assert leader.get(address).status_code == 404
    bureau.post(f"{address}issue/", {"version": "1"})
    assert "Sign for it" in leader.get(address).content.decode()
    assert leader.post(f"{address}sign/").status_code == 302
    assert "Sign for it" not in leader.get(address).content.decode()
    assert "not signed for" not in bureau.get(address).content.decode()


def test_a_dropped_draft_leaves_the_list(world: World, clock) -> None:
    clock("2026-10-12T12:00:00+08:00")
    alert(world)
    row = circulars.draft(world.scope("bureau_staff"), wanted(world, title="将作废"), NOW)
    client = browser(world, "bureau_staff")
    assert "将作废" in client.get("/circulars/").content.decode()
    client.post(f"/circulars/{row.public_id}/drop/", {"version": "1"})
    assert "将作废" not in client.get("/circulars/").content.decode()
