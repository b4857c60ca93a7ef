"""Inbox, settings and channels in a real browser, at a desk and on a phone."""

from datetime import datetime, timedelta

import pytest

from agencies.models import Delivery
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind
from agencies.services import dispatch
from tests.browser.conftest import DESK, PHONE
from tests.support.told import census, reachable, robot, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORNING = datetime(2026, 10, 12, 7, 30, tzinfo=CHINA)


@pytest.fixture
def told(county, settings):
    """A few lines of several kinds and days, a flood among them; a robot that cannot be reached."""
    settings.WEBHOOK_HOSTS = settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1:9"]
    robot(county.school, "http://127.0.0.1:9")
    before = MORNING - timedelta(days=3)
    params = {"what": "census"}
    tell(county, NoticeKind.PAPER_BACK, before, agency_id=county.school.pk, params=params)
    tell(county, NoticeKind.PAPER_CONFIRMED, before, agency_id=county.school.pk, params=params)
    for number in range(8):
        owed = census(county, key=str(number))
        tell(county, NoticeKind.REMINDER, MORNING, obligation_id=owed.pk)
    tell(county, NoticeKind.DEADLINE, MORNING, obligation_id=owed.pk, level=1)
    dispatch.expand(MORNING)
    dispatch.deliver(MORNING)
    Delivery.objects.filter(notice__kind=NoticeKind.PAPER_BACK).update(read_at=MORNING)
    reachable(county, "school_leader", email="leader@school.example", phone="13800001111")
    return county


@pytest.mark.parametrize(("size", "name"), [(DESK, "desk"), (PHONE, "phone")])
def test_pictures(person, told, size, name):
    leader = person("school_leader", size)
    page = leader.page
    assert page.locator(".kc-bell-count").inner_text().startswith("10")
    leader.goto("/inbox/")
    page.click("summary:has-text('8条')")
    leader.picture(f"inbox-{name}")
    leader.axe()
    leader.goto("/inbox/settings/")
    leader.picture(f"inbox-settings-{name}")
    leader.axe()
    admin = person("system_admin", size)
    admin.goto("/channels/")
    admin.picture(f"channels-{name}")
    admin.axe()
    admin.goto("/channels/new/")
    admin.page.fill("input[name=agency]", told.school.name)
    admin.page.fill("input[name=base_url]", "https://elsewhere.example")
    admin.page.fill("input[name=token]", "a-token")
    admin.page.click("main button[type=submit]")
    admin.picture(f"channel-refused-{name}")
    admin.axe()
    assert "允许名单" in admin.page.locator("main").inner_text()
    assert leader.problems == []


def test_opening_a_line_without_javascript(person, told):
    leader = person("school_leader", java_script_enabled=False)
    leader.goto("/inbox/")
    leader.page.click("text=已确认")
    assert leader.page.url.endswith("/duties/")
    leader.goto("/inbox/")
    assert leader.page.locator(".kc-bell-count").inner_text().startswith("9")
    leader.page.click("text=全部标为已读")
    assert leader.page.locator(".kc-unread").count() == 0
