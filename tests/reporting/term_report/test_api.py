"""The term-start report through the API: sent once, received by each recipient in its own time."""

import io
import zipfile

import pytest
from pypdf import PdfReader

from agencies.models import Notice, Obligation, Receipt
from reporting.models import FrozenPaper
from reporting.queries.term_report import report
from students.rules.focus import OPEN_GROUPS, FocusGroup
from tests.reporting.county import case
from tests.reporting.term_report.county import CHECKED, OPENS, Autumn, autumn, sign_census
from tests.reporting.test_tags import tagged
from tests.support.clients import api, browser

MINE, THEIRS = "张梓涵", "外乡生"


@pytest.fixture
def made(world) -> Autumn:
    return autumn(world)


@pytest.fixture
def checked(made) -> Autumn:
    sign_census(made)
    return made


def text_of_pdf(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def text_of_xlsx(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if "xml" in name)


def test_it_is_refused_while_the_full_check_is_not_signed(world, made, clock):
    clock("2026-09-05T10:00:00+08:00")
    client = api(world, "school_leader")
    draft = client.get(made.api).json()
    assert (draft["state"], draft["sent_at"], draft["census_signed"]) == ("draft", None, False)
    assert draft["due_at"] == "2026-09-12T00:00:00+08:00"
    assert draft["figures"]["registered"] == 7
    answer = client.post(f"{made.api}send/", {}, format="json")
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "census"
    assert f"/terms/{world.term.public_id}/census/{world.school.code}/" in answer.content.decode()
    assert not Receipt.objects.exists()
    assert Obligation.objects.get(key=made.key).met_at is None
    assert client.get(f"{made.api}pdf/").status_code == 409


def test_focus_groups_count_the_same_children_and_a_restricted_one_is_not_told(world, made, clock):
    clock("2026-09-05T10:00:00+08:00")
    zhang, li, *_ = world.pupils
    tagged(world, FocusGroup.LEFT_BEHIND_BOTH, zhang, li, since=OPENS)
    tagged(world, FocusGroup.MIGRANT, zhang, made.outside, since=OPENS)
    tagged(world, FocusGroup.POOR, zhang, since=OPENS)

    def rows() -> dict[str, list[str]]:
        page = browser(world, "school_leader").get(made.page).content.decode()
        table = page.split("其中：重点群体", 1)[1].split("</table>")[0]
        lines = [line.split("<td>")[1:] for line in table.split("<tr>")[2:]]
        cells = [[cell.split("<")[0] for cell in line] for line in lines]
        assert "一名学生可同时属于几类" in page
        return {name: numbers for name, *numbers in cells}

    both, migrant = "留守：双亲外出（学籍口径）", "进城务工人员随迁子女"
    before = rows()
    assert (len(before), before[both], before[migrant]) == (4, ["2", "—", "0"], ["2", "—", "0"])
    sign_census(made)
    case(zhang, "suspected", CHECKED.date())
    told = rows()
    assert (told[both], told[migrant]) == (["2", "1", "1"], ["2", "2", "1"])
    found = report(world.term, world.school, CHECKED.date())
    assert {row.key for row in found.by_group} == OPEN_GROUPS


def test_rule_4_each_recipient_has_a_receipt_and_a_lateness_of_its_own(world, checked, clock):
    clock("2026-09-11T18:00:00+08:00")
    sent = api(world, "school_leader").post(
        f"{checked.api}send/", {"version": 1, "remarks": "全部核实"}, format="json"
    )
    assert sent.status_code == 200
    body = sent.json()
    assert (body["late"], body["sent_at"]) == (False, "2026-09-11T18:00:00+08:00")
    names = [one["recipient"]["name"] for one in body["receipts"]]
    assert names == ["县教育局", "大峃镇人民政府", "百丈漈镇人民政府"]
    figures = body["figures"]
    assert (figures["expected"], figures["arrived"], figures["missing"]) == (8, 6, 2)

    clock("2026-09-11T15:59:59Z")
    answer = api(world, "bureau_staff").post(f"{checked.api}receive/")
    assert answer.status_code == 200
    clock("2026-09-12T09:00:00+08:00")
    answer = api(world, "other_cadre").post(f"{checked.api}receive/")
    assert answer.status_code == 200
    clock("2026-09-20T09:00:00+08:00")
    api(world, "bureau_leader").post(f"{checked.api}receive/")  # the first time stands
    receipts = api(world, "school_leader").get(checked.api).json()["receipts"]
    assert [(one["recipient"]["kind"], one["received_at"], one["late"]) for one in receipts] == [
        ("bureau", "2026-09-11T23:59:59+08:00", False),
        ("township", None, None),
        ("township", "2026-09-12T09:00:00+08:00", True),
    ]


def test_sent_twice_gives_the_first_answer_again(world, checked, clock):
    clock("2026-09-10T10:00:00+08:00")
    client = api(world, "school_leader")
    first = client.post(f"{checked.api}send/", {"remarks": "一"}, format="json")
    clock("2026-09-14T10:00:00+08:00")
    again = client.post(f"{checked.api}send/", {"remarks": "二", "version": 1}, format="json")
    assert (again.status_code, again.json()) == (200, first.json())
    assert FrozenPaper.objects.filter(filing__kind="term_report").count() == 1
    assert Receipt.objects.count() == Notice.objects.filter(kind="paper_arrived").count() == 3
    assert Obligation.objects.get(key=checked.key).late is False


def test_a_stale_draft_is_a_conflict(world, checked, clock):
    clock("2026-09-10T10:00:00+08:00")
    answer = api(world, "school_leader").post(f"{checked.api}send/", {"version": 7}, format="json")
    assert answer.status_code == 409
    assert not Receipt.objects.exists()


def test_who_sees_it_before_and_after(world, checked, clock):
    clock("2026-09-10T10:00:00+08:00")
    everybody = (
        "school_leader", "bureau_staff", "township_cadre", "other_cadre", "second_leader",
        "other_leader",
    )  # fmt: skip
    before = {role: api(world, role).get(checked.api).status_code for role in everybody}
    assert [role for role, status in before.items() if status == 200] == list(everybody[:2])
    assert set(before.values()) == {200, 404}
    assert api(world, "second_leader").post(f"{checked.api}send/").status_code == 404
    assert api(world, "bureau_staff").post(f"{checked.api}send/").status_code == 403
    assert api(world, "teacher").get(checked.api).status_code == 403
    api(world, "school_leader").post(f"{checked.api}send/")
    after = {role: api(world, role).get(checked.api).status_code for role in everybody}
    assert [role for role, status in after.items() if status == 200] == list(everybody[:4])
    assert api(world, "second_leader").post(f"{checked.api}receive/").status_code == 404
    current = checked.api.replace(str(world.term.public_id), "current")
    assert api(world, "other_cadre").get(current).status_code == 200


def test_a_township_that_has_no_child_in_it_never_sees_it(world, checked, clock):
    checked.outside.enrollments.all().delete()
    checked.outside.household.region = world.village
    checked.outside.household.save()
    clock("2026-09-10T10:00:00+08:00")
    sent = api(world, "school_leader").post(f"{checked.api}send/").json()
    assert [one["recipient"]["name"] for one in sent["receipts"]] == ["县教育局", "大峃镇人民政府"]
    for path in ("", "pdf/", "xlsx/"):
        assert api(world, "other_cadre").get(checked.api + path).status_code == 404
    assert api(world, "other_cadre").post(f"{checked.api}receive/").status_code == 404


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("school_leader", {MINE, THEIRS}),
        ("bureau_staff", {MINE, THEIRS}),
        ("township_cadre", {MINE}),
        ("other_cadre", {THEIRS}),
    ],
)
def test_each_copy_names_only_the_children_of_that_township(world, checked, clock, role, sees):
    clock("2026-09-10T10:00:00+08:00")
    api(world, "school_leader").post(f"{checked.api}send/")
    client = api(world, role)
    pdf, book = client.get(f"{checked.api}pdf/"), client.get(f"{checked.api}xlsx/")
    for answer, read in ((pdf, text_of_pdf), (book, text_of_xlsx)):
        text = read(answer.content)
        assert {name for name in (MINE, THEIRS) if name in text} == sees
        assert "应到" in text
        assert "未到校" in text
        assert answer["Cache-Control"] == "no-store"
        assert "term_report-3133000001-2026-09-01" in answer["Content-Disposition"]
    assert pdf["Content-Type"] == "application/pdf"
    lists = [one for one in client.get(checked.api).json()["tables"] if "名单" in one["title"]]
    assert sum(one["rows"] for one in lists) == len(sees)
    assert checked.outside.id_number not in text_of_pdf(pdf.content)
