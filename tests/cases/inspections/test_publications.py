"""Results for everybody: nobody's name or number, told word for word; the opinion and its rights."""

import uuid
from datetime import date

import pytest
from django.test import Client

from agencies.errors import NotPermitted, NotPossible, RuleBroken
from agencies.models import Obligation
from agencies.rules.obligations import ObligationKind
from cases.models import Opinion, Publication
from cases.queries import inspections as queries
from cases.rules.opinions import Stage
from cases.services import inspections, opinions, publications
from cases.services.opinions import Said
from cases.services.publications import Text
from students.models import Guardian
from tests.cases.inspections.county import NOON, TODAY, bodies, found, held, place, planned
from tests.support.rolls import at


@pytest.fixture
def row(world):
    joined = (bodies(world)["police"].public_id,)
    return held(world, planned(world, place(world), others=joined))


def publish(world, row, text: str, title: str = "明德读经班检查结果") -> Publication:
    wanted = Text(uuid.uuid4(), title, text, "县政府网站")
    return publications.publish(world.scope("bureau_leader"), row.public_id, wanted, NOON)


WRONG = [
    ("现场有张梓涵等两名学生", "张梓涵"),
    ("家长王大伟拒不到场", "王大伟"),
    ("经办人 teacher 某", "teacher 某"),
    ("学生身份证号330328201501012345", "330328201501012345"),
    ("举报电话13812345678", "13812345678"),
]


@pytest.mark.parametrize(("text", "word"), WRONG)
def test_a_text_with_a_person_is_refused_and_says_which_words(world, row, text, word):
    Guardian.objects.create(student=world.pupils[0], name="王大伟", relation="父亲", order=2)
    with pytest.raises(RuleBroken) as refused:
        publish(world, row, text)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.pointer) == ("person", "/text")
    assert word in str(reason.text)
    assert not Publication.objects.exists()


def test_a_name_in_the_title_is_refused_as_well(world, row):
    with pytest.raises(RuleBroken) as refused:
        publish(world, row, "已责令整改", title="关于李浩然的通报")
    assert [one.pointer for one in refused.value.reasons] == ["/title"]


def test_the_name_of_a_place_is_no_name_of_a_person(world, row):
    child = world.pupils[0]
    child.name = "明德"
    child.save()
    assert publish(world, row, "明德读经班已停止办学").pk
    with pytest.raises(RuleBroken):
        publish(world, row, "明德已返校")


def test_the_proposed_text_can_be_published_as_it_is(world, row):
    found(world, row, "holds_children")
    text = queries.proposed_text(row)
    assert "明德读经班" in text
    assert "两名适龄儿童" not in text, "what somebody wrote down is not proposed"
    assert publish(world, row, text).text == text


def test_everybody_reads_it_without_login_or_cookie_until_it_is_taken_back(world, row):
    made = publish(world, row, "已责令整改\n并停止招生")
    answer = Client().get("/public/inspections/")
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert "已责令整改" in answer.content.decode()
    leader = world.scope("bureau_leader")
    with pytest.raises(RuleBroken):
        publications.withdraw(leader, made.public_id, "", NOON)
    publications.withdraw(leader, made.public_id, "文号有误", NOON)
    assert "已责令整改" not in Client().get("/public/inspections/").content.decode()
    with pytest.raises(NotPossible):
        publications.withdraw(leader, made.public_id, "文号有误", NOON)


def test_only_a_leader_publishes_and_only_what_was_held(world, row):
    wanted = Text(uuid.uuid4(), "结果", "已整改", "网站")
    with pytest.raises(NotPermitted):
        publications.publish(world.scope("bureau_staff"), row.public_id, wanted, NOON)
    unit = planned(world, unit=world.school, topic="aid")
    with pytest.raises(NotPossible):
        publish(world, unit, "已整改")


def said(world, row, role: str, stage: Stage, now=NOON, **more: object) -> Opinion:
    given = {"on": TODAY, "text": "见附件", "number": "文教督〔2026〕2号", **more}
    return opinions.take(world.scope(role), row.public_id, stage, Said(**given), now)


@pytest.fixture
def unit(world):
    return held(world, planned(world, unit=world.school, topic="dropout"))


def test_opinion_and_report_are_owed_within_the_days_of_the_province(world, unit):
    kinds = (ObligationKind.INSPECT_OPINION, ObligationKind.INSPECT_REPORT)
    rows = Obligation.objects.filter(kind__in=kinds)
    # 30 calendar days from 12 October; the days of the law are a policy value with its source.
    assert {row.due_on for row in rows} == {date(2026, 11, 11)}
    assert {row.basis["source"] for row in rows} == {"浙江省教育督导条例 (2019)"}


def test_the_school_replies_first_and_asks_for_review_afterwards(world, unit, clock):
    bodies(world)
    with pytest.raises(RuleBroken, match="person"):
        said(world, unit, "bureau_staff", Stage.DRAFT, text=f"{world.pupils[0].name}未到校")
    draft = said(world, unit, "bureau_staff", Stage.DRAFT)
    assert draft.reply_by == date(2026, 10, 22)
    with pytest.raises(NotPossible):
        said(world, unit, "bureau_staff", Stage.ISSUE)
    with pytest.raises(NotPermitted):
        said(world, unit, "bureau_staff", Stage.REPLY)
    said(world, unit, "school_leader", Stage.REPLY)
    said(world, unit, "bureau_staff", Stage.ISSUE)
    said(world, unit, "bureau_staff", Stage.REPORT)
    asked = said(world, unit, "school_leader", Stage.ASK_REVIEW)
    assert asked.review_by == date(2026, 10, 22)
    owed = Obligation.objects.get(kind=ObligationKind.INSPECT_REVIEW)
    assert owed.owed_by.kind == "county"
    with pytest.raises(NotPossible) as refused:
        inspections.close(world.scope("bureau_staff"), unit.public_id, NOON)
    assert [one.code for one in refused.value.reasons] == ["review"]
    said(world, unit, "bureau_staff", Stage.REVIEW)
    assert not Obligation.objects.open().filter(kind__startswith="inspect_").exists()
    assert inspections.close(world.scope("bureau_staff"), unit.public_id, NOON).state == "closed"


def test_a_right_is_used_in_time_whatever_day_is_written(world, unit, clock):
    said(world, unit, "bureau_staff", Stage.DRAFT)
    clock("2026-10-23T09:00")
    with pytest.raises(NotPossible) as refused:
        said(world, unit, "school_leader", Stage.REPLY, now=at(date(2026, 10, 23), 9))
    assert [one.code for one in refused.value.reasons] == ["too_late"]
