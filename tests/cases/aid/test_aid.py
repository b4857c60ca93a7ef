"""Aid to any child (S1-06, S1-25, S2-37, S2-42): by hand, from payment lists, with the case's."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import Agency, AuditEvent
from agencies.rules.duties import AgencyKind
from cases.models import AidRecord, PaymentList
from cases.queries import aid as queries
from cases.rules.aid import amount_of
from cases.rules.assistance import Given
from cases.services import aid, assistance, payments
from tests.cases.services.test_chain import absent_for_four_days
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World, agency, id_number

TODAY = date(2026, 10, 12)
MONEY = Given("money", "临时救助金", TODAY, giver_name="县慈善总会", amount=Decimal("800"))
HEAD = "序号,姓名,身份证号,发放金额(元)"


@pytest.fixture
def finance(world: World, clock) -> Agency:
    clock("2026-10-12T09:00")
    return agency("县财政局", AgencyKind.FINANCE, world.county)


def row(world: World, pupil: int, amount: object = "625", **other: str) -> str:
    child = world.pupils[pupil]
    number = other.get("number", child.id_number)
    return f'1,{other.get("name", child.name)},{number},"{amount}"'


def send(world: World, payer: Agency, *rows: str, role: str = "bureau_staff", **changed):
    """The answer to an upload of these rows."""
    content = "\n".join((HEAD, *rows)).encode()
    sent = {
        "giver": str(payer.public_id), "kind": "finance", "what": "2026年秋季生活补助",
        "paid_on": "2026-10-08", "file": SimpleUploadedFile("发放表.csv", content),
    } | changed  # fmt: skip
    return browser(world, role).post("/aid/payments/new/", sent)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("625", "625.00"), ("1,250.5", "1250.50"), ("¥ 1250元", "1250.00"), ("0.50", "0.50"),
        ("0", None), ("-5", None), ("12.345", None), ("六百", None), ("", None), ("1,25", None),
        ("99999999", None),
    ],
)  # fmt: skip
def test_an_amount_is_money_above_nothing(text: str, amount: str | None):
    assert amount_of(text) == (Decimal(amount) if amount else None)


def test_aid_is_written_down_for_a_child_without_a_case_and_taken_back(world: World, clock):
    child = world.pupils[1]
    for role in ("school_leader", "village_cadre", "township_cadre", "bureau_staff"):
        made = aid.record(world.scope(role), child.public_id, MONEY, at(TODAY))
    with pytest.raises(NotPermitted):
        aid.record(world.scope("teacher"), child.public_id, MONEY, at(TODAY))
    with pytest.raises(NotVisible):
        aid.record(world.scope("other_cadre"), child.public_id, MONEY, at(TODAY))
    nothing = Given("money", "", TODAY, giver=str(child.public_id))
    with pytest.raises(RuleBroken) as refused:
        aid.record(world.scope("bureau_staff"), child.public_id, nothing, at(TODAY))
    assert {one.pointer for one in refused.value.reasons} == {"/what", "/amount", "/giver"}
    with pytest.raises(RuleBroken):
        aid.take_back(world.scope("bureau_staff"), child.public_id, made.public_id, " ", at(TODAY))
    aid.take_back(world.scope("bureau_staff"), child.public_id, made.public_id, "重复", at(TODAY))
    assert AidRecord.objects.standing().count() == 3
    made.refresh_from_db()
    assert made.taken_back_because == "重复"
    events = AuditEvent.objects.filter(verb__in=("aid.record", "aid.take_back"))
    assert events.count() == 5
    assert "800" not in str(list(events.values_list("detail")))


def test_a_child_with_a_case_has_one_list_and_one_place_to_write(world: World, clock):
    clock("2026-10-12T09:00")
    child, scope = world.pupils[0], world.scope("township_cadre")
    aid.record(scope, child.public_id, MONEY, at(TODAY))
    case = absent_for_four_days(world)
    assistance.record(scope, case.public_id, Given("meals", "免费午餐", TODAY, giver_name="学校"),
                      at(TODAY))  # fmt: skip
    with pytest.raises(NotPossible) as refused:
        aid.record(scope, child.public_id, MONEY, at(TODAY))
    assert refused.value.reasons[0].code == "has_case"
    page = browser(world, "township_cadre")
    shown = page.get(f"/students/{child.public_id}/aid/").content.decode()
    assert "临时救助金" in shown
    assert "免费午餐" in shown
    assert f"/cases/{case.public_id}/assistance/" in shown
    assert "2 records" in shown
    everybody = page.get("/aid/").content.decode()
    assert "临时救助金" in everybody
    assert "免费午餐" in everybody
    assert "1 child helped" in everybody
    assert "免费午餐" not in page.get("/aid/?kind=money").content.decode()
    answer = api(world, "township_cadre").get(f"/api/v1/students/{child.public_id}/aid/").json()
    assert [one["case"] for one in answer["results"]].count(None) == 1
    assert answer["money"] == "800.00"


def test_the_page_of_a_child_writes_and_takes_back(world: World, clock):
    clock("2026-10-12T09:00")
    child = world.pupils[1].public_id
    page = browser(world, "school_leader")
    form = {"kind": "money", "what": "助学金", "giver_name": "基金会", "starts_on": "2026-10-01"}
    refused = page.post(f"/students/{child}/aid/", form)
    assert refused.status_code == 422
    assert "助学金" in refused.content.decode()
    assert page.post(f"/students/{child}/aid/", form | {"amount": "500"}).status_code == 302
    made = AidRecord.objects.get()
    address = f"/students/{child}/aid/{made.public_id}/take-back/"
    assert page.post(address, {}).status_code == 422
    assert page.post(address, {f"{made.public_id}-because": "写错了"}).status_code == 302
    assert "No help is recorded" in page.get(f"/students/{child}/aid/").content.decode()
    assert page.post(address, {f"{made.public_id}-because": "写错了"}).status_code == 404


def test_a_payment_list_is_checked_before_anything_changes_and_then_applied(
    world: World, finance: Agency
):
    nobody = f"9,无名氏,{id_number(999)},625"
    answer = send(
        world, finance, row(world, 0), row(world, 1, "1,250.00"), row(world, 2, "六百"),
        row(world, 3, name="别的名字"), nobody, row(world, 0), row(world, 4, number="123"),
    )  # fmt: skip
    batch = PaymentList.objects.get()
    assert answer.url == f"/aid/payments/{batch.public_id}/"
    assert AidRecord.objects.count() == 0
    codes = {one.number: [found["code"] for found in one.problems] for one in batch.rows.all()}
    assert codes == {
        2: [], 3: [], 4: ["amount"], 5: ["name_differs"], 6: ["not_ours"], 7: ["same_number"],
        8: ["length"],
    }  # fmt: skip
    page = browser(world, "bureau_staff")
    shown = page.get(answer.url).content.decode()
    assert world.pupils[0].name in shown
    assert "1,875 yuan" in shown
    wrong = page.get(f"{answer.url}?of=error").content.decode()
    assert "No child of our records has this number." in wrong
    assert id_number(999) not in wrong
    assert page.post(f"{answer.url}apply/").status_code == 302
    found = AidRecord.objects.order_by("amount")
    assert [(one.student, one.amount, one.giver) for one in found] == [
        (world.pupils[0], Decimal("625.00"), finance),
        (world.pupils[1], Decimal("1250.00"), finance),
    ]
    assert found[0].starts_on == date(2026, 10, 8)
    again = page.post(f"{answer.url}apply/")
    assert again.status_code == 422
    assert AidRecord.objects.count() == 2
    mine = page.get(f"/students/{world.pupils[0].public_id}/aid/").content.decode()
    assert "2026年秋季生活补助" in mine
    assert "take-back" not in mine  # what came with a list goes with it


def test_the_same_payment_is_not_recorded_twice(world: World, finance: Agency):
    scope, now = world.scope("bureau_staff"), at(TODAY)
    send(world, finance, row(world, 0), row(world, 1))
    first = PaymentList.objects.get()
    assert payments.apply(scope, first.public_id, now) == 2
    same = send(world, finance, row(world, 0), row(world, 1))
    assert same.status_code == 422
    assert "applied already" in same.content.decode()
    send(world, finance, row(world, 1), row(world, 2))
    second = PaymentList.objects.order_by("-pk")[0]
    assert [one.problems[0]["code"] for one in queries.wrong_rows(second)] == ["paid_already"]
    assert payments.apply(scope, second.public_id, now) == 1
    with pytest.raises(RuleBroken):
        payments.take_back(scope, first.public_id, " ", now)
    assert payments.take_back(scope, first.public_id, "发错批次", now) == 2
    assert AidRecord.objects.standing().count() == 1
    with pytest.raises(NotPossible):
        payments.take_back(scope, first.public_id, "发错批次", now)
    assert send(world, finance, row(world, 0), row(world, 1)).status_code == 302


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        ("序号,姓名,身份证号\n1,张三,1".encode(), "missing_headings:金额"),
        (f"{HEAD}\n".encode(), "no_rows"),
        (b"%PDF-1.7", "not_a_sheet"),
    ],
    ids=["empty", "no amount", "nobody", "no table"],
)
def test_a_file_that_cannot_be_used_says_why(world: World, finance, content, problem: str):
    answer = send(world, finance, file=SimpleUploadedFile("a.csv", content))
    batch = PaymentList.objects.get()
    assert (batch.state, batch.problem) == ("refused", problem)
    assert browser(world, "bureau_staff").get(answer.url).status_code == 200
    with pytest.raises(NotPossible):
        payments.apply(world.scope("bureau_staff"), batch.public_id, at(TODAY))


@pytest.mark.parametrize(
    ("field", "value"),
    [("giver", ""), ("kind", "gold"), ("paid_on", "2026-10-13"), ("what", "")],
)
def test_what_is_said_of_a_list_has_to_hold(world: World, finance, field: str, value: str):
    assert send(world, finance, row(world, 0), **{field: value}).status_code == 422
    assert PaymentList.objects.count() == 0


def test_only_the_bureau_takes_lists_in(world: World, finance: Agency):
    for role in ("school_leader", "township_cadre", "teacher", "agency_staff"):
        assert send(world, finance, row(world, 0), role=role).status_code == 403
    assert browser(world, "teacher").get("/aid/").status_code == 403
    child = f"/students/{world.pupils[0].public_id}/aid/"
    assert browser(world, "other_leader").get(child).status_code == 404


def test_a_payment_list_over_the_api(world: World, finance: Agency):
    office, base = api(world, "bureau_staff"), "/api/v1/aid/payments/"
    rows = (HEAD, row(world, 0), row(world, 1), row(world, 2, "六百"))
    sent = {
        "giver": str(finance.public_id), "kind": "finance", "what": "生活补助",
        "paid_on": "2026-10-08",
    }  # fmt: skip

    def hand_in(content: str, **changed: str):
        file = SimpleUploadedFile("发放表.csv", content.encode())
        return office.post(base, {**sent, **changed, "file": file}, format="multipart")

    checked = hand_in("\n".join(rows))
    assert checked.status_code == 201
    answer = checked.json()
    assert (answer["good"], answer["wrong"], answer["money"]) == (2, 1, "1250.00")
    assert [(one["row"], one["code"]) for one in answer["errors"]] == [(4, "amount")]
    one = f"{base}{answer['id']}/"
    assert office.post(f"{one}apply/").json()["made"] == 2
    assert office.post(f"{one}apply/").status_code == 409
    assert office.get(base).json()["results"][0]["state"] == "applied"
    assert hand_in("\n".join(rows)).json()["errors"][0]["pointer"] == "/file"
    assert hand_in("没有表头").status_code == 422
    assert hand_in("\n".join(rows[:2]), giver=str(world.bureau.public_id)).status_code == 201
    assert office.post(f"{one}take-back/", {"because": " "}, format="json").status_code == 422
    gone = office.post(f"{one}take-back/", {"because": "发错批次"}, format="json").json()
    assert (gone["gone"], gone["state"]) == (2, "taken_back")
    assert AidRecord.objects.standing().count() == 0
    assert api(world, "school_leader").get(one).status_code == 403
