"""Circulars: drawn, changed since, drawn again, frozen at issue, signed for; no names in them."""

from dataclasses import replace

import pytest
from django.db import ProgrammingError, transaction

from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation, Receipt
from cases.rules.workflow import State
from reporting.models import Circular, YearlyValue
from reporting.queries.circulars import changes
from reporting.queries.rates import unit_for
from reporting.rules.accountability import NewTarget
from reporting.rules.entered import Entered
from reporting.services import circulars
from reporting.services import rates as rate_entries
from reporting.services.circulars import Addressees, Seen
from tests.reporting.accountability.steps import DAY, NOW, TOWN, alert, drawn
from tests.reporting.county import FRIDAY, case
from tests.support.world import World


@pytest.fixture
def drawn_one(world: World) -> Circular:
    alert(world)
    return drawn(world)


def issue(world: World, row: Circular, version: int = 1, role: str = "bureau_leader") -> Circular:
    return circulars.issue(world.scope(role), row.public_id, version, NOW)


def test_its_figures_come_from_the_rows(drawn_one: Circular) -> None:
    (figure,) = drawn_one.figures
    assert (figure["name"], figure["stage"], figure["shown"]) == ("大峃镇", "junior", "16.67 %")
    assert (figure["numerator"], figure["denominator"], figure["exact"]) == (1, 6, "1/6")
    assert (figure["line"], figure["above"], figure["small_base"]) == ("1.80 %", True, True)
    assert figure["as_of"] == "2026-10-12"


def test_a_draft_whose_figures_changed_is_drawn_again(world: World, drawn_one: Circular) -> None:
    case(world.pupils[1], State.CONFIRMED, FRIDAY)
    (change,) = changes(drawn_one, DAY)
    assert change.drawn
    assert change.now
    assert (change.drawn["numerator"], change.now["numerator"]) == (1, 2)
    with pytest.raises(NotPossible) as refused:
        issue(world, drawn_one)
    assert [one.code for one in refused.value.reasons] == ["changed"]
    seen = Seen(1, "关于控辍保学情况的通报", "大峃镇两名。")
    again = circulars.redraw(world.scope("bureau_staff"), drawn_one.public_id, seen, NOW)
    assert (again.figures[0]["numerator"], again.version) == (2, 2)
    with pytest.raises(Conflict):
        issue(world, again, version=1)  # what was seen is no longer what it is
    issued = issue(world, again, version=2)
    assert (issued.state, issued.number) == ("issued", "通报〔2026〕1号")


def test_what_was_issued_stays_whatever_the_rows_say(world: World, drawn_one: Circular) -> None:
    issued = issue(world, drawn_one)
    case(world.pupils[1], State.CONFIRMED, FRIDAY)
    assert Circular.objects.get().figures == issued.figures
    seen = Seen(1, "另一标题", "另一正文")
    with pytest.raises(NotPossible):
        circulars.redraw(world.scope("bureau_staff"), issued.public_id, seen, NOW)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Circular.objects.update(title="改过的")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("大峃镇张梓涵辍学在家", "张梓涵"),  # a child
        ("家住330328201503150124处", "330328201503150124"),
        ("校长王建国工作不力", "王建国"),  # unknown to the records, by its form
        ("联系13858812345", "13858812345"),
    ],
)
def test_nobody_is_named_in_it(world: World, text: str, word: str) -> None:
    alert(world)
    with pytest.raises(RuleBroken) as refused:
        drawn(world, text=text)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.pointer) == ("person", "/text")
    assert word in str(reason.text)
    assert not Circular.objects.exists()


def test_who_became_known_since_the_draft_is_found_at_issue(world: World) -> None:
    alert(world)
    row = drawn(world, text="须关注欧阳静姝一户")
    world.pupils[2].name = "欧阳静姝"
    world.pupils[2].save()
    with pytest.raises(RuleBroken) as refused:
        issue(world, row)
    assert "欧阳静姝" in str(refused.value.reasons[0].text)


def test_each_recipient_signs_for_itself(world: World, drawn_one: Circular) -> None:
    issue(world, drawn_one)
    assert Receipt.objects.count() == Obligation.objects.filter(kind="circular").count() == 2
    circulars.sign(world.scope("school_leader"), drawn_one.public_id, NOW)
    signed = Receipt.objects.get(recipient=world.school)
    assert (signed.received_at, signed.late) == (NOW, False)
    assert signed.obligation.met_at == NOW
    assert Receipt.objects.get(recipient=world.town_hall).received_at is None
    for role in ("other_leader", "agency_staff", "bureau_staff"):
        with pytest.raises(NotVisible):
            circulars.sign(world.scope(role), drawn_one.public_id, NOW)


def test_a_draft_is_seen_by_the_bureau_only(world: World, drawn_one: Circular) -> None:
    def seen(role: str) -> int:
        return Circular.objects.visible_to(world.scope(role)).count()

    assert (seen("bureau_staff"), seen("township_leader")) == (1, 0)
    with pytest.raises(NotPermitted):
        issue(world, drawn_one, role="bureau_staff")
    issue(world, drawn_one)
    assert (seen("township_leader"), seen("school_leader"), seen("other_leader")) == (1, 1, 0)


def test_units_and_recipients_have_to_be_chosen(world: World) -> None:
    with pytest.raises(RuleBroken) as refused:
        drawn(world, units=(), recipients=(), title=" ")
    assert [one.code for one in refused.value.reasons] == ["missing", "units", "recipients"]
    with pytest.raises(RuleBroken) as refused:
        drawn(world, school_year=2019)
    assert [one.code for one in refused.value.reasons] == ["no_figures"]
    with pytest.raises(RuleBroken) as refused:
        drawn(world, measure="reported", units=(TOWN,))
    assert [one.code for one in refused.value.reasons] == ["measure"]


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("townships", ["大峃镇人民政府", "百丈漈镇人民政府"]),
        ("schools", ["大峃镇第二小学", "大峃镇实验学校", "百丈漈镇中心学校"]),
        ("units", ["大峃镇人民政府"]),
    ],
)
def test_a_group_is_one_choice_and_one_of_it_can_be_left_out(
    world: World, group: str, names: list[str]
) -> None:
    alert(world)
    row = drawn(world, recipients=(), groups=frozenset({group}))
    told = list(row.recipients.order_by("region__path", "pk"))
    assert sorted(one.name for one in told) == sorted(names)
    scope = world.scope("bureau_staff")
    wanted = Addressees(tuple(one.public_id for one in told[1:]), frozenset())
    if len(told) == 1:
        with pytest.raises(RuleBroken):
            circulars.address(scope, row.public_id, 1, wanted, NOW)
        return
    circulars.address(scope, row.public_id, 1, wanted, NOW)
    assert row.recipients.count() == len(told) - 1
    with pytest.raises(Conflict):
        circulars.address(scope, row.public_id, 1, wanted, NOW)


def test_a_source_that_names_somebody_is_refused_and_blocks_the_circular(world: World) -> None:
    scope = world.scope("bureau_staff")
    area = unit_for(scope, *TOWN.split(":"), DAY)
    old = Entered("ledger", "junior", 2023, "张梓涵家长来信", 1, 100)
    target = NewTarget("ledger", "junior", 2026, "1.5", "致张梓涵家长的信")
    for refused_work in (
        lambda: rate_entries.enter(scope, area, old, NOW),
        lambda: rate_entries.set_target(scope, area, target, NOW),
    ):
        with pytest.raises(RuleBroken) as refused:
            refused_work()
        assert [one.pointer for one in refused.value.reasons] == ["/source"]
        assert "张梓涵" in str(refused.value.reasons[0].text)
    row = rate_entries.enter(scope, area, replace(old, source="2023年年报"), NOW)
    circular = drawn(world, school_year=2023)
    YearlyValue.objects.filter(pk=row.pk).update(source="张梓涵家长来信")  # entered long ago
    with pytest.raises(RuleBroken) as refused:
        drawn(world, school_year=2023)
    assert [one.pointer for one in refused.value.reasons] == ["/figures"]
    seen = Seen(1, circular.title, circular.text)
    with pytest.raises(RuleBroken):
        circulars.redraw(scope, circular.public_id, seen, NOW)


def test_a_draft_can_be_dropped(world: World, drawn_one: Circular) -> None:
    circulars.drop(world.scope("bureau_staff"), drawn_one.public_id, 1, NOW)
    with pytest.raises(NotPossible):
        issue(world, drawn_one, version=2)
