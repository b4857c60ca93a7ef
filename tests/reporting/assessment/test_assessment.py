"""Sheets drawn from rows, judged, sent, appealed against, answered, signed and frozen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from agencies.errors import Conflict, NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Notice, Obligation, Receipt
from cases.rules.workflow import State
from reporting.models import Appeal, Scheme, Sheet
from reporting.queries import assessment as queries
from reporting.rules.assessment import Given, Wanted, total
from reporting.services import assessment
from reporting.services import assessment_appeals as after
from reporting.services.assessment_appeals import Objection
from tests.reporting.assessment.steps import DAY, NOW, drawn, judged, scheme, sent, visit
from tests.reporting.county import FRIDAY, case
from tests.support.world import World

LATER = NOW + timedelta(days=20)


def codes(refused: pytest.ExceptionInfo) -> list[str]:
    return [one.code for one in refused.value.reasons]


def appealed(world: World, row: Sheet, number: int = 2, text: str = "两次走访因洪水延后") -> Appeal:
    wanted = Objection(row.version, number, text)
    return after.appeal(world.scope("township_leader"), row.public_id, wanted, NOW)


def answered(world: World, row: Sheet, number: int = 2, points: str | None = "15") -> Appeal:
    row.refresh_from_db()
    given = Given(Decimal(points) if points else None, "情况属实")
    scope = world.scope("bureau_staff")
    return after.answer(scope, row.public_id, row.version, number, given, NOW)


def accepted(world: World, row: Sheet) -> Sheet:
    row.refresh_from_db()
    return after.accept(world.scope("township_leader"), row.public_id, row.version, NOW)


def signed(world: World, row: Sheet, role: str = "bureau_leader") -> Sheet:
    row.refresh_from_db()
    return after.sign(world.scope(role), row.public_id, row.version, NOW)


def test_a_sheet_is_filled_in_from_rows(world: World) -> None:
    case(world.pupils[0], State.CONFIRMED, FRIDAY)
    visit(world, date(2026, 9, 20), met_at=NOW, late=False)
    visit(world, date(2026, 9, 21), met_at=NOW, late=True)
    visit(world, FRIDAY)  # past and open
    visit(world, date(2026, 9, 22), waived_at=NOW, waived_because="x")
    visit(world, date(2026, 10, 20))  # still runs
    visit(world, date(2026, 8, 20))  # of the year before
    line, visits, decisions, manual = drawn(world).items
    assert (line["numerator"], line["denominator"], line["points"]) == (0, 1, "0")
    assert (line["details"][0]["shown"], line["details"][0]["above"]) == ("16.67 %", True)
    heads = [visits[name] for name in ("numerator", "denominator", "excused", "waiting")]
    assert heads == [1, 3, 1, 1]
    assert visits["points"] == "6.67"
    assert (decisions["denominator"], decisions["points"]) == (0, "")  # nothing to judge
    assert (manual["points"], manual["reason"]) == ("", "")
    found = total(Sheet.objects.get(key=world.township.code).items)
    assert (found.points, found.most, found.left_out) == (Decimal("6.67"), 50, 25)
    assert "张" not in str(Sheet.objects.values_list("items", flat=True))


def test_both_kinds_and_every_unit_once(world: World) -> None:
    scheme(world)
    scheme(world, "school")
    bureau = world.scope("bureau_staff")
    assert len(assessment.draw(bureau, "township", 2026, NOW)) == 2  # those that have a body
    schools = assessment.draw(bureau, "school", 2026, NOW)
    assert [one.key for one in schools] == ["2133000002", "3133000001", "3133000003"]
    assert {one.position for one in schools} == {"school_leader"}
    assert assessment.draw(bureau, "school", 2026, NOW) == []
    listed = queries.sheets(bureau, "school", 2026)
    assert [one.key for one in listed] == [one.key for one in schools]  # by the official order


def test_nothing_is_drawn_before_its_scheme_and_year(world: World) -> None:
    bureau = world.scope("bureau_staff")
    for year, starts_on in ((2026, date(2026, 12, 1)), (2027, date(2026, 9, 1))):
        scheme(world, school_year=year, starts_on=starts_on)
        with pytest.raises(RuleBroken):
            assessment.draw(bureau, "township", year, NOW)
    with pytest.raises(RuleBroken):
        assessment.draw(bureau, "school", 2026, NOW)


def test_a_draft_whose_figures_changed_is_drawn_again(world: World) -> None:
    row = judged(world, drawn(world))
    visit(world, FRIDAY)
    bureau = world.scope("bureau_staff")
    with pytest.raises(NotPossible) as refused:
        assessment.send(bureau, row.public_id, row.version, NOW)
    assert codes(refused) == ["changed"]
    row = assessment.redraw(bureau, row.public_id, row.version, NOW)
    assert (row.items[1]["denominator"], row.items[3]["points"]) == (1, "8")  # judged stays
    with pytest.raises(Conflict):
        assessment.send(bureau, row.public_id, row.version - 1, NOW)
    assert assessment.send(bureau, row.public_id, row.version, NOW).state == "sent"


@pytest.mark.parametrize(
    ("points", "reason", "code"),
    [("10.01", "好", "most"), ("-1", "好", "points"), ("5", " ", "reason"),
     ("5", "校长王建国重视", "person")],
)  # fmt: skip
def test_points_of_a_person_need_a_reason_and_have_a_limit(
    world: World, points: str, reason: str, code: str
) -> None:
    row = drawn(world)
    with pytest.raises(RuleBroken) as refused:
        judged(world, row, points, reason)
    assert codes(refused) == [code]
    assert refused.value.reasons[0].pointer.startswith("/items/4/")
    with pytest.raises(NotPossible) as unjudged:
        assessment.send(world.scope("bureau_staff"), row.public_id, row.version, NOW)
    assert [(one.code, one.pointer) for one in unjudged.value.reasons] == [("unjudged", "/items/4")]


def test_what_rows_give_is_given_by_nobody(world: World) -> None:
    row = drawn(world)
    given = {1: Given(Decimal(30), "加分")}
    with pytest.raises(RuleBroken) as refused:
        assessment.give(world.scope("bureau_staff"), row.public_id, row.version, given, NOW)
    assert codes(refused) == ["rows"]


def test_from_appeal_to_signature_and_nothing_after(world: World) -> None:
    visit(world, FRIDAY)
    row = sent(world)
    owed = Obligation.objects.get(kind="assessment")
    assert (owed.owed_by, str(owed.due_on)) == (world.town_hall, "2026-10-26")
    assert Notice.objects.filter(kind="paper_arrived", agency=world.town_hall).exists()
    made = appealed(world, row)
    assert made.owed.owed_by == world.bureau
    assert made.owed.owed_to == world.town_hall
    owed.refresh_from_db()
    assert owed.met_at == NOW
    assert Receipt.objects.get(recipient=world.town_hall).received_at == NOW
    accepted(world, row)
    with pytest.raises(NotPossible) as refused:
        signed(world, row)
    assert codes(refused) == ["appeal"]
    made = answered(world, row)
    assert (made.points_before, made.points_after) == ("0", "15")
    assert Obligation.objects.get(pk=made.owed_id).met_at == NOW
    with pytest.raises(NotPermitted):
        signed(world, row, "bureau_staff")
    done = signed(world, row)
    assert (done.state, done.items[1]["points"]) == ("signed", "15")
    assert done.paper["figures"][0]["value"] == "53 / 60"
    assert "另有15分" in done.paper["figures"][0]["note"]
    assert done.paper["tables"][2]["rows"][0][3:] == ["0", "15"]
    visit(world, date(2026, 9, 20))
    with pytest.raises(NotPossible):
        assessment.redraw(world.scope("bureau_staff"), row.public_id, done.version, NOW)
    for change in (Sheet.objects.filter(pk=row.pk), Appeal.objects.all()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change.update(public_id=world.bureau.public_id)


def test_when_an_appeal_is_possible(world: World) -> None:
    row = sent(world)
    with pytest.raises(NotPossible) as early:
        signed(world, row)
    assert codes(early) == ["early"]
    for text, code in ((" ", "text"), ("学生李浩然已返校", "person")):
        with pytest.raises(RuleBroken) as refused:
            appealed(world, row, text=text)
        assert codes(refused) == [code]
    appealed(world, row)
    row.refresh_from_db()
    with pytest.raises(NotPossible) as again:
        appealed(world, row)
    assert codes(again) == ["again"]
    with pytest.raises(NotVisible):
        appealed(world, row, number=9)
    for role in ("bureau_leader", "township_cadre"):
        with pytest.raises(NotPermitted):
            after.accept(world.scope(role), row.public_id, row.version, NOW)
    accepted(world, row)
    row.refresh_from_db()
    with pytest.raises(NotPossible) as over:
        appealed(world, row, number=1)
    assert codes(over) == ["accepted"]
    with pytest.raises(RuleBroken) as much:
        answered(world, row, points="20.5")
    assert codes(much) == ["most"]
    assert answered(world, row, points=None).points_after == ""


def test_who_sees_which_sheet(world: World) -> None:
    row = drawn(world)

    def seen(role: str) -> int:
        return queries.sheets(world.scope(role)).count()

    assert (seen("bureau_staff"), seen("township_leader")) == (2, 0)  # a draft is the bureau's
    row = judged(world, row)
    assessment.send(world.scope("bureau_staff"), row.public_id, row.version, NOW)
    assert (seen("township_leader"), seen("school_leader"), seen("other_cadre")) == (1, 0, 0)
    with pytest.raises(NotVisible):
        queries.sheet_for(world.scope("other_leader"), row.public_id)


def test_a_scheme_stays_once_a_sheet_was_sent(world: World) -> None:
    row = drawn(world)
    with pytest.raises(Conflict):
        scheme(world)
    scheme(world, version=1, points={"line": Decimal(60)})
    assert queries.full(world.scope("bureau_staff"), row, NOW).changes  # the draft is drawn again
    row = assessment.redraw(world.scope("bureau_staff"), row.public_id, row.version, NOW)
    row = judged(world, row)
    assessment.send(world.scope("bureau_staff"), row.public_id, row.version, NOW)
    with pytest.raises(NotPossible) as refused:
        scheme(world, version=2)
    assert codes(refused) == ["sent"]
    assert Scheme.objects.get().version == 2


def test_only_the_bureau_sets_a_scheme(world: World) -> None:
    wanted = Wanted("township", 2026, DAY, "x", {"line": Decimal(1)})
    with pytest.raises(NotPermitted):
        assessment.set_scheme(world.scope("township_leader"), wanted, 0, NOW)


def test_a_township_answers_for_the_body_that_it_took_over_from(world: World) -> None:
    world.other_town_hall.successor = world.town_hall
    world.other_town_hall.ends_on = date(2026, 9, 30)
    world.other_town_hall.save()
    owed = visit(world, FRIDAY)
    Obligation.objects.filter(pk=owed.pk).update(owed_by=world.other_town_hall)
    assert drawn(world).items[1]["denominator"] == 1
