"""A register of 500 rows from the upload to nobody unaccounted for, at a desk; and on a phone."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from cases.models import Case
from cases.services import comparison
from students.imports.run import run_waiting
from students.models import (
    EnrollmentRecord,
    Guardian,
    Household,
    PersonList,
    Placement,
    Student,
)
from students.rules.names import search_keys
from tests.browser.conftest import PHONE
from tests.support.clients import api
from tests.support.lists import AS_OF, PURPOSE, person, provider
from tests.support.rosters import NOW, table, xlsx
from tests.support.world import id_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BORN = date(2014, 3, 5)
PUPILS, ROWS = 482, 500
SIGNS = "一二三四五六七八九十百千万年月日天地山水"
# What a clerk finds out about the rows that mean nobody on a roster.
FOUND = {
    "register_error": ("钱查无", "走访查无此人，派出所核实已死亡", "2026-09-02"),
    "same_province": ("孙在省", "温州市某校就读证明", ""),
    "other_province": ("李外省", "广东某校就读证明，对方已确认", ""),
    "past_age": ("周超龄", "2025年初中毕业证书", "2025-06-20"),
    "abroad": ("吴出境", "出入境记录", ""),
    "unable": ("郑缓学", "县医院证明，缓学已批准", ""),
    "other": ("王外出", "随父母外出，电话长期无法接通", ""),
}
OUT_OF_SCHOOL = ("冯在家", "陈务工")
PLACED = {
    "孙在省": "elsewhere",
    "李外省": "elsewhere",
    "吴出境": "abroad",
    "郑缓学": "deferral",
}


def pupils(county) -> list[Student]:
    """Children on the roster of one class, each with a household, a guardian and a number."""
    numbers = range(1, PUPILS + 1)
    village, common = county.village, {"county": county.county}
    homes = Household.objects.bulk_create(
        Household(region=village, address=f"{village.name}{n}号", **common) for n in numbers
    )
    names = [f"赵{SIGNS[n % 20]}{SIGNS[n // 20 % 20]}{SIGNS[n // 400]}" for n in numbers]
    made = Student.objects.bulk_create(
        Student(
            household=home,
            name=name,
            name_keys=search_keys(name),
            sex="1" if int(id_number(n, BORN)[16]) % 2 else "2",
            born_on=BORN,
            id_number=id_number(n, BORN),
            **common,
        )
        for n, name, home in zip(numbers, names, homes, strict=True)
    )
    Guardian.objects.bulk_create(Guardian(student=one, name=f"{one.name}父") for one in made)
    EnrollmentRecord.objects.bulk_create(
        EnrollmentRecord(
            student=one,
            school=county.school,
            school_class=county.school_class,
            starts_on=date(2026, 9, 1),
            **common,
        )
        for one in made
    )
    return made


def rows_of(county, children: list[Student]) -> list[dict[str, object]]:
    """482 pupils, 470 of them faultless; nine with nobody on a roster; the rest of the cast."""
    rows = [_row(child) for child in children]
    for row in rows[:5]:
        row["公民身份号码"] = ""  # found by the facts
    for nth, row in enumerate(rows[5:10]):
        row["姓名"] = f"钱新名{SIGNS[nth]}"  # one number, two names: a person decides
    for row in rows[10:12]:
        row["户籍地址"] = "别处"
    rows += [_row(child) for child in county.pupils]
    unknown = [name for name, _note, _on in FOUND.values()]
    place = f"{county.village.name}99号"
    for serial, name in enumerate((*unknown, *OUT_OF_SCHOOL), 900):
        born = date(2009, 3, 5) if name == "周超龄" else BORN
        number = id_number(serial, born)
        sex = "男" if int(number[16]) % 2 else "女"
        rows.append(
            person(name) | {
                "性别": sex, "出生日期": f"{born:%Y%m%d}", "公民身份号码": number,
                "户籍地址": place, "户主": f"{name}父",
            }
        )  # fmt: skip
    for nth in range(ROWS - len(rows)):  # more of those who are away
        number = id_number(950 + nth, BORN)
        rows.append(
            person(f"褚某{SIGNS[nth]}") | {
                "性别": "男" if int(number[16]) % 2 else "女", "出生日期": f"{BORN:%Y%m%d}",
                "公民身份号码": number, "户籍地址": place, "户主": "褚父",
            }
        )  # fmt: skip
    return rows


def _row(child: Student) -> dict[str, object]:
    guardian = child.guardians.first()
    return person(child.name) | {
        "性别": "男" if child.sex == "1" else "女",
        "出生日期": f"{child.born_on:%Y%m%d}",
        "公民身份号码": child.id_number,
        "户籍地址": child.household.address,
        "户主": guardian.name if guardian else "",
    }


def upload(somebody, county, content: bytes) -> None:
    page = somebody.page
    somebody.goto("/lists/new/")
    page.select_option("select[name=kind]", "register")
    page.select_option("select[name=provider]", label=provider(county, "register").name)
    page.fill("input[name=as_of]", AS_OF.isoformat())
    page.fill("input[name=purpose]", PURPOSE)
    page.set_input_files(
        "input[name=file]",
        {"name": "名单.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": content},
    )
    page.click("main form button[type=submit]")


def test_five_hundred_rows_to_nobody_unaccounted(person, county, clock):
    clock("2026-10-12T08:00:00+08:00")
    children = pupils(county)
    office = person("bureau_staff")
    page = office.page
    upload(office, county, xlsx(table(rows_of(county, children))))
    office.picture("register-01-dry-run")
    page.click("form[action$='/apply/'] button")
    run_waiting(NOW)
    comparison.follow(NOW.date(), NOW)
    batch = PersonList.objects.get()
    assert batch.state == "applied"

    office.goto("/comparison/")
    office.axe()
    office.picture("register-02-to-check")
    before = api(county, "bureau_staff").get("/api/v1/balance/").json()
    assert before["unaccounted"] == ROWS - PUPILS - len(county.pupils)

    page.click(f"a[href='/lists/{batch.public_id}/same-child/']")
    office.axe()
    office.picture("register-03-same-child")
    phone = person("township_cadre", PHONE)
    phone.goto(f"/lists/{batch.public_id}/same-child/")
    phone.axe()
    phone.picture("register-03-same-child-phone")
    while page.locator("button[name=same]").count():  # by the keyboard alone
        page.locator("button[name=same]").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    comparison.follow(NOW.date(), NOW)

    for name, kind in PLACED.items():  # what the papers behind a result make of the child
        place(county, batch, name, kind)
    for result, (name, note, on) in FOUND.items():
        give(office, batch, name, result, note, on)
    for nth, name in enumerate(OUT_OF_SCHOOL):
        give(office, batch, name, "out_of_school", "走访在家", f"2026-09-0{nth + 1}")
    for entry in batch.entries.filter(result=""):
        give(office, batch, entry.name, "out_of_school", "全家外出，去向不明", "2026-09-01")

    office.goto("/comparison/")
    office.picture("register-04-checked")
    counts = api(county, "bureau_staff").get(f"/api/v1/comparisons/{batch.public_id}/").json()
    assert counts["total"] == sum(counts["results"].values()) == ROWS
    assert counts["to_check"] == 0
    assert all(counts["results"].values())  # all eight classes, and out of school
    assert Case.objects.count() >= len(OUT_OF_SCHOOL)
    office.goto("/balance/")
    office.picture("register-05-balance")
    counted = page.locator("details.kc-details p")
    assert not counted.is_visible()
    page.emulate_media(media="print")  # what is counted how is printed with the figures
    assert counted.is_visible()
    office.picture("register-05-balance-print")
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages[0].extract_text()
    columns = page.locator(".kc-board-table thead th").count()
    assert columns in {len(line.split()) for line in paper.splitlines()}  # none falls off
    page.emulate_media(media="screen")
    after = api(county, "bureau_staff").get("/api/v1/balance/").json()
    assert after["unaccounted"] == 0
    assert after["total"] == sum(after["dispositions"].values())
    phone.goto("/comparison/")
    phone.axe()
    phone.picture("register-04-checked-phone")
    assert office.problems == [] or all("422" in problem for problem in office.problems)


def place(county, batch: PersonList, name: str, kind: str) -> None:
    """A lawful placement with its proof; how it is asked for and decided has its own test."""
    Placement.objects.create(
        county=county.county,
        student=batch.entries.get(name=name).student,
        kind=kind,
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 1, 31),
        proof="证明",
        approved_by=county.posts["bureau_leader"],
    )


def give(office, batch: PersonList, name: str, result: str, note: str, on: str) -> None:
    entry = batch.entries.get(name=name)
    office.goto(f"/lists/{batch.public_id}/comparison/{entry.public_id}/")
    page = office.page
    page.check(f"input[name=result][value={result}]", force=True)
    page.fill("textarea[name=note]", note)
    page.fill("input[name=on]", on)
    if result == "unable":
        office.axe()
        office.picture("register-06-row")
    page.click("main form button.btn-primary")
    assert page.url.endswith(f"/lists/{batch.public_id}/comparison/"), (name, result)
