"""Entrants by zone, their notices, delivery in time; migrant families."""

import io
import uuid
from datetime import date, timedelta

import pypdf
import pytest

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Agency, NumberSequence, Obligation
from students.models import (
    AdmissionNotice,
    Catchment,
    EnrollmentRecord,
    Household,
    MigrantApplication,
    Placement,
    Student,
)
from students.queries import admission as queries
from students.services import admission
from students.services.admission import Asked, Decision
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import START, World, pupil, school_class

SUMMER, YEAR = date(2027, 7, 5), 2027
BORN = date(2021, 5, 4)  # six years old on 31 August 2027


@pytest.fixture
def summer(world: World, clock) -> World:
    """The village goes to the first school, the rest of its township to the second."""
    clock("2027-07-05T09:00")
    for region, school, grade in (
        (world.village, world.school, 1),
        (world.township, world.second_school, 1),
        (world.township, world.school, 7),
    ):
        Catchment.objects.create(
            county=world.county, region=region, school=school, grade=grade, starts_on=START
        )
    return world


def child(world: World, name: str, home, born_on: date = BORN) -> Student:
    household = Household.objects.create(county=world.county, region=home, address="1号")
    return Student.objects.create(
        county=world.county, household=household, name=name, sex="1", born_on=born_on
    )


def names(world: World, grade: int, school: Agency | None) -> set[str]:
    opening = queries.entry(world.county.pk, YEAR)
    return set(queries.entrants(opening, grade, school).values_list("name", flat=True))


def test_grade_one_by_the_zone_of_the_home(summer: World):
    child(summer, "本村", summer.village)
    child(summer, "本镇", summer.township)
    child(summer, "无片区", summer.other_village)
    assert names(summer, 1, summer.school) == {"本村"}
    assert names(summer, 1, summer.second_school) == {"本镇"}
    assert names(summer, 1, None) == {"无片区"}


@pytest.mark.parametrize(
    ("born_on", "enters"),
    [
        (date(2021, 8, 31), True),
        (date(2021, 9, 1), False),
        (date(2020, 9, 1), True),
        (date(2020, 8, 31), False),
    ],
)
def test_full_six_on_31_august(summer: World, born_on, enters):
    child(summer, "某", summer.village, born_on)
    assert bool(names(summer, 1, summer.school)) == enters


def test_who_is_deferred_dead_merged_or_in_school_already_does_not_enter(summer: World):
    late, dead, twice, early = (child(summer, n, summer.village) for n in "缓故并早")
    Placement.objects.create(
        county=summer.county, student=late, kind="deferral", starts_on=date(2027, 8, 1),
        ends_on=date(2028, 7, 31), proof="医院证明", approved_by=summer.posts["bureau_leader"],
    )  # fmt: skip
    Student.objects.filter(pk=dead.pk).update(died_on=SUMMER)
    Student.objects.filter(pk=twice.pk).update(merged_into=late)
    EnrollmentRecord.objects.create(
        county=summer.county, student=early, school=summer.school,
        school_class=summer.school_class, starts_on=date(2026, 9, 1),
    )  # fmt: skip
    assert names(summer, 1, summer.school) == set()


def test_grade_seven_stays_where_the_school_goes_on_else_by_zone(summer: World):
    Agency.objects.filter(pk=summer.second_school.pk).update(last_grade=6)
    pupil(school_class(summer.second_school, 6, 1), "小学毕业", summer.village)
    pupil(school_class(summer.other_school, 6, 1), "九年一贯", summer.village)
    pupil(school_class(summer.second_school, 6, 2), "无片区", summer.other_village)
    assert names(summer, 7, summer.school) == {"小学毕业"}
    assert names(summer, 7, summer.other_school) == {"九年一贯"}
    assert names(summer, 7, None) == {"无片区"}


def test_the_list_says_who_is_still_awaited(summer: World):
    here, late = child(summer, "已到", summer.village), child(summer, "未到", summer.village)
    first = school_class(summer.school, 1, 1)
    first.school_year = YEAR
    first.save()
    EnrollmentRecord.objects.create(
        county=summer.county, student=here, school=summer.school, school_class=first,
        starts_on=date(2027, 9, 1),
    )  # fmt: skip
    opening = queries.entry(summer.county.pk, YEAR)
    rows = queries.entrants(opening, 1, summer.school).values_list("pk", "entered_on")
    assert dict(rows) == {here.pk: date(2027, 9, 1), late.pk: None}
    page = browser(summer, "school_leader").get("/admission/?year=2027&grade=1").content.decode()
    assert "2027-09-01" in page


def issued(world: World, count: int = 3) -> list[AdmissionNotice]:
    for number in range(count):
        child(world, f"新生{number}", world.village)
    made = admission.issue(world.scope("school_leader"), world.school, YEAR, at(SUMMER))
    assert made == count
    return list(AdmissionNotice.objects.order_by("number"))


def test_notices_have_numbers_without_gaps_and_are_made_once(summer: World):
    rows = issued(summer)
    scope = summer.scope("school_leader")
    assert admission.issue(scope, summer.school, YEAR, at(SUMMER, 10)) == 0
    child(summer, "后来", summer.village)
    assert admission.issue(scope, summer.school, YEAR, at(SUMMER, 11)) == 1
    numbers = AdmissionNotice.objects.order_by("number").values_list("number", "first")
    assert list(numbers) == [(1, 1), (2, 1), (3, 1), (4, 4)]
    assert NumberSequence.objects.get(kind="admission").last == 4
    assert rows[0].facts["number"] == "入学〔2027〕1号"
    owed = Obligation.objects.filter(kind="admission_notice")
    assert {row.due_on for row in owed} == {date(2027, 8, 17)}
    assert owed.count() == 2
    assert owed[0].owed_by == summer.school
    assert "新生" not in owed[0].subject + owed[0].href


def test_delivered_the_duty_is_met_with_the_last_of_them(summer: World):
    rows = issued(summer)
    scope = summer.scope("school_leader")
    two = {str(row.public_id): "张某" for row in rows[:2]}
    assert admission.deliver(scope, summer.school, SUMMER, two, at(SUMMER, 12)) == 2
    assert Obligation.objects.get(kind="admission_notice").met_at is None
    cover = queries.coverage(queries.notices(scope, summer.school, YEAR))
    assert [(one.made, one.delivered, one.percent) for one in cover] == [(3, 2, 66)]
    last = {str(rows[2].public_id): " 李某 "}
    admission.deliver(scope, summer.school, SUMMER, last, at(SUMMER, 13))
    rows[2].refresh_from_db()
    assert (rows[2].receiver, rows[2].delivered_by) == ("李某", summer.posts["school_leader"])
    assert Obligation.objects.get(kind="admission_notice").late is False
    assert admission.deliver(scope, summer.school, SUMMER, last, at(SUMMER, 14)) == 0


def test_a_cancelled_notice_keeps_its_number_and_the_child_gets_the_next(summer: World):
    rows, scope = issued(summer), summer.scope("school_leader")
    with pytest.raises(RuleBroken):
        admission.cancel(scope, rows[1].public_id, " ", at(SUMMER, 10))
    with pytest.raises(NotVisible):
        admission.cancel(summer.scope("other_leader"), rows[1].public_id, "错", at(SUMMER, 10))
    admission.cancel(scope, rows[1].public_id, "姓名有误", at(SUMMER, 10))
    with pytest.raises(NotPossible):
        admission.cancel(scope, rows[1].public_id, "姓名有误", at(SUMMER, 10))
    others = {str(row.public_id): "张某" for row in rows}
    assert admission.deliver(scope, summer.school, SUMMER, others, at(SUMMER, 11)) == 2
    assert Obligation.objects.get(kind="admission_notice").late is False
    [cover] = queries.coverage(queries.notices(scope, summer.school, YEAR))
    assert (cover.made, cover.delivered) == (2, 2)
    assert admission.issue(scope, summer.school, YEAR, at(SUMMER, 12)) == 1
    again = AdmissionNotice.objects.get(number=4)
    assert (again.student, again.cancelled_on) == (rows[1].student, None)
    admission.cancel(scope, again.public_id, "学位调整", at(SUMMER, 13))
    assert Obligation.objects.get(key=again.key).waived_because == "the notices were cancelled"


def test_a_notice_is_cancelled_on_its_page_and_over_the_api(summer: World):
    rows, client = issued(summer), browser(summer, "school_leader")
    listed = f"/admission/{summer.school.code}/2027/notices"
    page = f"/admission/notices/{rows[0].public_id}/cancel/"
    assert page in client.get(f"{listed}/").content.decode()
    assert client.post(page, {"because": ""}).status_code == 422
    assert client.post(page, {"because": "姓名有误"}).status_code == 302
    shown = client.get(f"{listed}/").content.decode()
    assert "姓名有误" in shown
    assert page not in shown
    assert client.get(f"/admission/notices/{rows[0].public_id}.pdf").status_code == 409
    assert len(pypdf.PdfReader(io.BytesIO(client.get(f"{listed}.pdf").content)).pages) == 2
    url = f"/api/v1/admission/notices/{rows[1].public_id}/cancel/"
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    sent = {"because": "重复"}
    answer = api(summer, "school_leader").post(url, sent, format="json", **key)
    assert (answer.status_code, answer.data["cancelled_on"]) == (200, "2027-07-05")
    assert browser(summer, "other_leader").get(page).status_code == 404


@pytest.mark.parametrize(
    ("on", "receiver", "code"),
    [
        (SUMMER + timedelta(days=1), "张某", "future"),
        (SUMMER - timedelta(days=1), "张某", "before_issue"),
        (SUMMER, " ", "receiver"),
    ],
)
def test_refused_deliveries(summer: World, on, receiver, code):
    row = issued(summer, 1)[0]
    with pytest.raises(RuleBroken) as refused:
        admission.deliver(
            summer.scope("school_leader"), summer.school, on, {str(row.public_id): receiver},
            at(SUMMER),
        )  # fmt: skip
    assert [reason.code for reason in refused.value.reasons] == [code]


@pytest.mark.parametrize("role", ["teacher", "other_leader", "township_leader"])
def test_who_may_not_make_notices(summer: World, role):
    with pytest.raises(NotPermitted):
        admission.issue(summer.scope(role), summer.school, YEAR, at(SUMMER))


def test_pages_from_the_list_to_the_printed_batch_and_the_delivery(summer: World):
    child(summer, "单雨桐#[*]", summer.village)
    child(summer, "李浩然", summer.village)
    client = browser(summer, "school_leader")
    assert "李浩然" in client.get("/admission/?year=2027&grade=1").content.decode()
    base = f"/admission/{summer.school.code}/2027"
    assert client.get(f"{base}/notices.pdf").status_code == 409
    assert client.post(f"{base}/issue/").status_code == 302
    answer = client.get(f"{base}/notices.pdf")
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    assert len(pages) == 2
    for words in ("单雨桐#[*]", "李浩然", "第五十八条", "入学〔2027〕2号", "2027年9月1日"):
        assert words in text
    row = AdmissionNotice.objects.get(student__name="李浩然")
    one = client.get(f"/admission/notices/{row.public_id}.pdf")
    assert len(pypdf.PdfReader(io.BytesIO(one.content)).pages) == 1
    sent = {"on": "2027-07-09", f"receiver-{row.public_id}": "李某"}
    refused = client.post(f"{base}/deliver/", sent)
    assert refused.status_code == 422
    assert "李某" in refused.content.decode()
    assert client.post(f"{base}/deliver/", {**sent, "on": "2027-07-05"}).status_code == 302
    assert "50 %" in client.get(f"{base}/notices/").content.decode()
    for role, status in (("other_leader", 404), ("teacher", 403)):
        assert browser(summer, role).get(f"{base}/notices/").status_code == status
        assert (
            browser(summer, role).get(f"/admission/notices/{row.public_id}.pdf").status_code
            == status
        )


def test_only_the_bureau_sees_who_has_no_zone(summer: World):
    child(summer, "无片区", summer.other_village)
    at_bureau = browser(summer, "bureau_staff").get("/admission/?year=2027&grade=1&school=")
    assert "无片区" in at_bureau.content.decode()
    at_school = browser(summer, "school_leader").get("/admission/?year=2027&grade=1&school=")
    assert "无片区" not in at_school.content.decode()


def test_notices_over_the_api(summer: World):
    child(summer, "李浩然", summer.village)
    client = api(summer, "school_leader")
    base = f"/api/v1/admission/{summer.school.code}/2027"
    assert [row["name"] for row in client.get(f"{base}/grades/1/").data["results"]] == ["李浩然"]
    assert client.get(f"{base}/grades/3/").status_code == 404
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    assert client.post(f"{base}/notices/", **key).data == {"made": 1}
    assert client.post(f"{base}/notices/", **key).data == {"made": 1}
    row = client.get(f"{base}/notices/").data["results"][0]
    sent = {"on": "2027-07-05", "receivers": {row["id"]: "李某"}}
    strange = {"on": "2027-07-05", "receivers": {str(uuid.uuid4()): "李某"}}
    assert client.post(f"{base}/deliver/", strange, format="json").status_code == 404
    assert client.post(f"{base}/deliver/", sent, format="json").data == {"delivered": 1}


def family(world: World, **changes) -> MigrantApplication:
    given = {
        "name": "外来生", "born_on": BORN, "guardian": "王某", "phone": "13800001111",
        "lives_in": world.village, "home": "贵州省毕节市", "grade": 1,
        "asked": ["residence", "identity"], "given": ["identity"], "on": SUMMER,
    }  # fmt: skip
    return admission.apply(world.scope("school_leader"), Asked(**{**given, **changes}), at(SUMMER))


def test_a_migrant_family_is_answered_within_the_days(summer: World, clock):
    row = family(summer)
    owed = Obligation.objects.get(kind="migrant_decide")
    assert (owed.owed_by, owed.starts_on, owed.due_on) == (
        summer.bureau, SUMMER, date(2027, 7, 19)
    )  # fmt: skip
    assert "外来" not in owed.subject
    clock("2027-07-08T09:00")
    day, scope = date(2027, 7, 8), summer.scope("bureau_staff")
    with pytest.raises(RuleBroken) as refused:
        admission.decide(scope, row, Decision(["identity"], summer.school), at(day))
    assert [reason.code for reason in refused.value.reasons] == ["papers"]
    done = admission.decide(scope, row, Decision(["identity", "residence"], summer.school), at(day))
    assert (done.outcome, done.school, done.decided_on) == ("placed", summer.school, day)
    owed.refresh_from_db()
    assert owed.late is False
    with pytest.raises(NotPossible):
        admission.decide(scope, row, Decision([], None, "不符"), at(day))


def test_a_child_is_not_written_down_twice_while_one_waits(summer: World):
    row = family(summer)
    with pytest.raises(NotPossible) as refused:
        family(summer, name=" 外来生 ", home="别处", grade=2)
    assert [reason.code for reason in refused.value.reasons] == ["waits"]
    assert SUMMER.isoformat() in str(refused.value.reasons[0].text)
    assert summer.school.name in str(refused.value.reasons[0].text)
    for other in ({"name": "外来女"}, {"born_on": date(2021, 5, 5)}, {"guardian": "李某"}):
        family(summer, **other)
    admission.decide(summer.scope("bureau_leader"), row, Decision([], None, "学位已满"), at(SUMMER))
    family(summer)  # answered: the family may ask again


def test_refused_only_with_a_reason_and_only_by_the_bureau(summer: World):
    row = family(summer)
    with pytest.raises(RuleBroken):
        admission.decide(summer.scope("bureau_staff"), row, Decision([]), at(SUMMER))
    with pytest.raises(NotPermitted):
        admission.decide(
            summer.scope("school_leader"), row, Decision([], None, "学位已满"), at(SUMMER)
        )
    done = admission.decide(
        summer.scope("bureau_leader"), row, Decision([], None, "学位已满"), at(SUMMER)
    )
    assert (done.outcome, done.because) == ("refused", "学位已满")


def test_a_migrant_family_through_the_pages(summer: World):
    leader, bureau = browser(summer, "school_leader"), browser(summer, "bureau_staff")
    sent = {
        "name": "外来生", "born_on": "2021-05-04", "guardian": "王某", "lives_in": summer.village.code,
        "home": "贵州", "grade": "1", "asked": ["residence"], "given": [], "on": "2027-07-05",
    }  # fmt: skip
    answer = leader.post("/admission/migrants/", sent)
    page = f"/admission/migrants/{MigrantApplication.objects.get().public_id}/"
    twice = leader.post("/admission/migrants/", sent)
    assert twice.status_code == 422
    assert "2027-07-05 for this child" in twice.content.decode()
    assert (answer.status_code, answer.url) == (302, page)
    assert "外来生" in bureau.get("/admission/migrants/").content.decode()
    assert browser(summer, "other_leader").get(page).status_code == 404
    refused = bureau.post(page, {"school": "", "because": ""})
    assert refused.status_code == 422
    placed = {"school": str(summer.school.public_id), "given": ["residence"], "because": ""}
    assert leader.post(page, placed).status_code == 403
    assert bureau.post(page, placed).status_code == 302
    assert summer.school.name in leader.get(page).content.decode()
