"""An end other than the return: asked for by the school, decided by the bureau."""

from datetime import date

import pytest

from cases.models import Case
from cases.rules.workflow import State
from cases.services import opening
from tests.browser.conftest import PHONE
from tests.support.rolls import U, at, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_child_that_moved_abroad(person, county, clock):
    for day in (date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)):
        take(county, day, {0: U})
    opening.open_from_runs(at(date(2026, 10, 9), 17))
    case = Case.objects.get()
    clock("2026-10-12T09:00:00+08:00")

    leader = person("school_leader", PHONE)
    leader.goto(f"/cases/{case.public_id}/actions/request_end/")
    leader.page.check("input[name=ending][value=died]", force=True)
    leader.page.fill("textarea[name=proof]", "村委会口头说明")
    leader.page.click("main button.btn-primary")
    assert (
        leader.page.locator("text=学校尚未记录死亡").count() == 1
    )  # refused, what was typed stays
    assert leader.page.input_value("textarea[name=proof]") == "村委会口头说明"
    leader.picture("ends-01-refused-phone")
    leader.page.check("input[name=ending][value=abroad]", force=True)
    leader.page.fill("textarea[name=proof]", "意大利居留许可复印件，编号 I7731；监护人签字说明")
    leader.page.click("main button.btn-primary")
    leader.page.wait_for_url(f"**/cases/{case.public_id}/")
    leader.picture("ends-02-asked-phone")

    bureau = person("bureau_leader")
    bureau.goto("/cases/")
    bureau.picture("ends-03-worklist")
    bureau.page.click("main a.btn-primary:has-text('批准结案')")
    assert bureau.page.locator(".kc-decisions").inner_text().count("I7731") == 1
    bureau.picture("ends-04-decide")
    bureau.page.click("main button.btn-primary")
    bureau.page.wait_for_url(f"**/cases/{case.public_id}/")
    case.refresh_from_db()
    assert case.state == State.CLOSED
    bureau.picture("ends-05-closed")
    assert [one for one in leader.problems if "422" not in one] == []  # the refused form
    assert bureau.problems == []
