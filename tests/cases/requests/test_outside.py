"""Another county: a numbered notice, its reply in time, attendance by term, the archive."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Obligation
from cases.models import AttendanceConfirmation, CaseEvent, CasePaper, OutsideNotice
from cases.queries import outside as queries
from cases.queries.child import child_page
from cases.rules import outside as rules
from cases.rules.outside import TermDays, Why
from cases.rules.workflow import Action
from cases.services import actions, outside
from cases.services.actions import Order
from cases.services.outside import Attendance, Handover, Letter, Reply
from reporting.queries import areas
from reporting.queries.board import board_for
from students.models import Placement, Student, StudentNumber, Term
from students.services import placement_duties
from tests.cases.requests.county import NOON, TODAY, case_of
from tests.support.rolls import at
from tests.support.world import World

RUIAN = "瑞安市教育局"
SINCE = date(2026, 9, 7)
AUTUMN = TermDays(date(2026, 9, 1), date(2027, 1, 29))
OPENS, ENDS = date(2027, 3, 1), date(2027, 7, 2)


@pytest.fixture
def case(world: World):
    return case_of(world)


def sent(world: World, case, why: str = "is_there", role: str = "bureau_staff", **more):
    letter = Letter(uuid.uuid4(), why, RUIAN, TODAY)
    return outside.send(world.scope(role), case.public_id, replace(letter, **more), NOON)


def attends(world: World, row, **more) -> AttendanceConfirmation:
    given = Attendance(
        world.term.public_id, "瑞安市仙降中学", SINCE, "瑞教函〔2026〕9号", "七（2）班"
    )
    now = more.pop("now", NOON)
    return outside.confirm(world.scope("bureau_staff"), row.public_id, replace(given, **more), now)


def spring(world: World) -> Term:
    return Term.objects.create(
        county=world.county, school_year=2026, season="spring", starts_on=OPENS, ends_on=ENDS
    )


def codes(refused) -> list[tuple[str, str]]:
    return [(reason.code, reason.pointer) for reason in refused.value.reasons]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (rules.problems_with_notice(" ", TODAY, SINCE, TODAY), ["/authority"]),
        (rules.problems_with_notice(RUIAN, date(2026, 9, 6), SINCE, TODAY), ["/sent_on"]),
        (rules.problems_with_notice(RUIAN, date(2026, 10, 13), SINCE, TODAY), ["/sent_on"]),
        (rules.problems_with_notice(RUIAN, TODAY, SINCE, TODAY), []),
        (rules.problems_with_reply(" ", SINCE, TODAY, TODAY), ["/text", "/on"]),
        (rules.problems_with_reply("已入学", TODAY, TODAY, TODAY), []),
        (
            rules.problems_with_confirmation("", " ", SINCE, AUTUMN, TODAY),
            ["/school_name", "/proof"],
        ),
        (
            rules.problems_with_confirmation("校", "函", date(2026, 8, 31), AUTUMN, TODAY),
            ["/since"],
        ),
        (
            rules.problems_with_confirmation("校", "函", date(2027, 1, 30), AUTUMN, TODAY),
            ["/since"],
        ),
        (
            rules.problems_with_confirmation("校", "函", date(2026, 11, 2), AUTUMN, TODAY),
            ["/since"],
        ),
        (rules.problems_with_confirmation("校", "函", SINCE, AUTUMN, TODAY), []),
        (rules.problems_with_handover(Why.IS_THERE, TODAY, TODAY, TODAY), [""]),
        (rules.problems_with_handover(Why.REGISTERED, SINCE, TODAY, TODAY), ["/on"]),
        (rules.problems_with_handover(Why.REGISTERED, TODAY, TODAY, TODAY), []),
    ],
)
def test_each_problem_names_its_place(found, expected):
    assert [reason.pointer for reason in found] == expected


@pytest.mark.parametrize(
    ("since", "covered", "last_term_ended", "expected"),
    [
        (date(2027, 3, 1), date(2027, 1, 29), date(2027, 1, 29), date(2027, 1, 30)),
        (date(2027, 3, 3), date(2027, 1, 29), date(2027, 1, 29), date(2027, 1, 30)),
        (date(2027, 3, 1), date(2026, 11, 30), date(2027, 1, 29), date(2027, 3, 1)),
        (date(2027, 3, 1), None, date(2027, 1, 29), date(2027, 3, 1)),
        (SINCE, None, None, SINCE),
    ],
)
def test_a_renewal_leaves_no_vacation_open_and_a_gap_stays_one(
    since, covered, last_term_ended, expected
):
    assert rules.first_day(since, covered, last_term_ended) == expected


def test_a_notice_is_a_numbered_paper_and_a_reply_is_owed(world, case):
    row = sent(world, case, whereabouts="瑞安市仙降街道")
    paper = row.paper
    assert (paper.kind, paper.addressee) == ("outside_notice", RUIAN)
    assert paper.number.endswith("外联〔2026〕1号")
    assert paper.facts["child"] == case.student.name
    assert paper.facts["whereabouts"] == "瑞安市仙降街道"
    assert paper.facts["reply_by"] == "2026年10月26日"
    assert bytes(paper.pdf.content).startswith(b"%PDF")
    owed = Obligation.objects.get(kind="outside_reply")
    assert (owed.owed_by, owed.owed_to, owed.due_on) == (
        world.bureau, world.bureau, date(2026, 10, 26)
    )  # fmt: skip
    assert CaseEvent.objects.get(action="outside_sent").note == f"{RUIAN}：{paper.number}"


def test_two_authorities_on_one_day_are_two_duties_and_the_same_sending_is_one(world, case):
    letter = Letter(uuid.uuid4(), "is_there", RUIAN, TODAY)
    scope = world.scope("bureau_staff")
    first = outside.send(scope, case.public_id, letter, NOON)
    assert outside.send(scope, case.public_id, letter, NOON) == first
    sent(world, case, "registered")
    assert Obligation.objects.open().filter(kind="outside_reply").count() == 2
    assert CasePaper.objects.count() == 2


def test_the_reply_meets_it_once(world, case):
    row = sent(world, case)
    late = at(date(2026, 10, 27), 9)
    scope = world.scope("bureau_staff")
    with pytest.raises(RuleBroken) as refused:
        outside.reply(scope, row.public_id, Reply(date(2026, 10, 11), "已入学"), late)
    assert codes(refused) == [("before", "/on")]
    outside.reply(scope, row.public_id, Reply(TODAY, "已在仙降中学就读", "瑞教函〔2026〕9号"), late)
    owed = Obligation.objects.get(kind="outside_reply")
    assert (owed.met_at, owed.late) == (late, True)
    with pytest.raises(NotPossible):
        outside.reply(scope, row.public_id, Reply(TODAY, "再复"), late)


def test_attendance_is_a_placement_until_the_end_of_the_term(world, case):
    row = sent(world, case)
    made = attends(world, row)
    place = made.placement
    assert (place.kind, place.starts_on, place.ends_on) == ("elsewhere", SINCE, AUTUMN.ends_on)
    assert place.approved_by == world.posts["bureau_staff"]
    with pytest.raises(NotPossible) as refused:
        attends(world, row)
    assert codes(refused) == [("confirmed", "")]
    with pytest.raises(RuleBroken) as refused:
        attends(world, sent(world, case), since=date(2026, 8, 1), proof="")
    assert codes(refused) == [("no_proof", "/proof"), ("outside_term", "/since")]
    with pytest.raises(RuleBroken) as refused:
        attends(world, sent(world, case), term=uuid.uuid4())
    assert codes(refused) == [("term", "/term")]


def test_the_next_term_is_owed_by_the_bureau_from_its_opening_and_the_renewal_meets_it(
    world, case, clock
):
    """Nothing is owed in the vacation: attendance in a term to come cannot be confirmed yet."""
    row = sent(world, case)
    attends(world, row)
    assert placement_duties.follow(NOON) == 0
    assert not Obligation.objects.filter(kind="placement_end").exists()
    new = spring(world)
    assert placement_duties.follow(at(date(2027, 2, 1))) == 1
    owed = Obligation.objects.get(kind="placement_end")
    assert (owed.owed_by, owed.starts_on, owed.due_on) == (world.bureau, OPENS, date(2027, 3, 15))
    clock("2027-03-03T12:00:00+08:00")
    now = at(date(2027, 3, 3), 12)
    (line,) = queries.of_county(world.scope("bureau_staff"), now)
    assert (line.lapsed, line.confirmed_until) == (True, AUTUMN.ends_on)
    made = attends(world, row, term=new.public_id, since=date(2027, 3, 2), now=now)
    assert (made.placement.starts_on, made.placement.ends_on) == (date(2027, 1, 30), ENDS)
    owed.refresh_from_db()
    assert (owed.met_at, owed.late) == (now, False)
    (line,) = queries.of_county(world.scope("bureau_staff"), now)
    assert (line.lapsed, line.confirmed_until) == (False, ENDS)


def test_what_ends_within_a_term_is_owed_on_its_day(world, case):
    placed = attends(world, sent(world, case)).placement
    Placement.objects.filter(pk=placed.pk).update(ends_on=date(2026, 11, 30))
    placement_duties.follow(NOON)
    owed = Obligation.objects.get(kind="placement_end")
    assert (owed.owed_by, owed.due_on) == (world.bureau, date(2026, 11, 30))


def test_attendance_can_be_confirmed_after_the_case_has_ended_and_a_notice_not_sent(world, case):
    row = sent(world, case)
    actions.act(
        world.scope("township_cadre"),
        case.public_id,
        Action.DISMISS,
        Order(TODAY, "在瑞安就读"),
        NOON,
    )
    assert not Obligation.objects.open().filter(kind="outside_reply").exists()
    assert attends(world, row).placement.kind == "elsewhere"
    with pytest.raises(NotPossible):
        sent(world, case)


def test_the_archive_goes_to_where_the_child_is_registered_once(world, case):
    StudentNumber.objects.create(
        student=case.student, number=f"G{case.student.id_number}", starts_on=date(2020, 9, 1)
    )
    scope = world.scope("bureau_staff")
    given = Handover(TODAY, "全国学籍系统调档")
    with pytest.raises(RuleBroken) as refused:
        outside.hand_over(scope, sent(world, case).public_id, given, NOON)
    assert codes(refused) == [("not_registered_there", "")]
    row = sent(world, case, "registered")
    with pytest.raises(RuleBroken) as refused:
        outside.hand_over(scope, row.public_id, replace(given, way=" "), NOON)
    assert codes(refused) == [("way", "/way")]
    row = outside.hand_over(scope, row.public_id, given, NOON)
    assert row.archive_handed_on == TODAY
    assert row.archive_paper.number.endswith("档移〔2026〕1号")
    with pytest.raises(NotPossible):
        outside.hand_over(scope, row.public_id, given, NOON)


def test_only_the_bureau(world, case):
    for role in ("teacher", "township_cadre", "school_leader"):
        with pytest.raises(NotPermitted):
            sent(world, case, role=role)
    row = sent(world, case)
    for role in ("other_cadre", "agency_staff"):
        with pytest.raises((NotPermitted, NotVisible)):
            outside.reply(world.scope(role), row.public_id, Reply(TODAY, "是"), NOON)
    assert OutsideNotice.objects.get().replied_on is None


def test_a_child_counts_once_though_two_counties_work(world, case):
    """Rule 13: the key is the person. Open case first, then confirmed elsewhere, one place each."""
    sent(world, case)
    row = sent(world, case, "registered")
    child = Student.objects.get(pk=case.student_id)
    assert child_page(child, TODAY).disposition == "open_case"
    attends(world, row)
    assert child_page(child, TODAY).disposition == "open_case"
    actions.act(
        world.scope("township_cadre"),
        case.public_id,
        Action.DISMISS,
        Order(TODAY, "在瑞安就读"),
        NOON,
    )
    assert child_page(child, TODAY).disposition == "elsewhere"
    assert child_page(child, date(2027, 1, 30)).disposition == "unaccounted"


def test_the_board_counts_the_same_heads_whatever_another_county_does(world, case):
    def counted() -> dict[str, int | None]:
        scope = world.scope("bureau_staff")
        found = board_for(scope, areas.own(scope, TODAY), TODAY, NOON)
        return {key: one.number for key, one in found.by_key.items() if key != "overdue"}

    before = counted()
    assert (before["cases_open"], before["cases_suspected"], before["enrolled"]) == (1, 1, 6)
    sent(world, case)
    row = sent(world, case, "registered")
    outside.reply(world.scope("bureau_staff"), row.public_id, Reply(TODAY, "协助劝返"), NOON)
    assert counted() == before
    attends(world, row)
    # Only the roll of the day: nobody waits for a mark of a child that is explained.
    assert counted() == {**before, "unknown": (before["unknown"] or 0) - 1}
