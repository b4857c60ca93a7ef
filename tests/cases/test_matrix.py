"""Role by act, through the API: who carries the duty gets on, nobody else does.

The table is cases/rules/acts.py; the duties of each position are agencies/rules/duties.py.
"""

import io
import uuid
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from agencies.rules.duties import DUTIES
from agencies.services import stored_files
from agencies.services.stored_files import Content
from cases.models import Case, CasePaper, Episode, HelpRequest, Visit
from cases.rules.acts import DUTY_OF, Deed
from cases.rules.workflow import MOVES, Action, State
from cases.services import actions, visits
from cases.services.actions import Order
from cases.services.visits import Report
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World

SEES = {
    "teacher",
    "school_leader",
    "township_leader",
    "township_cadre",
    "village_cadre",
    "bureau_staff",
    "bureau_leader",
}
STRANGERS = {"other_teacher", "other_cadre", "agency_staff", "system_admin"}
EVERYBODY = sorted(SEES | STRANGERS)
TODAY = date(2026, 10, 12)
ENTERED = {200, 201, 204, 400, 409, 422}  # the door is open, whatever the form still lacks


@dataclass(frozen=True)
class Door:
    """The address of an act. In path and body the ids of what stands there are filled in."""

    path: str
    body: dict = field(default_factory=dict)
    method: str = "post"


DOORS: dict[Deed, Door] = {
    Deed.OPEN: Door("cases/", {"student": "{student}", "origin": "tip"}),
    Deed.CHANGE_TEAM: Door("cases/{case}/team/", {"seats": {}}, "put"),
    Deed.ADD_PHOTO: Door("cases/{case}/visits/{visit}/photos/"),
    Deed.PLAN: Door("cases/{case}/plan/", {"version": 0, "causes": []}, "put"),
    Deed.APPROVE_PLAN: Door("cases/{case}/plan/approve/", {"version": 0}),
    Deed.ASSIST: Door(
        "cases/{case}/assistance/", {"kind": "meals", "what": "午餐", "starts_on": "2026-10-12"}
    ),
    Deed.LEGAL_STEP: Door("cases/{case}/ladder/steps/", {"client_id": "{other}"}),
    Deed.ISSUE_PAPER: Door(
        "cases/{case}/papers/", {"client_id": "{other}", "kind": "persuasion_notice"}
    ),
    Deed.SERVE_PAPER: Door(
        "cases/{case}/papers/{paper}/services/", {"method": "direct", "served_on": "2026-10-12"}
    ),
    Deed.ASK_AGENCY: Door(
        "cases/{case}/requests/",
        {"client_id": "{other}", "matter": "search", "to": "{other}", "asked": "请协助查找"},
    ),
    Deed.ANSWER_REQUEST: Door("requests/{request}/accept/", {"text": "已受理"}),
    Deed.OUTSIDE_NOTICE: Door(
        "cases/{case}/outside/", {"client_id": "{other}", "why": "is_there", "authority": "甲县"}
    ),
    Deed.CATCH_UP: Door("cases/{case}/catch-up/", {"what": "数学"}),
}


@pytest.fixture
def case(world: World, clock) -> Case:
    """A confirmed dropout that has been visited once."""
    case = absent_for_four_days(world)
    clock("2026-10-12T12:00")
    cadre, now = world.scope("township_cadre"), at(TODAY, 12)
    actions.act(cadre, case.public_id, Action.CONFIRM, Order(TODAY), now)
    sent = Report(uuid.uuid4(), at(TODAY, 11), "home", "guardian", "promised")
    visits.record(cadre, case.public_id, sent, now)
    return case


@pytest.fixture
def ids(world: World, case: Case) -> dict[str, object]:
    """What the addresses name: a paper that was issued, a request to the police."""
    now, cadre = at(TODAY, 12), world.posts["township_cadre"]
    file = stored_files.store(
        world.county.pk, Content("x.pdf", "application/pdf", b"%PDF"), cadre.pk, now
    )
    paper = CasePaper.objects.create(
        county=world.county, case=case, episode=1, kind="persuasion_notice", year=2026, serial=99,
        agency=world.town_hall, number="1", title="x", facts={}, facts_digest="x", pdf=file,
        issued_on=TODAY, issued_at=now, issued_by=cadre, client_id=uuid.uuid4(),
    )  # fmt: skip
    request = HelpRequest.objects.create(
        county=world.county, case=case, episode=1, number="1", matter="search", by=cadre,
        to=world.posts["agency_staff"].agency, asked="x", asked_at=now, client_id=uuid.uuid4(),
    )  # fmt: skip
    return {
        "case": case.public_id,
        "student": world.pupils[0].public_id,
        "visit": Visit.objects.latest("pk").public_id,
        "paper": paper.public_id,
        "request": request.public_id,
        "other": uuid.uuid4(),
    }


def expected(world: World, role: str, act: Action | Deed) -> set[int]:
    carries = DUTY_OF[act] in DUTIES[world.posts[role].position]
    if act is Deed.ADD_PHOTO and role in SEES:  # to a visit that the person has recorded
        return ENTERED if role == "township_cadre" else {403}
    sees = SEES | {"agency_staff"} if act is Deed.ANSWER_REQUEST else SEES
    if role in sees:
        return ENTERED if carries else {403}
    return {404} if carries else {403, 404}


def knock(world: World, ids: dict[str, object], role: str, door: Door) -> int:
    """The status that the role gets; what it has changed is undone."""
    body = {k: v.format(**ids) if isinstance(v, str) else v for k, v in door.body.items()}
    how = "json"
    if door.path.endswith("photos/"):
        how, body = "multipart", {"photos": SimpleUploadedFile("x.png", picture())}
    client = api(world, role)
    with transaction.atomic():
        send = getattr(client, door.method)
        status = send(f"/api/v1/{door.path.format(**ids)}", body, format=how).status_code
        transaction.set_rollback(True)
    return status


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(data, "PNG")
    return data.getvalue()


def wrong(world: World, act: Action | Deed, got: dict[str, int]) -> dict[str, int]:
    return {
        role: status for role, status in got.items() if status not in expected(world, role, act)
    }


def test_every_act_has_its_duty_and_every_deed_its_door():
    assert set(DUTY_OF) == {*Action, *Deed}
    assert {action: DUTY_OF[action] for action in Action} == {a: MOVES[a].duty for a in Action}
    assert set(DOORS) == set(Deed) - {Deed.SIGN_REPORT}  # a page of its own, below


@pytest.mark.parametrize("deed", DOORS)
def test_deeds(world, ids, deed):
    got = {role: knock(world, ids, role, DOORS[deed]) for role in EVERYBODY}
    assert wrong(world, deed, got) == {}


@pytest.mark.parametrize("action", Action)
def test_actions(world, ids, action):
    """From the first state in which the action is possible at all."""
    state = next(one for one in State if one in MOVES[action].sources)
    Case.objects.update(state=state)
    if state is State.END_REQUESTED:
        Episode.objects.update(ending="abroad", ending_proof="a letter", asked_from="confirmed")
    door = Door(f"cases/{{case}}/actions/{action}/", {"note": "why", "proof": "a letter"})
    if action is Action.VISIT:
        sent = {"client_id": "{other}", "at": "2026-10-12T10:00:00+08:00", "place": "home"}
        answers = {"reached": "guardian", "outcome": "promised"}
        door = Door("cases/{case}/visits/", {**sent, **answers})
    got = {role: knock(world, ids, role, door) for role in EVERYBODY}
    assert wrong(world, action, got) == {}
    possible = {
        Action.VERIFY, Action.CONFIRM, Action.DISMISS, Action.VISIT, Action.REFUSE_CLOSURE,
        Action.REFUSE_END, Action.REOPEN,
    }  # fmt: skip
    done = {status for role, status in got.items() if expected(world, role, action) == ENTERED}
    assert done == ({200} if action in possible - {Action.VISIT} else done)


def test_signing_for_a_report(world, case):
    """A page of its own, for the bodies that the report was sent to."""
    got = {}
    for role in EVERYBODY:
        to = "bureau" if role.startswith("bureau") else "home_township"
        with transaction.atomic():
            address = f"/cases/{case.public_id}/reports/{to}/received/"
            got[role] = browser(world, role).post(address).status_code
            transaction.set_rollback(True)
    got = {role: 200 if status == 302 else status for role, status in got.items()}
    assert wrong(world, Deed.SIGN_REPORT, got) == {}


def test_the_case_page_offers_what_the_table_allows(world, case):
    """The buttons of each role are the moves that it may do in this state."""
    for role in sorted(SEES):
        answer = api(world, role).get(f"/api/v1/cases/{case.public_id}/").json()
        offered = {one["action"] for one in answer["actions"] if one["possible"]}
        duties = DUTIES[world.posts[role].position]
        may = {a.value for a in Action if State.PERSUADING in MOVES[a].sources}
        assert offered == {a for a in may if DUTY_OF[Action(a)] in duties} - {"dismiss"}, role
