"""A list of another agency at a desk and on a phone: upload, what was found, rows, whom they mean."""

import pytest

from students.imports.run import run_waiting
from tests.browser.conftest import PHONE
from tests.support.lists import PURPOSE, applied, of_child, provider
from tests.support.lists import person as row
from tests.support.rosters import NOW, table, xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "阿卜杜热合曼·买买提吐尔逊·阿布都克里木"


def test_a_list_from_upload_to_applied(person, county):
    address = f"浙江省温州市文成县{county.township.name}{county.village.name}12号"
    provider(county, "register")
    first = [row(f"林{n}", 100 + 2 * n, 户籍地址=address, 户主="林大山") for n in range(70)]
    applied(county, [of_child(county.pupils[0]), *first])
    second = [
        of_child(county.pupils[0], 户籍地址=address),
        *first[:64],
        row(LONG, 902, 户籍地址=address, 户主=LONG),
        row("林小雨", 904, 性别="2"),
        row("林小雪", **{"出生日期": first[0]["公民身份号码"], "公民身份号码": "20130504"}),
        row("林小满", 906, 户籍地址="江西省瑞金市"),
    ]
    clerk = person("bureau_staff")
    page = clerk.page
    clerk.goto("/lists/")
    page.get_by_role("link", name="上传名单").click()
    page.fill("input[name=purpose]", PURPOSE)
    page.fill("input[name=as_of]", "2026-09-01")
    content = xlsx(table(second))
    file = {"name": "适龄儿童名单.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    page.set_input_files("input[type=file]", file)
    clerk.axe()
    page.get_by_role("button", name="上传并检查").click()
    assert "2026-09-20" in page.inner_text("[role=alert]")
    clerk.picture("lists-refused")
    page.fill("input[name=as_of]", "2026-10-10")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url("**/lists/*-*/")
    clerk.axe()
    clerk.picture("lists-result")
    here = page.url.removeprefix(clerk.server)
    clerk.goto(here + "rows/?of=error")
    clerk.picture("lists-rows-error")
    clerk.goto(here + "rows/?of=changed")
    assert address in page.inner_text("ins")
    clerk.picture("lists-rows-changed")
    clerk.axe()
    clerk.goto(here)
    page.locator("form[action$='/apply/'] button").click()
    page.wait_for_selector("#progress")
    run_waiting(NOW)
    page.wait_for_selector(".kc-note-good")
    clerk.picture("lists-applied")
    clerk.goto("/lists/")
    clerk.picture("lists")
    phone = person("bureau_leader", PHONE)
    for name, path in (("", "/lists/"), ("-result", here), ("-rows", here + "rows/?of=new")):
        phone.goto(path)
        wide = phone.page.evaluate("document.documentElement.scrollWidth")
        phone.picture(f"lists{name}-phone")
        assert wide <= PHONE["width"]
    assert [one for one in clerk.problems if "422" not in one] == phone.problems == []
