"""A passer-by gives a tip with a phone, keeps its number, and reads the reply of the bureau."""

import hashlib

import pytest
from playwright.sync_api import Page

from cases.models import Case, Tip
from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [pytest.param(DESK, "desk", id="desk"), pytest.param(PHONE, "phone", id="phone")]
HASHED = (
    "async texts => { const m = await import('/static/js/tip.js'); return texts.map(m.sha256); }"
)


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def fill(page: Page, county) -> None:
    page.check("input[value=child_labour]")
    page.fill(
        "textarea[name=what]",
        "菜市场后面的作坊里有个十二三岁的女孩天天做工，没有上学，电话13812345678",
    )
    page.select_option("select[name=region]", county.village.code)
    page.fill("input[name=where]", "菜市场后面的第二家作坊")
    page.fill("input[name=contact]", "王大妈 13987654321")


@pytest.mark.parametrize(("size", "name"), SIZES)
def test_from_the_street_to_the_bureau_and_back(person, county, clock, size, name):
    visitor = person("", size)
    page = visitor.page
    visitor.goto("/login/")
    visitor.picture(f"tips-00-login-{name}")
    page.click("main a[href='/tips/']")
    visitor.picture(f"tips-01-form-{name}")
    visitor.axe()
    assert fits(page)
    page.click("main form button[type=submit]")  # the browser says what is missing
    assert page.evaluate("!document.querySelector('form[data-tip]').checkValidity()")
    fill(page, county)
    page.click("main form button[type=submit]")
    page.wait_for_selector(".kc-tip-number", timeout=60_000)
    visitor.picture(f"tips-02-sent-{name}")
    visitor.axe()
    assert fits(page)
    number = page.inner_text(".kc-tip-number")
    assert {one["name"] for one in page.context.cookies()} <= {"csrftoken"}  # of the login page
    tip = Tip.objects.get()

    staff = person("bureau_staff", size)
    desk = staff.page
    staff.goto("/tips/queue/")
    staff.picture(f"tips-03-queue-{name}")
    staff.axe()
    assert fits(desk)
    desk.click("summary:has-text('勾选')")
    desk.click("button[data-tick]")
    assert desk.is_checked("input[name=tip]")
    staff.picture(f"tips-03-ticked-{name}")
    desk.click(".kc-row-name")
    desk.click("form[action$='/take/'] button")
    staff.picture(f"tips-04-tip-{name}")
    staff.axe()
    assert fits(desk)
    desk.click("form[action$='/contact/'] button")
    desk.wait_for_selector("text=王大妈")
    staff.picture(f"tips-05-contact-{name}")
    desk.click("a[href$='/link/']")
    desk.fill("input.form-control[name=q]:not(#kc-search)", "张梓涵")
    desk.click(".kc-tip-search button")
    desk.wait_for_selector("table button")
    staff.picture(f"tips-06-link-{name}")
    staff.axe()
    assert fits(desk)
    desk.click("table button[name=student]")
    desk.wait_for_url(f"**/tips/queue/{tip.public_id}/")
    desk.click("details:has(form[action$='/answer/']) summary")
    desk.fill("textarea[name=answer-words]", "已核实，孩子的情况已有专人跟进。感谢您的关心。")
    desk.click("form[action$='/answer/'] button")
    desk.wait_for_load_state()
    staff.picture(f"tips-07-linked-{name}")
    staff.axe()
    assert fits(desk)
    assert Case.objects.get().episode.origin == "tip"

    visitor.goto("/tips/status/")
    page.fill("input[name=number]", "23ac efhj kmnp rtuw")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kc-note-bad")
    visitor.picture(f"tips-08-wrong-{name}")
    page.fill("input[name=number]", number.lower())
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已有专人跟进")
    visitor.picture(f"tips-09-status-{name}")
    visitor.axe()
    assert fits(page)
    assert number not in page.content()
    assert "张梓涵" not in page.content()
    # A browser notes the 422 of the wrong number; nothing else is to be noted.
    assert [one for one in visitor.problems if "422" not in one] == []
    assert staff.problems == []


def test_the_calculation_agrees_with_hashlib_and_tells_how_far_it_is(person, county, clock):
    visitor = person("", PHONE)
    page = visitor.page
    visitor.goto("/tips/?language=en")
    texts = [
        "",
        "abc",
        *("x" * n for n in (54, 55, 56, 63, 64, 65, 119, 120, 1000)),
        "a" * 32 + ":99999",
    ]
    assert page.evaluate(HASHED, texts) == [
        hashlib.sha256(one.encode()).hexdigest() for one in texts
    ]
    # A task without a solution before the end: the longest that a slow phone can meet.
    page.evaluate("document.querySelector('input[name=number]').dataset.most = '3000000'")
    page.evaluate("document.querySelector('input[name=number]').dataset.target = 'none'")
    fill(page, county)
    page.focus("main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kc-tip-progress:visible")
    visitor.picture("tips-10-progress-phone")
    page.keyboard.press("Enter")  # a second time: nothing is sent
    assert page.is_visible(".kc-tip-progress")
    assert not Tip.objects.exists()
    assert visitor.problems == []


@pytest.mark.parametrize(("size", "name"), SIZES)
def test_a_refused_form_keeps_the_words_and_is_sent_again_by_keyboard(
    person, county, clock, size, name
):
    visitor = person("", size)
    page = visitor.page
    visitor.goto("/tips/")
    fill(page, county)
    page.select_option("select[name=region]", "")
    page.fill("input[name=where]", "")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".kc-error", timeout=60_000)
    visitor.picture(f"tips-11-refused-{name}")
    visitor.axe()
    assert "作坊" in page.input_value("textarea[name=what]")
    page.select_option("select[name=region]", county.township.code)
    page.focus("main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kc-tip-number", timeout=60_000)
    assert Tip.objects.get().region == county.township


def test_without_javascript_there_is_the_telephone(person, county, clock):
    visitor = person("", PHONE, java_script_enabled=False)
    visitor.goto("/tips/")
    visitor.picture("tips-12-without-javascript-phone")
    assert visitor.page.is_visible(
        "noscript >> text=JavaScript"
    ) or "JavaScript" in visitor.page.inner_text("main")
    assert visitor.page.is_visible("text=12345")
    assert not visitor.page.is_visible("main form button[type=submit]")
