"""The legal ladder at a desk and on a telephone: record, order, service with a photo, time left."""

import pytest

from tests.browser.conftest import PHONE
from tests.support.ladder import CRITICISM, ORDER, confirmed, scan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill(page, facts: dict[str, str]) -> None:
    for name, text in facts.items():
        page.fill(f"[name={name}]", text)


def test_from_criticism_to_a_served_order(person, county, clock):
    clock("2026-09-10T12:00:00+08:00")
    case = confirmed(county)
    url = f"/cases/{case.public_id}/ladder/"
    cadre, phone = person("township_cadre"), person("township_cadre", PHONE)
    for somebody, name in ((cadre, "desk"), (phone, "phone")):
        somebody.goto(url)
        somebody.axe()
        somebody.picture(f"legal-01-begin-{name}")
    page = cadre.page
    page.click("text=采取这一步")
    cadre.picture("legal-02-criticism-desk")
    fill(page, CRITICISM)
    page.click("button[value=preview]")
    page.wait_for_selector("#preview")
    page.click("button[value=issue]")
    page.wait_for_url(f"**{url}")

    work = phone.page
    phone.goto(url)
    work.click("text=登记送达")
    work.check("input[name=method][value=direct]", force=True)
    fill(work, {"place": "城南社区3号", "receiver": "张某", "relation": "本人"})
    receipt = {"name": "回证.png", "mimeType": "image/png", "buffer": scan()}
    work.set_input_files("input[name=receipt]", receipt)
    phone.axe()
    phone.picture("legal-03-serve-phone")
    work.click("main button[type=submit]")
    work.wait_for_url(f"**{url}")

    clock("2026-09-11T09:00:00+08:00")
    cadre.goto(url)
    page.click("text=采取这一步")
    fill(page, ORDER)
    page.click("button[value=preview]")
    page.wait_for_selector("#preview")
    cadre.axe()
    cadre.picture("legal-04-order-desk")
    page.click("button[value=issue]")
    page.wait_for_url(f"**{url}")
    page.click("text=登记送达")
    page.check("input[name=method][value=left]", force=True)
    page.click("main button[type=submit]")
    assert "两名" in page.inner_text("[role=alert]")
    cadre.picture("legal-05-refused-desk")
    fill(page, {"place": "城南社区3号", "witnesses": "王一、李二", "note": "拒收"})
    page.set_input_files("input[name=receipt]", receipt)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**{url}")

    clock("2026-09-13T09:00:00+08:00")
    for somebody, name in ((cadre, "desk"), (phone, "phone")):
        somebody.goto(url)
        assert "2026-09-18" in somebody.page.inner_text("main")
        somebody.axe()
        somebody.picture(f"legal-06-served-{name}")

    leader = person("bureau_leader")
    leader.goto("/ladder/")
    leader.axe()
    leader.picture("legal-07-list-desk")
    leader.goto("/ladder/order/")
    leader.axe()
    leader.picture("legal-08-rung-desk")
    for somebody in (cadre, phone, leader):
        expected = [text for text in somebody.problems if "422" not in text]
        assert expected == []
