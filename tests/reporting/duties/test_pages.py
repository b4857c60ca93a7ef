"""The pages of duties: what a body owes, the list of clauses, one clause, adding and ending one."""

import re
import uuid
from datetime import date

import pytest

from agencies.models import AgencyDuty
from agencies.rules.obligations import ObligationKind
from agencies.services import successors
from tests.support.clients import browser
from tests.support.duties import owe
from tests.support.world import agency

NEW = {
    "zh": "每月走访一次", "kind": "find", "owed_by": ["township"], "owed_to": ["bureau"],
    "when": "regular", "document": "文政办发〔2026〕3号", "place": "二", "starts_on": "2026-10-12",
}  # fmt: skip


def words(answer) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


def test_a_school_sees_what_it_owes_the_overdue_first(world):
    owe(world, ObligationKind.CENSUS)  # due on 2026-09-07, today is 10-12
    answer = browser(world, "school_leader").get("/agencies/duties/", follow=True)
    text = words(answer)
    assert answer.redirect_chain[-1][0] == f"/agencies/{world.school.public_id}/duties/"
    assert "大峃镇实验学校 · Duties of the document" in text
    assert "school year 2026–2027" in text
    assert text.index("S1-51") < text.index("S1-17")
    assert "1 past its day" in text
    assert "full checks signed 0" in text
    assert "张梓涵" not in text


def test_states_narrow_the_list_and_an_unknown_year_is_this_one(world):
    owe(world, ObligationKind.CENSUS)
    client = browser(world, "school_leader")
    url = f"/agencies/{world.school.public_id}/duties/"
    late = words(client.get(url, {"state": "late", "year": "1066"}))
    assert "S1-51" in late
    assert "S1-17" not in late
    assert "school year 2026–2027" in late
    assert "school year 2025–2026" in words(client.get(url, {"year": "2025"}))


def test_a_body_that_took_over_shows_the_old_ones_and_the_old_one_its_successor(world):
    old = agency("县扶贫办", "poverty", world.county)
    new = successors.succeed([old], "县乡村振兴局", date(2026, 10, 1), date(2026, 10, 12))
    client = browser(world, "bureau_staff")
    assert "until 2026-09-30: 县扶贫办" in words(client.get(f"/agencies/{new.public_id}/duties/"))
    text = words(client.get(f"/agencies/{old.public_id}/duties/"))
    assert "ended on 2026-09-30; now 县乡村振兴局" in text


@pytest.mark.parametrize(
    ("role", "status"),
    [("bureau_staff", 200), ("township_cadre", 200), ("other_cadre", 404), ("agency_staff", 404), ("village_cadre", 404), ("system_admin", 403)],
)  # fmt: skip
def test_who_sees_the_duties_of_a_school(world, role, status):
    url = f"/agencies/{world.school.public_id}/duties/"
    assert browser(world, role).get(url).status_code == status


def test_what_is_not_there_is_not_there(world):
    client = browser(world, "bureau_staff")
    assert client.get(f"/agencies/{uuid.uuid4()}/duties/").status_code == 404
    assert client.get("/clauses/S2-20/").status_code == 404  # of another county


def test_the_list_of_clauses_is_narrowed(world):
    client = browser(world, "school_leader")
    assert client.get("/clauses/").content.count(b'href="/clauses/S1-') == 50  # and a next page
    assert client.get("/clauses/?from=50").content.count(b'href="/clauses/S1-') == 29
    found = words(client.get("/clauses/", {"owed_by": "village"}))
    assert "S1-11" in found
    assert "S1-51" not in found
    assert "S1-51" in words(client.get("/clauses/", {"q": "全面清查"}))
    assert "S1-30" in words(client.get("/clauses/", {"kind": "context"}))
    assert "No clause fits." in words(client.get("/clauses/", {"state": "ended"}))


def test_a_clause_shows_who_owes_it_since_when_and_what_proves_it(world):
    owe(world, ObligationKind.CENSUS)
    text = words(browser(world, "bureau_staff").get("/clauses/S1-51/"))
    for part in (
        "文政办发〔2019〕26号 三(二)",
        "2019-08-10",
        "5 calendar days",
        "大峃镇实验学校",
        "百丈漈镇中心学校",
        "1 past its day",
    ):
        assert part in text
    own = words(browser(world, "school_leader").get("/clauses/S1-51/"))
    assert "大峃镇实验学校" in own
    assert "百丈漈镇中心学校" not in own


def test_links_lead_only_where_one_may_go(world):
    """A police officer reads the clause but cannot call the roll."""
    for role, there in (("teacher", True), ("agency_staff", False)):
        page = browser(world, role).get("/clauses/S1-57/").content
        assert (b'<a href="/roll/">' in page) is there


def test_context_says_why_nobody_owes_it(world):
    text = words(browser(world, "school_leader").get("/clauses/S1-30/"))
    assert "Why nobody owes it" in text
    assert "How it stands" not in text
    assert "No body that owes it is in your sight." in words(
        browser(world, "school_leader").get("/clauses/S1-32/")
    )


def test_adding_a_duty(world):
    leader = browser(world, "bureau_leader")
    assert leader.get("/clauses/new/").status_code == 200
    refused = leader.post("/clauses/new/", {**NEW, "document": " "})
    assert refused.status_code == 422
    assert "每月走访一次" in refused.content.decode()
    assert leader.post("/clauses/new/", NEW, follow=True).redirect_chain == [
        ("/clauses/OWN-01/", 302)
    ]
    row = AgencyDuty.objects.get(clause="OWN-01")
    assert (row.owed_by, row.owed_to, row.document) == (
        ["township"],
        ["bureau"],
        "文政办发〔2026〕3号",
    )
    assert browser(world, "bureau_staff").get("/clauses/new/").status_code == 403
    assert browser(world, "bureau_staff").post("/clauses/new/", NEW).status_code == 403


def test_ending_a_duty_keeps_its_history(world):
    leader = browser(world, "bureau_leader")
    refused = leader.post("/clauses/S1-20/end/", {"ends_on": "2026-10-12"})
    assert refused.status_code == 422
    assert "Say why it is no longer owed" in words(refused)
    done = {"ends_on": "2026-10-12", "because": "文政办发〔2026〕3号"}
    assert leader.post("/clauses/S1-20/end/", done).status_code == 302
    text = words(leader.get("/clauses/S1-20/"))
    assert "2019-08-10 – 2026-10-12" in text
    assert "文政办发〔2026〕3号" in text
    assert leader.post("/clauses/S1-20/end/", done).status_code == 404  # it has ended already
    assert browser(world, "school_leader").post("/clauses/S1-21/end/", done).status_code == 403
