"""Answering, signing, sending back, correcting: the services on the county of county.py."""

from datetime import date, datetime

import pytest

from agencies.errors import Conflict, NotPermitted, NotPossible, RuleBroken
from agencies.models import Obligation, Region
from agencies.rules.deadlines import CHINA
from cases.models import Case
from reporting.documents.paper import from_json
from reporting.models import CensusAnswer, Filing, FrozenPaper
from reporting.queries import census as counts
from reporting.queries import census_sheet
from reporting.rules.expected import Given
from reporting.services import census
from reporting.services.census import Answer, Decision, Sent, Signed
from students.models import EnrollmentChange, Term
from students.services import terms
from students.services.terms import TermDates
from tests.reporting.census.county import OPENS, autumn, transfer
from tests.reporting.county import roll

FRIDAY = date(2026, 9, 4)
NOW = datetime(2026, 9, 4, 10, 0, tzinfo=CHINA)


@pytest.fixture
def made(world, clock):
    clock("2026-09-04T10:00:00+08:00")
    return autumn(world)


def given(code: str, note: str = "电话核实", on: date = FRIDAY, by: str = "王老师") -> Given:
    return Given(code, note, by, on)


def answers(*pairs, version=None) -> Sent:
    return Sent(tuple(Answer(str(s.public_id), g) for s, g in pairs), version=version)


def say(made, role, sent, school=None):
    world = made.world
    return census.answer(world.scope(role), world.term, school or world.school, sent, NOW)


def sheet(made, role="school_leader", school=None):
    world = made.world
    return census_sheet.load(world.scope(role), world.term, school or world.school)


def all_here(made):
    roll(made.world.school_class, OPENS, {})


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_an_answer_overrides_what_the_records_say(made):
    zhang, li, *_ = made.world.pupils
    say(made, "school_leader", answers((zhang, given("arrived", "")), (li, given("on_leave"))))
    assert sheet(made).facts.figures == {
        "expected": 7, "arrived": 1, "explained": 1, "missing": 5, "unanswered": 5,
        "new_here": 1, "finished": 1,
    }  # fmt: skip
    assert sheet(made).version == 2


@pytest.mark.parametrize(
    ("code", "origin"),
    [
        ("unknown", "whereabouts_unknown"),
        ("said_elsewhere", "whereabouts_unknown"),
        ("working", "reported"),
        ("refuses", "reported"),
    ],
)
def test_out_of_school_opens_a_case_at_once(made, code, origin):
    zhang = made.world.pupils[0]
    say(made, "teacher", answers((zhang, given(code))))
    case = Case.objects.get()
    assert (case.student, case.current.origin) == (zhang, origin)
    assert CensusAnswer.objects.get().case == case


def test_the_case_that_is_open_is_joined(made):
    zhang = made.world.pupils[0]
    say(made, "teacher", answers((zhang, given("unknown"))))
    say(made, "school_leader", answers((zhang, given("working"))))
    assert Case.objects.count() == 1
    say(made, "school_leader", answers((zhang, given("arrived", ""))))
    assert CensusAnswer.objects.get().case == Case.objects.get()


@pytest.mark.parametrize("code", ["on_leave", "lawful", "other_school", "died"])
def test_an_open_case_is_not_explained_away(made, code):
    """Its end is asked for on the case itself, with a proof and a second person."""
    zhang = made.world.pupils[0]
    say(made, "teacher", answers((zhang, given("unknown"))))
    with pytest.raises(RuleBroken) as refused:
        say(made, "school_leader", answers((zhang, given(code))))
    assert codes(refused) == ["open_case"]
    assert CensusAnswer.objects.get().code == "unknown"


def test_an_entrant_that_nobody_enrolled(made):
    child, school = made["entrant"], made.world.second_school
    say(made, "second_leader", answers((child, given("refuses"))), school)
    assert Case.objects.get().current.origin == "never_enrolled"


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (given("unknown", " "), "note", "note"),
        (given("arrived", by=" "), "checked_by", "checked_by"),
        (given("arrived", on=date(2026, 9, 5)), "future", "checked_on"),
        (given("arrived", on=date(2026, 8, 1)), "too_early", "checked_on"),
        (given("vanished"), "code", "code"),
    ],
)
def test_a_wrong_answer_is_refused_with_place_and_name(made, wrong, code, field):
    zhang, li, *_ = made.world.pupils
    with pytest.raises(RuleBroken) as refused:
        say(made, "school_leader", answers((li, given("arrived")), (zhang, wrong)))
    reason = refused.value.reasons[0]
    assert (reason.code, reason.pointer) == (code, f"/answers/1/{field}")
    assert str(reason.text).startswith("张梓涵")
    assert CensusAnswer.objects.count() == Filing.objects.count() == 0


def test_a_day_before_the_opening_day_is_fine(made):
    say(made, "teacher", answers((made.world.pupils[0], given("arrived", on=date(2026, 8, 2)))))


def test_who_is_not_expected_here_has_no_answer(made):
    with pytest.raises(RuleBroken) as refused:
        say(made, "school_leader", answers((made["third"], given("arrived"))))
    assert codes(refused) == ["not_expected"]


def test_a_teacher_answers_for_the_own_class_only(made):
    other = made["from_sixth"]  # expected at the school, in no class yet
    with pytest.raises(RuleBroken) as refused:
        say(made, "teacher", answers((other, given("unknown"))))
    assert codes(refused) == ["not_expected"]
    assert other.name not in {child.name for child in sheet(made, "teacher").facts.children}
    assert sheet(made, "teacher").facts.figures["expected"] == 6


@pytest.mark.parametrize("role", ["bureau_staff", "township_cadre", "second_leader"])
def test_nobody_else_answers(made, role):
    with pytest.raises(NotPermitted):
        say(made, role, answers((made.world.pupils[0], given("arrived"))))


def test_a_stale_version(made):
    zhang, li, *_ = made.world.pupils
    say(made, "school_leader", answers((zhang, given("arrived")), version=1))
    with pytest.raises(Conflict):
        say(made, "school_leader", answers((li, given("arrived")), version=1))


def test_all_of_a_class_have_come(made):
    world = made.world
    roll(world.school_class, OPENS, {world.pupils[0]: "sick_leave"})
    scope = world.scope("teacher")
    say(made, "teacher", answers((world.pupils[1], given("on_leave"))))
    assert census.arrive_class(scope, world.term, world.school, "7-3", Sent(), NOW) == 0
    roll(world.school_class, date(2026, 9, 2), dict.fromkeys(world.pupils, "unknown"))
    found = sheet(made).facts.figures
    assert (found["arrived"], found["unanswered"]) == (4, 2)  # one without a class
    assert census.arrive_class(scope, world.term, world.school, "7-3", Sent(), NOW) == 1


def ready(made):
    """Every child answered: four seen, one on leave, one missing, one elsewhere."""
    world = made.world
    zhang, li, *_ = world.pupils
    roll(world.school_class, OPENS, {zhang: "unexcused", li: "sick_leave"})
    say(
        made,
        "school_leader",
        answers(
            (zhang, given("unknown", "身份证330328201305040021")),
            (made["from_sixth"], given("other_school")),
        ),
    )


def submit(made, role="school_leader", remarks="", version=None):
    world = made.world
    return census.submit(world.scope(role), world.term, world.school, Signed(remarks, version), NOW)


def test_unanswered_children_are_named(made):
    with pytest.raises(RuleBroken) as refused:
        submit(made)
    words = [str(reason.text) for reason in refused.value.reasons]
    assert words[0] == "7 children have no answer yet:"
    assert "张梓涵, Grade 7 (3)" in words
    assert "升学甲, Grade 7, in no class yet" in words
    assert Filing.objects.count() == 0


def test_unexplained_changes_are_named(made):
    ready(made)
    zhang, li, wang, *_ = made.world.pupils
    for child, kind, note in ((zhang, "11", ""), (li, "12", "病愈复学"), (wang, "promotion", "")):
        EnrollmentChange.objects.create(
            student=child,
            kind=kind,
            on=OPENS,
            note=note,
            after=child.enrollments.latest("starts_on"),
        )
    with pytest.raises(RuleBroken) as refused:
        submit(made)
    assert [str(r.text) for r in refused.value.reasons] == [
        "1 change has no explanation yet:",
        "张梓涵, suspension of studies on 2026-09-01",
    ]
    (change,) = sheet(made).facts.unexplained
    with pytest.raises(RuleBroken):
        say(made, "teacher", Sent(explanations=((change.id, "误登"),)))
    say(made, "school_leader", Sent(explanations=((change.id, "骨折休学"),)))
    assert submit(made).state == "submitted"
    assert sheet(made).facts.counted_changes == 1


def test_signed_frozen_and_idempotent(made):
    ready(made)
    first = submit(made, remarks="含一名失联学生")
    frozen = FrozenPaper.objects.get()
    paper = from_json(frozen.paper)
    assert paper.title == "2026-2027 秋季学期开学学生到校清查表"
    assert paper.number == "〔2026〕1号"
    assert [(f.label, f.value) for f in paper.figures][:4] == [
        ("应到", 7), ("实到", 4), ("有依据未到", 2), ("未到", 1),
    ]  # fmt: skip
    missing = next(table for table in paper.tables if table.title == "未到学生及去向")
    assert missing.rows[0][0] == "张梓涵"
    assert "*" in missing.rows[0][1]
    assert missing.rows[0][3] == "去向不明"
    assert "330328201305040021" not in str(frozen.paper)
    assert "330328201305040021" not in str(sheet(made, "bureau_staff").facts.children[0].id_number)
    # What changes afterwards changes nothing that is signed.
    roll(made.world.school_class, date(2026, 9, 2), {})
    before = sheet(made)
    assert before.is_signed
    assert before.facts.figures["missing"] == 1
    assert {c.name for c in before.facts.children if c.state == "missing"} == {"张梓涵"}
    assert counts.of_county(made.world.term, FRIDAY).schools[made.world.school.pk].missing == 1
    assert submit(made, remarks="再来一次").pk == first.pk
    assert FrozenPaper.objects.count() == 1
    with pytest.raises(NotPossible):
        say(made, "school_leader", answers((made.world.pupils[0], given("arrived"))))


def test_only_a_leader_signs(made):
    ready(made)
    for role in ("teacher", "bureau_leader", "second_leader"):
        with pytest.raises(NotPermitted):
            submit(made, role)


def test_not_before_the_opening_day(made, clock):
    clock("2026-08-30T10:00:00+08:00")
    with pytest.raises(NotPossible):
        submit(made)


def test_sent_back_edited_and_signed_again(made):
    world = made.world
    Term.objects.filter(pk=world.term.pk).delete()
    county = Region.objects.get(pk=world.county.pk)
    dates = TermDates(2026, "autumn", OPENS, date(2027, 1, 29))
    world.term = terms.open_term(county, dates, NOW)
    ready(made)
    submit(made)
    owed = Obligation.objects.get(kind="census", owed_by=world.school)
    assert (owed.met_at, owed.late) == (NOW, False)
    back = Decision(confirmed=False, reason="第一名学生去向不清")
    with pytest.raises(NotPermitted):
        census.decide(world.scope("school_leader"), world.term, world.school, back, NOW)
    census.decide(world.scope("bureau_staff"), world.term, world.school, back, NOW)
    assert Obligation.objects.get(kind="census_again").owed_by == world.school
    say(made, "school_leader", answers((world.pupils[0], given("working"))))
    filing = submit(made)
    assert filing.number == "〔2026〕1号"
    assert [p.round for p in sheet(made).papers] == [1, 2]
    assert Obligation.objects.get(kind="census_again").met_at == NOW
    census.decide(world.scope("bureau_staff"), world.term, world.school, Decision(True), NOW)
    slip = census.add_slip(world.scope("school_leader"), world.term, world.school, "更正", NOW)
    assert slip.number == 1
    with pytest.raises(NotPossible):
        census.decide(world.scope("bureau_staff"), world.term, world.school, back, NOW)


def test_a_transfer_that_nobody_confirmed_needs_an_answer(made):
    zhang = made.world.pupils[0]
    ready(made)
    made.world.pupils[2].enrollments.filter(starts_on=OPENS).delete()
    transfer(made.world.pupils[2], made.world.school, date(2026, 8, 20))
    with pytest.raises(RuleBroken) as refused:
        submit(made)
    assert "王欣怡" in str(refused.value.reasons[1].text)
    assert zhang.name not in str(refused.value.reasons)


@pytest.mark.parametrize("code", ["unknown", "refuses"])
def test_a_child_whom_the_records_explain_becomes_no_case(made, code):
    """Seen in class: a tick in a list makes it no dropout (rule 13: one child counts once)."""
    zhang = made.world.pupils[0]
    roll(made.world.school_class, OPENS, {})
    with pytest.raises(RuleBroken) as refused:
        say(made, "school_leader", answers((zhang, given(code))))
    assert codes(refused) == ["explained"]
    assert not Case.objects.exists()
    assert not CensusAnswer.objects.exists()
