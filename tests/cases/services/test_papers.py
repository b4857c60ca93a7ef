"""Issuing papers: numbers without gaps, facts frozen, refusals with every place, no full number."""

import hashlib
import io
import json
import threading
import uuid
from datetime import date

import pypdf
import pytest
from django.db import connection, transaction

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import AuditEvent, Obligation, StoredFile
from agencies.rules.scope import Scope
from cases.models import Case, CasePaper
from cases.queries.files import file_of
from cases.queries.paper_facts import Asking, draft_of
from cases.queries.papers import papers_of
from cases.rules.papers import CATALOGUE, LADDER_KINDS, PaperKind
from cases.rules.workflow import Action, State
from cases.services import opening, papers, team
from cases.services.papers import Draft
from tests.cases.services.test_chain import DAYS, absent_for_four_days, act
from tests.support.rolls import U, at, take
from tests.support.world import World, build_or_load

ON = date(2026, 10, 12)
NOW = at(ON, 10)
SAYS = {
    "facts": "两次入户，孩子在家务农。",
    "demand": "送张梓涵到校复学。",
    "days": "7",
    "counting": "按自然日计算",
}


def draft(scope: Scope, case: Case, kind: PaperKind, **said: object) -> Draft:
    """What the case knows, and what the person says."""
    post = papers.may_issue(scope, kind)
    known = draft_of(Asking(scope, case, kind, post, NOW))
    addressee = str(said.pop("addressee", known.addressee))
    return Draft(uuid.uuid4(), addressee, known.facts | said, ON, by_step=True)


def order(world: World, case: Case, role: str = "township_cadre", **said: object) -> CasePaper:
    scope = world.scope(role)
    wanted = draft(scope, case, PaperKind.ORDER_TO_RETURN, **(SAYS | said))
    return papers.issue(scope, case, PaperKind.ORDER_TO_RETURN, wanted, NOW)


def text_of(file: StoredFile) -> str:
    pages = pypdf.PdfReader(io.BytesIO(bytes(file.content))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_an_order_is_numbered_frozen_and_owed_to_be_served(world):
    case = absent_for_four_days(world)
    paper = order(world, case)
    assert paper.number == "大峃政限改〔2026〕1号"
    assert (paper.addressee, paper.episode, paper.serial) == ("张某", 1, 1)
    said = json.dumps(paper.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert paper.facts_digest == hashlib.sha256(said.encode()).hexdigest()
    assert paper.pdf.digest == hashlib.sha256(bytes(paper.pdf.content)).hexdigest()
    printed = text_of(paper.pdf)
    for words in (
        "文成县大峃镇人民政府", "大峃政限改〔2026〕1号", "张梓涵", "2026年9月29日", "7日内",
        "送张梓涵到校复学。", "六十日内向文成县人民政府申请行政复议", "六个月内", "2026年10月12日",
    ):  # fmt: skip
        assert words in printed
    assert Obligation.objects.open().filter(kind="paper_serve").count() == 1
    found = AuditEvent.objects.get(verb="paper.issue")
    assert found.detail == {"kind": "order_to_return", "number": paper.number}


def test_each_body_and_kind_counts_for_itself(world):
    case = absent_for_four_days(world)
    assert order(world, case).number == "大峃政限改〔2026〕1号"
    assert order(world, case).number == "大峃政限改〔2026〕2号"
    assert order(world, case, "bureau_leader").number == "文教限改〔2026〕1号"
    scope = world.scope("school_leader")
    notice = draft(scope, case, PaperKind.PERSUASION_NOTICE)
    made = papers.issue(scope, case, PaperKind.PERSUASION_NOTICE, notice, NOW)
    assert made.number == "大峃实验校劝〔2026〕1号"
    assert "自接到本通知书之日起7日内" in text_of(made.pdf)
    assert "送达回证" in text_of(made.pdf)


def test_the_bureau_cites_the_article_that_speaks_of_it(world):
    case = absent_for_four_days(world)
    assert "第八十三条第二款" in order(world, case, "bureau_leader").facts["basis"]
    assert "第八十三条" not in order(world, case).facts["basis"]


def test_the_same_order_sent_twice_is_one_paper(world):
    case = absent_for_four_days(world)
    scope = world.scope("township_cadre")
    wanted = draft(scope, case, PaperKind.ORDER_TO_RETURN, **SAYS)
    first = papers.issue(scope, case, PaperKind.ORDER_TO_RETURN, wanted, NOW)
    version = Case.objects.get().version
    assert papers.issue(scope, case, PaperKind.ORDER_TO_RETURN, wanted, NOW) == first
    assert (CasePaper.objects.count(), Case.objects.get().version) == (1, version)
    with pytest.raises(RuleBroken) as refused:
        papers.issue(scope, case, PaperKind.TRIP_SHEET, wanted, NOW)
    assert [reason.pointer for reason in refused.value.reasons] == ["/client_id"]


def test_what_is_missing_is_told_with_every_place_and_nothing_is_written(world):
    case = absent_for_four_days(world)
    scope = world.scope("township_cadre")
    wanted = Draft(uuid.uuid4(), " ", {"guardian": "张某", "typo": "x"}, date(2026, 10, 13), True)
    with pytest.raises(RuleBroken) as refused:
        papers.issue(scope, case, PaperKind.ORDER_TO_RETURN, wanted, NOW)
    places = {reason.pointer: reason.code for reason in refused.value.reasons}
    needed = {f.name for f in CATALOGUE[PaperKind.ORDER_TO_RETURN].fields if f.required}
    assert places == {
        **{f"/facts/{name}": "missing" for name in needed - {"guardian"}},
        "/facts/typo": "unknown",
        "/issued_on": "future",
        "/addressee": "missing",
    }
    assert (CasePaper.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert order(world, case).serial == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"since": "2026-02-30"}, "form"),
        ({"guardian": None}, "missing"),
        ({"guardian": {"name": "张某"}}, "form"),
        ({"guardian": ["张某"]}, "form"),
        ({"days": "七"}, "form"),
        ({"days": "0"}, "form"),
        ({"days": "1000"}, "form"),
    ],
)
def test_a_fact_that_cannot_stand_on_a_paper_is_refused_at_its_place(world, said, code):
    case = absent_for_four_days(world)
    scope = world.scope("township_cadre")
    wanted = draft(scope, case, PaperKind.PERSUASION_NOTICE, **said)
    with pytest.raises(RuleBroken) as refused:
        papers.issue(scope, case, PaperKind.PERSUASION_NOTICE, wanted, NOW)
    found = [(reason.code, reason.pointer) for reason in refused.value.reasons]
    assert found == [(code, f"/facts/{next(iter(said))}")]
    assert CasePaper.objects.count() == 0


def test_a_day_before_the_absence_is_no_day_for_a_paper(world):
    case = absent_for_four_days(world)
    scope = world.scope("township_cadre")
    wanted = draft(scope, case, PaperKind.ORDER_TO_RETURN, **SAYS)
    early = Draft(wanted.client_id, wanted.addressee, wanted.facts, date(2026, 9, 28), True)
    with pytest.raises(RuleBroken) as refused:
        papers.issue(scope, case, PaperKind.ORDER_TO_RETURN, early, NOW)
    assert [reason.code for reason in refused.value.reasons] == ["too_early"]


@pytest.mark.parametrize("kind", sorted(LADDER_KINDS))
def test_a_paper_of_the_ladder_comes_by_a_step_only(world, kind):
    case = absent_for_four_days(world)
    wanted = Draft(uuid.uuid4(), "张某", SAYS, ON)
    with pytest.raises(NotPossible) as refused:
        papers.issue(world.scope("township_cadre"), case, kind, wanted, NOW)
    assert [reason.code for reason in refused.value.reasons] == ["ladder"]


@pytest.mark.parametrize("role", ["school_leader", "village_cadre", "teacher", "agency_staff"])
def test_who_may_not_order_is_refused(world, role):
    case = absent_for_four_days(world)
    wanted = Draft(uuid.uuid4(), "张某", SAYS, ON)
    with pytest.raises((NotPermitted, NotVisible)):
        papers.issue(world.scope(role), case, PaperKind.ORDER_TO_RETURN, wanted, NOW)
    assert CasePaper.objects.count() == 0


def test_nothing_goes_to_a_guardian_once_the_case_has_ended_but_its_file_can_be_made(world, clock):
    case = absent_for_four_days(world)
    take(world, DAYS[1], {}, now=at(DAYS[3], 15))
    opening.open_from_runs(at(DAYS[3], 16))
    clock("2026-10-12T12:00")
    act(world, case, "township_cadre", Action.VERIFY, ON)
    act(world, case, "township_cadre", Action.DISMISS, ON, "was here")
    case.refresh_from_db()
    with pytest.raises(NotPossible):
        order(world, case)
    scope = world.scope("township_cadre")
    wanted = draft(scope, case, PaperKind.CASE_FILE)
    assert papers.issue(scope, case, PaperKind.CASE_FILE, wanted, NOW).serial == 1


def test_numbers_of_the_child_stand_in_full_only_where_the_paper_needs_them(world):
    case = absent_for_four_days(world)
    whole = case.student.id_number
    scope = world.scope("bureau_leader")
    said = {
        "asked": f"查找（{whole}）",
        "addressee": "温州市鹿城区教育局",
        "done": "走访",
        "way": "线上",
    }
    extra = {
        "facts": f"身份证{whole}",
        "demand": "送其复学",
        "days": "7",
        "counting": "按自然日计算",
    }
    Case.objects.update(state=State.RETURNED)  # what a closure form needs
    for kind, spec in CATALOGUE.items():
        post = papers.issuing_post(scope, kind)
        if post is None:
            continue
        names = {field.name for field in spec.fields}
        own = {name: value for name, value in (said | extra).items() if name in names}
        for field in spec.fields:
            rows = [{name: "见附件" for name, _head in field.columns}]
            if field.required and field.name not in own:
                own.setdefault(field.name, rows if field.columns else "见附件")
        known = draft_of(Asking(scope, case, kind, post, NOW)).facts
        wanted = Draft(uuid.uuid4(), "温州市鹿城区教育局", own | known, ON, True)
        paper = papers.issue(scope, case, kind, wanted, NOW)
        kept = json.dumps(paper.facts, ensure_ascii=False) + text_of(paper.pdf)
        assert (whole in kept) is (spec.id_number == "full"), kind


def test_every_kind_can_be_drafted_for_everybody_who_issues_it(world):
    """The form of each kind opens with what the case knows; no name is outside its fields."""
    case = absent_for_four_days(world)
    for role in ("school_leader", "township_cadre", "bureau_leader"):
        scope = world.scope(role)
        for kind in PaperKind:
            if post := papers.issuing_post(scope, kind):
                known = draft_of(Asking(scope, case, kind, post, NOW)).facts
                assert set(known) <= {field.name for field in CATALOGUE[kind].fields}
                assert all(known.values())


def test_no_closure_form_for_a_child_that_is_not_back(world, clock):
    clock("2026-10-12T10:00:00+08:00")
    case = absent_for_four_days(world)
    scope, kind = world.scope("township_cadre"), PaperKind.CLOSURE_FORM
    wanted = draft(scope, case, kind, evidence="点名记录")
    with pytest.raises(NotPossible) as refused:
        papers.issue(scope, case, kind, wanted, NOW)
    assert [one.code for one in refused.value.reasons] == ["not_back"]
    Case.objects.update(state=State.RETURNED)
    back = draft(scope, case, kind, ending="返校", evidence="点名记录")
    assert papers.issue(scope, case, kind, back, NOW).number


def test_who_was_replaced_today_is_not_printed_any_more(world):
    case = absent_for_four_days(world)
    order_of = team.Order(ON, NOW)
    for name in ("deputy_leader", "school_leader"):
        team.put(case, {"school_leader": world.posts[name]}, order_of)
    printed = draft(world.scope("township_cadre"), case, PaperKind.CASE_FILE).facts["team"]
    people = [row["name"] for row in printed]
    assert world.posts["school_leader"].user.name in people
    assert world.posts["deputy_leader"].user.name not in people
    assert len(people) == 6


def test_reports_go_to_the_bureau_and_the_township(world):
    case = absent_for_four_days(world)
    scope = world.scope("school_leader")
    wanted = draft(scope, case, PaperKind.OPENING_REPORT, facts="电话联系不上。")
    assert wanted.addressee == "文成县教育局、文成县大峃镇人民政府"
    paper = papers.issue(scope, case, PaperKind.OPENING_REPORT, wanted, NOW)
    assert [row["name"] for row in paper.facts["recipients"]] == ["县教育局", "大峃镇人民政府"]
    assert "签发人：school_leader" in text_of(paper.pdf)


def test_a_list_of_papers_takes_one_query_whatever_their_number(world, django_assert_num_queries):
    case = absent_for_four_days(world)
    for _ in range(3):
        order(world, case)
    with django_assert_num_queries(1):
        rows = papers_of(case)
    assert [row.number[-2:] for row in rows] == ["3号", "2号", "1号"]
    assert all(row.to_be_served and row.word for row in rows)


def test_a_file_belongs_to_one_case(world):
    case = absent_for_four_days(world)
    paper = order(world, case)
    assert file_of(case, paper.pdf.public_id) == paper.pdf
    assert file_of(case, paper.word.public_id) == paper.word
    take_two = world.pupils[1]
    for day in DAYS:
        take(world, day, {0: U, 1: U}, now=at(day, 14))
    opening.open_from_runs(at(DAYS[-1], 15))
    other = Case.objects.get(student=take_two)
    for foreign in (paper.pdf.public_id, paper.word.public_id, uuid.uuid4()):
        with pytest.raises(NotVisible):
            file_of(other, foreign)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers_and_one_that_is_rolled_back_leaves_no_gap(transactional_db):
    world = build_or_load()
    case = absent_for_four_days(world)
    scope = world.scope("township_cadre")
    kind = PaperKind.ORDER_TO_RETURN
    drafts = [draft(scope, case, kind, **SAYS) for _ in range(3)]
    taken, go, numbers = threading.Event(), threading.Event(), []

    def first() -> None:
        try:
            with transaction.atomic():
                papers.issue(scope, case, kind, drafts[0], NOW)
                taken.set()
                go.wait(10)
                raise InterruptedError
        except InterruptedError:
            pass
        finally:
            connection.close()

    def second() -> None:
        try:
            taken.wait(10)
            numbers.append(papers.issue(scope, case, kind, drafts[1], NOW).serial)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for one in (first, second)]
    for thread in threads:
        thread.start()
    taken.wait(10)
    go.set()
    for thread in threads:
        thread.join(20)
    numbers.append(papers.issue(scope, case, kind, drafts[2], NOW).serial)
    assert numbers == [1, 2]
    assert list(CasePaper.objects.order_by("serial").values_list("serial", flat=True)) == [1, 2]
