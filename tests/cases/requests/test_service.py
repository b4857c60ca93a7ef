"""Requests through the service: frozen, numbered, owed, told, and over when the case is."""

import uuid
from datetime import date

import pytest

from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import AuditEvent, Notice, Obligation, StoredFile
from cases.models import CaseEvent, HelpRequest, RequestStep
from cases.rules.requests import Answer, Move
from cases.rules.workflow import Action
from cases.services import actions, requests
from cases.services.actions import Order
from cases.services.requests import Ask
from students.models import Student
from tests.cases.requests.county import LABOUR, NOON, TODAY, asked, bodies, case_of, order, take
from tests.support.rolls import at
from tests.support.world import World


@pytest.fixture
def case(world: World):
    bodies(world)
    return case_of(world)


@pytest.fixture
def labour(world: World, case):
    return world.posts["labour"].agency


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_asking_freezes_what_is_shared_numbers_it_and_owes_a_reply(world, case, labour):
    row = asked(world, case, labour)
    child = case.student
    assert row.shared == {
        "name": child.name,
        "sex": child.sex,
        "born_on": "2013-05-04",
        "id_number": child.id_number,
        "guardian": "张某（父亲）",
        "school": "大峃镇实验学校 七年级（3）班",
    }
    Student.objects.filter(pk=child.pk).update(name="改名")
    row.refresh_from_db()
    assert row.shared["name"] == "张梓涵"
    assert (row.number, row.state) == ("〔2026〕1号", "asked")
    owed = Obligation.objects.get(kind="request_reply")
    assert (owed.owed_by, owed.owed_to, owed.due_on) == (
        labour, world.town_hall, date(2026, 10, 19)
    )  # fmt: skip
    assert owed.href == f"/requests/{row.public_id}/"
    assert (row.obligation, owed.subject) == (owed, row.number)
    event = CaseEvent.objects.get(action="help_asked")
    assert event.note == "县人力资源和社会保障局〔2026〕1号：请依法查处并责令退回。"
    assert RequestStep.objects.get().state == "asked"


def test_the_same_client_id_is_one_request_and_each_body_has_its_own_numbers(world, case, labour):
    sent = Ask(uuid.uuid4(), "child_labour", labour.public_id, "查处", LABOUR)
    first = requests.ask(world.scope("township_cadre"), case.public_id, sent, NOON)
    assert requests.ask(world.scope("township_cadre"), case.public_id, sent, NOON) == first
    assert asked(world, case, labour).number == "〔2026〕2号"
    assert asked(world, case, labour, role="bureau_staff").number == "〔2026〕1号"
    assert HelpRequest.objects.count() == 3


def test_from_asking_to_done(world, case, labour):
    row = asked(world, case, labour)
    take(world, row, "labour", Move.ACCEPT)
    reply, doing = Obligation.objects.filter(kind__startswith="request").order_by("pk")
    assert (reply.met_at, reply.late) == (NOON, False)
    assert (doing.kind, doing.owed_by, doing.due_on) == ("request_done", labour, date(2026, 11, 9))
    late = at(date(2026, 11, 10), 9)
    take(world, row, "labour", Move.ANSWER, "已责令退回", answer=order(), now=late)
    doing.refresh_from_db()
    assert (doing.met_at, doing.late) == (late, True)
    take(world, row, "township_cadre", Move.DONE)
    row.refresh_from_db()
    assert (row.state, row.version, row.ended_at) == ("done", 4, NOON)
    said = [(step.state, step.outcome, step.paper_number) for step in row.steps.order_by("pk")]
    assert said == [
        ("asked", "", ""), ("accepted", "", ""),
        ("answered", "order_issued", "文人社监〔2026〕7号"), ("done", "", ""),
    ]  # fmt: skip
    actions_seen = CaseEvent.objects.filter(action__startswith="help_").order_by("pk")
    assert list(actions_seen.values_list("action", flat=True)) == [
        "help_asked", "help_accepted", "help_answered", "help_done"
    ]  # fmt: skip


def test_what_cannot_be_done_writes_nothing(world, case, labour):
    row = asked(world, case, labour)
    with pytest.raises(RuleBroken) as refused:
        take(world, row, "labour", Move.REFUSE)
    assert codes(refused) == ["reason"]
    with pytest.raises(NotPossible) as refused:
        take(world, row, "labour", Move.ANSWER, answer=order())
    assert codes(refused) == ["state"]
    take(world, row, "labour", Move.REFUSE, "不在本县，请找瑞安市人社局")
    with pytest.raises(NotPossible):
        take(world, row, "labour", Move.ANSWER, answer=order())
    with pytest.raises(NotPossible):
        take(world, row, "township_cadre", Move.WITHDRAW, "不用了")
    with pytest.raises(RuleBroken) as refused:
        asked(world, case, world.posts["health"].agency)
    assert codes(refused) == ["wrong_kind"]
    with pytest.raises(RuleBroken) as refused:
        asked(world, case, labour, place="瑞安")
    assert [reason.pointer for reason in refused.value.reasons] == ["/particulars/employer"]
    assert (HelpRequest.objects.count(), RequestStep.objects.count()) == (1, 2)


def test_who_may(world, case, labour):
    row = asked(world, case, labour)
    for role in ("teacher", "school_leader", "village_cadre"):
        with pytest.raises(NotPermitted):
            asked(world, case, labour, role=role)
    with pytest.raises(NotVisible):
        asked(world, case, labour, role="other_cadre")
    for role in ("civil_affairs", "agency_staff"):
        with pytest.raises(NotVisible):
            take(world, row, role, Move.ACCEPT)
    with pytest.raises(NotPermitted):
        take(world, row, "township_cadre", Move.ACCEPT)
    by_bureau = asked(world, case, labour, role="bureau_staff")
    with pytest.raises(NotPermitted) as refused:
        take(world, by_bureau, "township_cadre", Move.WITHDRAW, "不用了")
    assert codes(refused) == ["not_your_request"]
    assert take(world, row, "bureau_leader", Move.WITHDRAW, "已找到").state == "withdrawn"


def test_two_people_at_one_request(world, case, labour):
    row = asked(world, case, labour)
    take(world, row, "labour", Move.ACCEPT, version=1)
    with pytest.raises(Conflict) as refused:
        take(world, row, "labour", Move.REFUSE, "不管", version=1)
    assert refused.value.current["state"] == "accepted"


def test_a_child_of_16_is_no_child_labour(world, case, labour):
    Student.objects.filter(pk=case.student_id).update(born_on=date(2010, 10, 12))
    with pytest.raises(RuleBroken) as refused:
        asked(world, case, labour)
    assert codes(refused) == ["old_enough_to_work"]
    Student.objects.filter(pk=case.student_id).update(born_on=date(2010, 10, 13))
    assert asked(world, case, labour).state == "asked"


def test_the_end_of_the_case_ends_its_requests_and_leaves_no_clock(world, case, labour, clock):
    row = asked(world, case, labour)
    other = asked(world, case, labour)
    take(world, other, "labour", Move.ACCEPT)
    clock("2026-10-12T13:00:00+08:00")
    order_ = Order(TODAY, "在家，情况不实")
    actions.act(world.scope("township_cadre"), case.public_id, Action.DISMISS, order_, NOON)
    assert not Obligation.objects.open().filter(kind__startswith="request").exists()
    with pytest.raises(NotPossible) as refused:
        take(world, row, "labour", Move.ACCEPT)
    assert codes(refused) == ["ended"]
    assert not HelpRequest.objects.running().exists()
    with pytest.raises(NotPossible):
        asked(world, case, labour)


def test_the_withdrawal_waives_what_was_owed(world, case, labour):
    row = asked(world, case, labour)
    take(world, row, "township_cadre", Move.WITHDRAW, "孩子已回校")
    owed = Obligation.objects.get(kind="request_reply")
    assert owed.waived_because == "the request was withdrawn"


def test_each_step_is_told_to_the_other_side_without_a_name(world, case, labour):
    row = asked(world, case, labour)
    take(world, row, "labour", Move.ACCEPT)
    take(world, row, "labour", Move.ANSWER, f"{case.student.name}已送回", answer=order())
    told = Notice.objects.filter(kind="request").order_by("pk")
    assert [(one.agency, one.params["state"]) for one in told] == [
        (labour, "asked"), (world.town_hall, "accepted"), (world.town_hall, "answered")
    ]  # fmt: skip
    for one in told:
        assert set(one.params) == {"number", "body", "state"}
        assert case.student.name not in f"{one.params}{one.href}"


def test_the_access_log_holds_names_of_fields_and_no_values(world, case, labour):
    asked(world, case, labour)
    event = AuditEvent.objects.get(verb="request.ask")
    assert "id_number" in event.detail["fields"]
    assert case.student.id_number not in str(event.detail)


def test_a_scan_comes_with_the_answer_and_a_program_does_not(world, case, labour):
    row = asked(world, case, labour)
    take(world, row, "labour", Move.ACCEPT)
    with pytest.raises(RuleBroken) as refused:
        take(world, row, "labour", Move.ANSWER, answer=order(), file=b"MZ\x90\x00 a program")
    assert refused.value.reasons[0].pointer == "/file"
    assert not StoredFile.objects.exists()
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    take(world, row, "labour", Move.ANSWER, answer=order(), file=pdf)
    assert row.steps.get(state="answered").file.media_type == "application/pdf"


def test_a_day_of_an_outcome_is_kept(world, case, labour):
    row = asked(world, case, labour)
    take(world, row, "labour", Move.ACCEPT)
    take(world, row, "labour", Move.ANSWER, answer=Answer("sent_back", "", TODAY))
    assert row.steps.get(state="answered").particulars == {"day": "2026-10-12"}


def test_the_same_is_not_asked_again_while_it_runs(world, case, labour):
    """Back in a browser, what was typed stands in a new form with a client id of its own."""
    row = asked(world, case, labour)

    def again(**particulars: str) -> None:
        given = LABOUR | particulars
        sent = Ask(uuid.uuid4(), "child_labour", labour.public_id, row.asked + " ", given)
        requests.ask(world.scope("township_cadre"), case.public_id, sent, at(TODAY, 14))

    with pytest.raises(RuleBroken) as refused:
        again()
    assert codes(refused) == ["same"]
    assert row.number in str(refused.value.reasons[0].text)
    again(employer="另一家鞋厂")
    take(world, row, "township_cadre", Move.WITHDRAW, "提错了")
    again()
    assert HelpRequest.objects.count() == 3
