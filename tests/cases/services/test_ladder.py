"""The legal ladder through the services: steps, service, the guardian's time, outcomes."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation
from agencies.rules import calendar_file
from agencies.services import calendars
from cases.models import CaseEvent, LegalStep, PaperService
from cases.queries import ladder as queries
from cases.rules.ladder import StepOutcome
from cases.rules.workflow import Action
from cases.services import actions, ladder, opening, service_of_papers
from cases.services.actions import Order
from cases.services.ladder import External, Outcome, StepOrder
from tests.agencies.rules.test_calendar_file import CONTENT
from tests.support.ladder import confirmed, scan, serve, step
from tests.support.rolls import at, take

D = date
CADRE = "township_cadre"


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def open_kinds() -> dict[str, Obligation]:
    legal = Obligation.objects.open().filter(kind__in=("paper_serve", "legal_next"))
    return {row.kind: row for row in legal.select_related("owed_by")}


def say(world, row, outcome, on, note="", role=CADRE):
    said = Outcome(StepOutcome(outcome), on, note)
    return ladder.record_outcome(
        world.scope(role), row.case.public_id, row.public_id, said, at(on, 17)
    )


@pytest.fixture
def case(world, clock):
    clock("2026-09-09T12:00:00+08:00")
    return confirmed(world)


@pytest.fixture
def signed(world, case, clock):
    """The case with a signed record of criticism."""
    clock("2026-09-10T12:00:00+08:00")
    serve(world, step(world, case, "criticism", D(2026, 9, 10)), D(2026, 9, 10))
    case.refresh_from_db()
    return case


@pytest.fixture
def order(world, signed, clock):
    clock("2026-09-11T12:00:00+08:00")
    return step(world, signed, "order", D(2026, 9, 11))


def test_the_whole_ladder(world, order, clock):
    case = order.case
    assert order.paper.number == "大峃政限改〔2026〕1号"
    assert (order.days, order.counting, order.served_on) == (7, "calendar_days", None)
    owed = open_kinds()
    assert owed["paper_serve"].owed_by == world.town_hall
    assert owed["paper_serve"].due_on == D(2026, 9, 21)  # 7 working days, 行政处罚法 85
    clock("2026-09-13T16:00:00+08:00")
    serve(world, order, D(2026, 9, 13))
    order.refresh_from_db()
    assert (order.served_on, order.ends_on) == (D(2026, 9, 13), D(2026, 9, 20))
    owed = open_kinds()
    assert "paper_serve" not in owed
    assert owed["legal_next"].starts_on == D(2026, 9, 20)
    assert owed["legal_next"].due_on == D(2026, 9, 23)
    clock("2026-09-20T23:00:00+08:00")
    with pytest.raises(NotPossible) as refused:
        step(world, case, "referral", D(2026, 9, 20), "bureau_staff")
    assert codes(refused) == ["period_runs"]
    clock("2026-09-21T12:00:00+08:00")
    with pytest.raises(NotPermitted) as refused:
        step(world, case, "referral", D(2026, 9, 21))
    assert codes(refused) == ["position"]
    referral = step(world, case, "referral", D(2026, 9, 21), "bureau_staff")
    order.refresh_from_db()
    assert (order.outcome, order.outcome_on) == ("not_complied", D(2026, 9, 21))
    assert referral.paper.addressee == "县司法局"
    titles = [row["title"] for row in referral.paper.facts["annexes"]]
    assert "责令限期改正通知书（大峃政限改〔2026〕1号）" in titles
    assert set(open_kinds()) == {"paper_serve"}
    assert open_kinds()["paper_serve"].owed_by == world.bureau
    paper = External(
        uuid.uuid4(), D(2026, 9, 21), "训诫书", "大峃派出所", "大公训〔2026〕9号", scan=scan()
    )
    made = ladder.record_external(world.scope(CADRE), case.public_id, paper, at(D(2026, 9, 21)))
    assert (made.rung.key, made.order, made.scan.media_type) == ("others", 4, "image/jpeg")
    done = say(world, made, "decided", D(2026, 9, 21), "大峃派出所训诫")
    assert done.outcome == "decided"
    event = CaseEvent.objects.get(action="legal_outcome")
    assert (event.note, event.detail) == ("训诫书：大峃派出所训诫", {"outcome": "decided"})


def test_no_receipt_no_clock_and_it_is_attached_once(world, order, clock):
    clock("2026-09-22T16:00:00+08:00")
    service = serve(world, order, D(2026, 9, 13), receipt=b"")
    order.refresh_from_db()
    assert (order.served_on, order.ends_on) == (None, None)
    assert set(open_kinds()) == {"paper_serve"}
    with pytest.raises(NotPossible) as refused:
        step(world, order.case, "referral", D(2026, 9, 22), "bureau_staff")
    assert codes(refused) == ["receipt"]
    scope = world.scope(CADRE)
    with pytest.raises(RuleBroken):
        service_of_papers.attach_receipt(
            scope, order.case.public_id, service.public_id, b"MZ program", at(D(2026, 9, 22))
        )
    now = at(D(2026, 9, 22), 17)
    service_of_papers.attach_receipt(scope, order.case.public_id, service.public_id, scan(), now)
    order.refresh_from_db()
    assert (order.served_on, order.ends_on) == (D(2026, 9, 13), D(2026, 9, 20))
    served = Obligation.objects.filter(kind="paper_serve").latest("pk")
    assert (served.met_at, served.late) == (now, True)  # due 09-21
    assert CaseEvent.objects.filter(action="receipt", note=order.paper.number).count() == 1
    with pytest.raises(NotPossible) as refused:
        service_of_papers.attach_receipt(
            scope, order.case.public_id, service.public_id, scan(), now
        )
    assert codes(refused) == ["has_receipt"]


def test_a_service_sent_again_with_its_receipt_gets_it(world, order, clock):
    clock("2026-09-13T16:00:00+08:00")
    first = serve(world, order, D(2026, 9, 13), receipt=b"")
    again = serve(world, order, D(2026, 9, 13))
    assert (again, again.receipt is None) == (first, False)
    assert serve(world, order, D(2026, 9, 13)).receipt == again.receipt
    order.refresh_from_db()
    assert order.ends_on == D(2026, 9, 20)


def test_the_record_says_that_the_talk_was_held_on_the_day_of_the_step(world, case, clock):
    clock("2026-09-10T12:00:00+08:00")
    row = step(world, case, "criticism", D(2026, 9, 9))
    assert (row.paper.issued_on, row.paper.facts["held_on"]) == (D(2026, 9, 9), "2026年9月9日")


def test_no_step_is_dated_before_the_service_of_the_one_before(world, signed, clock):
    clock("2026-09-11T12:00:00+08:00")
    with pytest.raises(NotPossible) as refused:
        step(world, signed, "order", D(2026, 9, 9))
    assert codes(refused) == ["before_service"]
    assert LegalStep.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"served_on": D(2026, 9, 10)}, ["before_paper"]),
        ({"served_on": D(2026, 9, 14)}, ["future"]),
        ({"method": "left", "witnesses": "王一", "note": "拒收"}, ["witnesses"]),
        ({"method": "failed", "note": "家中无人"}, ["receipt"]),
        ({"receipt": b"%PDF-1.4 nothing"}, None),
        ({"served_by": uuid.uuid4()}, ["post"]),
    ],
)
def test_bad_services_write_nothing(world, order, clock, change, expected):
    clock("2026-09-13T16:00:00+08:00")
    before = PaperService.objects.count()
    on = change.pop("served_on", D(2026, 9, 13))
    with pytest.raises(RuleBroken) as refused:
        serve(world, order, on, **change)
    assert expected is None or codes(refused) == expected
    assert PaperService.objects.count() == before


def test_an_attempt_in_vain_meets_nothing_and_a_second_way_counts(world, order, clock):
    clock("2026-09-14T16:00:00+08:00")
    failed = {"method": "failed", "note": "家中无人", "receipt": b"", "receiver": ""}
    first = serve(world, order, D(2026, 9, 13), **failed)
    assert serve(world, order, D(2026, 9, 13), **failed) == first  # sent twice
    assert set(open_kinds()) == {"paper_serve"}
    left = {"method": "left", "note": "拒收", "witnesses": "王一、李二", "receiver": ""}
    serve(world, order, D(2026, 9, 14), **left)
    order.refresh_from_db()
    assert order.ends_on == D(2026, 9, 21)
    with pytest.raises(NotPossible) as refused:
        serve(world, order, D(2026, 9, 14))
    assert codes(refused) == ["served"]


def test_a_notice_counts_after_thirty_days(world, order, clock):
    clock("2026-09-14T16:00:00+08:00")
    notice = {"method": "notice", "place": "县政府网站", "note": "下落不明", "receiver": ""}
    serve(world, order, D(2026, 9, 13), **notice)
    order.refresh_from_db()
    assert (order.served_on, order.ends_on) == (D(2026, 10, 13), D(2026, 10, 20))


def test_the_return_is_an_outcome_and_leaves_no_clock(world, order, clock):
    clock("2026-09-14T16:00:00+08:00")
    serve(world, order, D(2026, 9, 13))
    take(world, D(2026, 9, 14), {})
    actions.act(
        world.scope(CADRE), order.case.public_id, Action.RECORD_RETURN, Order(D(2026, 9, 14)),
        at(D(2026, 9, 14), 17),
    )  # fmt: skip
    order.refresh_from_db()
    assert (order.outcome, order.outcome_on) == ("complied", D(2026, 9, 14))
    assert open_kinds() == {}
    assert Obligation.objects.get(kind="legal_next").met_at is not None
    with pytest.raises(NotPossible) as refused:
        step(world, order.case, "referral", D(2026, 9, 14), "bureau_leader")
    assert codes(refused) == ["state", "complied"]


def test_the_return_before_the_service_waives_it(world, order, clock):
    clock("2026-09-14T16:00:00+08:00")
    take(world, D(2026, 9, 14), {})
    now = at(D(2026, 9, 14), 17)
    actions.act(
        world.scope(CADRE), order.case.public_id, Action.RECORD_RETURN, Order(D(2026, 9, 14)), now
    )
    waived = Obligation.objects.filter(kind="paper_serve").latest("pk")
    assert (waived.waived_at, waived.waived_because) == (now, "the child is back")


def test_a_closed_case_leaves_no_clock(world, order, clock):
    take(world, D(2026, 9, 2), {}, now=at(D(2026, 9, 11)))
    opening.follow_runs()
    act = Order(D(2026, 9, 11), "was in class")
    actions.act(
        world.scope(CADRE), order.case.public_id, Action.DISMISS, act, at(D(2026, 9, 11), 17)
    )
    assert open_kinds() == {}
    with pytest.raises(NotPossible) as refused:
        serve(world, order, D(2026, 9, 11))
    assert codes(refused) == ["state"]


def test_a_new_episode_begins_at_the_foot(world, order, clock):
    clock("2026-09-14T16:00:00+08:00")
    take(world, D(2026, 9, 14), {})
    scope, case_id = world.scope(CADRE), order.case.public_id
    now = at(D(2026, 9, 14), 17)
    actions.act(scope, case_id, Action.RECORD_RETURN, Order(D(2026, 9, 14)), now)
    actions.act(scope, case_id, Action.REOPEN, Order(D(2026, 9, 14), "又未到校"), now)
    actions.act(scope, case_id, Action.CONFIRM, Order(D(2026, 9, 14)), now)
    again = step(world, order.case, "criticism", D(2026, 9, 14))
    assert again.episode == 2
    assert LegalStep.objects.filter(case=order.case).count() == 3


def test_promised_keeps_the_clock_and_withdrawn_frees_the_rung(world, order, clock):
    clock("2026-09-14T16:00:00+08:00")
    serve(world, order, D(2026, 9, 13))
    say(world, order, "promised", D(2026, 9, 14))
    assert set(open_kinds()) == {"legal_next"}
    with pytest.raises(RuleBroken) as refused:
        say(world, order, "not_complied", D(2026, 9, 14))
    assert codes(refused) == ["period_runs"]
    with pytest.raises(RuleBroken) as refused:
        say(world, order, "withdrawn", D(2026, 9, 14))
    assert codes(refused) == ["note"]
    say(world, order, "withdrawn", D(2026, 9, 14), "姓名写错")
    assert open_kinds() == {}
    again = step(world, order.case, "order", D(2026, 9, 14))
    assert again.paper.number == "大峃政限改〔2026〕2号"
    with pytest.raises(RuleBroken) as refused:
        say(world, order, "promised", D(2026, 9, 14))
    assert codes(refused) == ["has_outcome"]


def test_every_reason_at_once_and_nothing_written(world, case, clock):
    with pytest.raises(NotPossible) as refused:
        step(world, case, "order", D(2026, 9, 10), facts={"facts": " "}, days=200)
    found = [(reason.code, reason.pointer) for reason in refused.value.reasons]
    assert found == [
        ("order", ""),
        ("future", "/on"),
        ("missing", "/facts/facts"),
        ("missing", "/facts/demand"),
        ("days", "/days"),
    ]
    with pytest.raises(RuleBroken) as refused:
        step(world, case, "criticism", D(2026, 9, 9), facts={})
    assert {reason.pointer for reason in refused.value.reasons} == {
        "/facts/facts", "/facts/place", "/facts/content", "/facts/answer",
    }  # fmt: skip
    assert not LegalStep.objects.exists()


def test_sent_twice_is_one_step_and_a_stale_version_is_told(world, case):
    sent = {"client_id": uuid.uuid4(), "version": case.version}
    first = step(world, case, "criticism", D(2026, 9, 9), **sent)
    assert step(world, case, "criticism", D(2026, 9, 9), **sent) == first
    with pytest.raises(Conflict):
        step(world, case, "order", D(2026, 9, 9), version=case.version)


def test_who_may(world, case):
    for role, error in (
        ("other_cadre", NotVisible),
        ("school_leader", NotPermitted),
        ("village_cadre", NotPermitted),
    ):
        with pytest.raises(error):
            step(world, case, "criticism", D(2026, 9, 9), role)
    with pytest.raises(NotVisible):
        ladder.take_step(
            world.scope(CADRE), case.public_id,
            StepOrder(uuid.uuid4(), D(2026, 9, 9), rung="nothing"), at(D(2026, 9, 9)),
        )  # fmt: skip


def test_a_step_outside_the_ladder(world, case):
    outside = StepOrder(
        uuid.uuid4(), D(2026, 9, 9), name="约谈", basis="县控辍保学实施方案 第三条",
        facts={"guardian": "张某", "facts": "约谈监护人"},
    )  # fmt: skip
    scope, now = world.scope(CADRE), at(D(2026, 9, 9), 12)
    with pytest.raises(RuleBroken) as refused:
        ladder.take_step(scope, case.public_id, outside, now)
    assert codes(refused) == ["basis_normative"]
    good = replace(outside, basis="教育督导条例 第二十五条")
    made = ladder.take_step(scope, case.public_id, good, now)
    assert (made.order, made.rung, made.paper, made.days) == (0, None, None, None)
    with_paper = replace(
        good, client_id=uuid.uuid4(), paper="order_to_return", days=5, counting="working_days",
        facts={"facts": "未到校", "demand": "送其复学"},
    )  # fmt: skip
    made = ladder.take_step(scope, case.public_id, with_paper, now)
    assert made.paper.facts["basis"] == "教育督导条例 第二十五条"
    assert (made.days, made.counting) == (5, "working_days")


def test_what_an_external_paper_has_to_say(world, case):
    scope = world.scope(CADRE)
    empty = External(uuid.uuid4(), D(2026, 9, 10), " ", "", "")
    with pytest.raises(RuleBroken) as refused:
        ladder.record_external(scope, case.public_id, empty, at(D(2026, 9, 9)))
    assert codes(refused) == ["future", "missing_name", "missing_issuer", "missing_number"]


def test_the_order_of_the_bureau_rests_on_the_law_for_education_authorities_too(
    world, signed, clock
):
    clock("2026-09-11T12:00:00+08:00")
    made = step(world, signed, "order", D(2026, 9, 11), "bureau_staff", days=15)
    assert "第八十三条第二款" in made.paper.facts["basis"]
    assert (made.days, made.paper.facts["days"], made.paper.number) == (
        15,
        "15",
        "文教限改〔2026〕1号",
    )
    serve(world, made, D(2026, 9, 11))
    made.refresh_from_db()
    assert made.ends_on == D(2026, 9, 28)  # 09-26 is a Saturday after 中秋


def test_a_calendar_that_comes_late_moves_the_last_day_and_what_is_owed(world, clock):
    clock("2026-12-28T12:00:00+08:00")
    case = confirmed(world)
    serve(world, step(world, case, "criticism", D(2026, 12, 28)), D(2026, 12, 28))
    order = step(world, case, "order", D(2026, 12, 28), days=4)
    serve(world, order, D(2026, 12, 28))
    order.refresh_from_db()
    assert order.ends_on == D(2027, 1, 1)  # a Friday; the year's notice is not loaded
    page = queries.ladder_page(world.scope(CADRE), case)
    assert [row.provisional for row in page.steps] == [False, True]
    holidays = {"2027-01-01": "元旦", **CONTENT["holidays"]}
    (file,) = calendar_file.years({"2027": CONTENT | {"holidays": holidays}})
    calendars.store(file)
    now = at(D(2026, 12, 29), 6)
    assert service_of_papers.follow_calendar(D(2026, 12, 29), now) == 1
    assert service_of_papers.follow_calendar(D(2026, 12, 29), now) == 0
    order.refresh_from_db()
    assert order.ends_on == D(2027, 1, 4)
    owed = open_kinds()["legal_next"]
    assert (owed.starts_on, owed.provisional) == (D(2027, 1, 4), False)
