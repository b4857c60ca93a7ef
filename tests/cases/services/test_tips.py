"""Tips in the database: bounds, proofs, what is kept and forgotten, and what the bureau does."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import AuditEvent, Notice, Obligation
from agencies.rules.deadlines import CHINA
from agencies.rules.policy import Key
from agencies.services import policy
from cases.models import Case, CaseEvent, SpentProof, Tip, TipStep, WrongNumber
from cases.rules.tips import TipAction, TipState
from cases.services import proof, tip_triage, tips
from cases.services.tip_triage import Link, Order
from cases.services.tips import Sent, Solution, TooMany
from tests.support.tips import solve

NOW = datetime(2026, 10, 12, 9, tzinfo=CHINA)
NAME, PHONE = "张梓涵", "13812345678"
WORDS = f"{NAME}在作坊做工，电话 {PHONE}"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The calculation is tried at its full length in the browser."""
    monkeypatch.setattr("cases.rules.proof.MOST", 50)


def solution(network="203.0.113.7", now=NOW) -> Solution:
    challenge = proof.issue(now)
    return Solution(challenge.token, solve(challenge), network)


def receive(world, now=NOW, network="203.0.113.7", **given) -> str:
    sent = Sent("child_labour", WORDS, **{"region": world.village, **given})
    return tips.receive(world.county, sent, solution(network, now), now)


def act(world, tip, action, words="", version=None, role="bureau_staff", now=NOW):
    return tip_triage.act(world.scope(role), tip.public_id, action, Order(version, words), now)


def link(world, tip, child=0, **given):
    order = Link(world.pupils[child].public_id, NOW.date(), **given)
    return tip_triage.link(world.scope("bureau_staff"), tip.public_id, order, NOW)


def test_a_tip_is_kept_with_its_number_as_a_hash_and_its_contact_sealed(world):
    number = receive(world, contact=PHONE)
    tip = Tip.objects.get()
    assert len(number) == 16
    stored = f"{tip.receipt}{tip.source}{bytes(tip.contact).decode()}"
    assert number not in stored
    assert PHONE not in stored
    assert "203.0.113.7" not in stored
    owed = tip.obligation
    assert (owed.owed_by, owed.kind, owed.due_on.isoformat()) == (world.bureau, "tip", "2026-10-15")
    assert owed.region_path == world.county.path, "no township sees the tips of its area"


def test_the_bureau_is_told_once_an_hour_and_not_a_word_of_the_text(world):
    for minute in (0, 1, 61):
        receive(world, NOW + timedelta(minutes=minute), f"203.0.113.{minute}")
    told = Notice.objects.filter(kind="tip")
    assert [row.agency for row in told] == [world.bureau] * 2
    said = [*Notice.objects.values_list("params", "href", "dedupe")]
    said += AuditEvent.objects.values_list("detail", "subject")
    said += Obligation.objects.values_list("subject", "key", "href")
    assert NAME not in str(said)
    assert PHONE not in str(said)


def test_three_tips_an_hour_from_one_address_and_the_next_from_another(world):
    for _n in range(3):
        receive(world)
    with pytest.raises(TooMany) as refused:
        receive(world, NOW + timedelta(minutes=59))
    assert [one.code for one in refused.value.reasons] == ["address"]
    assert "12345" in str(refused.value.reasons[0].text)
    receive(world, network="203.0.113.8")
    receive(world, NOW + timedelta(minutes=61))
    assert Tip.objects.count() == 5


def test_the_hour_does_not_begin_anew_with_the_key_of_the_month(world):
    before = datetime(2026, 10, 31, 23, 50, tzinfo=CHINA)
    for _n in range(3):
        receive(world, before)
    with pytest.raises(TooMany):
        receive(world, before + timedelta(minutes=20))
    receive(world, before + timedelta(hours=2))
    assert len(set(Tip.objects.values_list("source", flat=True))) == 2


def test_the_day_of_the_county_has_an_end(world):
    leader = world.scope("bureau_leader")
    policy.set_rule(leader, policy.NewRule(Key.TIPS_A_DAY, 2, NOW.date(), "文教〔2026〕1号"), NOW)
    for n in range(2):
        receive(world, network=f"203.0.113.{n}")
    with pytest.raises(TooMany) as refused:
        receive(world, network="203.0.113.9")
    assert [one.code for one in refused.value.reasons] == ["day"]
    receive(world, NOW + timedelta(hours=15, minutes=1), "203.0.113.9")  # after midnight


def test_a_proof_counts_once_and_for_an_hour(world):
    paid = solution()
    sent = Sent("other", "x", world.village)
    tips.receive(world.county, sent, paid, NOW)
    late = solution()
    forged = Solution(late.token[:-2] + "xx", late.number, late.network)
    wrong = Solution(late.token, (late.number + 1) % 50, late.network)
    without = Solution(late.token, None, late.network)
    hour = timedelta(hours=1, seconds=1)
    for one, now, code in (
        (paid, NOW, "spent"),
        (forged, NOW, "proof"),
        (wrong, NOW, "proof"),
        (without, NOW, "proof"),
        (Solution("", 0, ""), NOW, "proof"),
        (late, NOW + hour, "expired"),
    ):
        with pytest.raises(RuleBroken) as refused:
            tips.receive(world.county, sent, one, now)
        assert [reason.code for reason in refused.value.reasons] == [code]
    assert (Tip.objects.count(), SpentProof.objects.count()) == (1, 1)


def test_what_was_kept_for_the_bounds_is_forgotten(world):
    receive(world)
    with pytest.raises(RuleBroken):
        tips.asked("23AC EFHJ KMNP RTUW", "203.0.113.7", NOW)
    assert tips.forget(NOW + timedelta(minutes=30)) == 0
    assert tips.forget(NOW + timedelta(hours=2)) == 2  # the proof and the wrong number
    assert tips.forget(NOW + timedelta(days=29)) == 0
    assert tips.forget(NOW + timedelta(days=31)) == 1
    assert Tip.objects.get().source == ""
    assert tips.forget(NOW + timedelta(days=31)) == 0


def test_the_beat_forgets_too(world, clock):
    receive(world)
    clock("2026-11-20T08:00:00+08:00")
    call_command("tick", verbosity=0)
    assert (Tip.objects.get().source, SpentProof.objects.count()) == ("", 0)


def test_wrong_numbers_are_bounded_per_address(world):
    number = receive(world)
    for _n in range(10):
        with pytest.raises(RuleBroken):
            tips.asked("nothing", "203.0.113.7", NOW)
    with pytest.raises(TooMany):
        tips.asked(number, "203.0.113.7", NOW)
    assert WrongNumber.objects.count() == 10
    assert tips.asked(number, "203.0.113.8", NOW).received_on == NOW.date()
    assert tips.asked(number, "203.0.113.7", NOW + timedelta(minutes=61)).reply == ""


def test_taken_then_answered_and_told_in_general_words(world):
    number = receive(world)
    tip = act(world, Tip.objects.get(), TipAction.TAKE)
    assert (tip.state, tip.version) == (TipState.IN_WORK, 2)
    assert str(tips.asked(number, "x", NOW).words) == "It is being looked into."
    with pytest.raises(RuleBroken):
        act(world, tip, TipAction.ANSWER, "  ")
    act(world, tip, TipAction.ANSWER, "已核实，孩子在校。", now=NOW + timedelta(days=1))
    told = tips.asked(number, "x", NOW)
    assert (str(told.words), told.reply) == ("It was looked into.", "已核实，孩子在校。")
    owed = Obligation.objects.get(kind="tip")
    assert (owed.met_at, owed.late) == (NOW + timedelta(days=1), False)
    assert list(TipStep.objects.values_list("state", "note")) == [
        ("in_work", ""), ("answered", "已核实，孩子在校。"),
    ]  # fmt: skip


def test_a_link_opens_a_case_by_hand_from_a_tip(world):
    receive(world)
    tip = link(world, Tip.objects.get())
    case = Case.objects.get()
    assert (tip.state, tip.case, case.student) == (TipState.LINKED, case, world.pupils[0])
    assert case.episode.origin == "tip"
    assert Obligation.objects.get(kind="tip").met_at == NOW
    lines = CaseEvent.objects.filter(case=case)
    assert set(lines.values_list("action", flat=True)) >= {"open", "tip_linked"}
    assert WORDS not in str(list(lines.values()))


def test_a_link_to_an_open_case_opens_no_second_one_and_moves_its_version(world):
    for n in range(2):
        receive(world, network=str(n))
    first, second = Tip.objects.order_by("pk")
    case = link(world, first).case
    before = Case.objects.get().version
    assert link(world, second).case == case
    assert Case.objects.get().version > before
    assert case.tips.count() == 2


def test_a_child_of_nowhere_and_a_day_to_come_are_refused_and_nothing_is_written(world):
    receive(world)
    tip = Tip.objects.get()
    nobody = Link(tip.public_id, NOW.date())
    with pytest.raises(NotVisible):
        tip_triage.link(world.scope("bureau_staff"), tip.public_id, nobody, NOW)
    late = Link(world.pupils[0].public_id, NOW.date() + timedelta(days=2))
    with pytest.raises(RuleBroken):
        tip_triage.link(world.scope("bureau_staff"), tip.public_id, late, NOW)
    assert (Case.objects.count(), TipStep.objects.count()) == (0, 0)


def test_two_people_the_second_is_told(world):
    receive(world)
    tip = Tip.objects.get()
    act(world, tip, TipAction.SPAM, "advertisement", version=1)
    with pytest.raises(Conflict) as refused:
        act(world, tip, TipAction.ANSWER, "thanks", version=1, role="bureau_leader")
    assert refused.value.current["state"] == "spam"
    with pytest.raises(NotPossible):
        act(world, tip, TipAction.TAKE)
    assert TipStep.objects.count() == 1


def test_what_was_set_aside_by_mistake_is_owed_anew(world):
    receive(world)
    tip = Tip.objects.get()
    act(world, tip, TipAction.SPAM, "slip")
    act(world, tip, TipAction.REOPEN, "it was one", now=NOW + timedelta(days=1))
    rows = Obligation.objects.filter(kind="tip").order_by("pk")
    assert [row.met_at for row in rows] == [NOW, None]
    assert rows[1].due_on.isoformat() == "2026-10-16"
    case = link(world, Tip.objects.get()).case
    act(world, tip, TipAction.REOPEN, "another child")
    assert (Tip.objects.get().case, case.tips.count()) == (None, 0)


def test_many_at_once_spare_what_somebody_has_taken(world):
    for n in range(4):
        receive(world, network=str(n))
    rows = list(Tip.objects.order_by("pk"))
    act(world, rows[0], TipAction.TAKE)
    ids = [row.public_id for row in rows[:3]]
    assert tip_triage.set_aside(world.scope("bureau_staff"), ids, "flood", NOW) == 2
    states = Tip.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["in_work", "spam", "spam", "new"]
    with pytest.raises(RuleBroken):
        tip_triage.set_aside(world.scope("bureau_staff"), ids, " ", NOW)


def test_the_contact_is_given_only_with_a_record(world):
    receive(world, contact=PHONE)
    tip = Tip.objects.get()
    opened = tip_triage.opened(world.scope("bureau_staff"), tip.public_id, NOW)
    assert (opened.contact, opened.what) == (PHONE, WORDS)
    event = AuditEvent.objects.get(verb="tip.contact")
    assert (event.subject, event.detail) == (f"tip:{tip.public_id}", {})


@pytest.mark.parametrize(
    "role", ["township_leader", "school_leader", "village_cadre", "system_admin"]
)
def test_only_the_bureau(world, role):
    receive(world)
    with pytest.raises(NotPermitted):
        act(world, Tip.objects.get(), TipAction.TAKE, role=role)
    with pytest.raises(NotPermitted):
        tip_triage.set_aside(world.scope(role), [], "x", NOW)
