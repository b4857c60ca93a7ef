"""The pages of the term-start report: draft, sending, signing for it, slips, decision."""

from datetime import datetime

import pytest

from agencies.models import AuditEvent, Receipt
from agencies.rules.deadlines import CHINA
from reporting.models import Filing, Slip
from reporting.rules.filings import FilingKind
from tests.reporting.term_report.county import Autumn, autumn, sign_census
from tests.support.clients import browser

NAME, OUTSIDE = "张梓涵", "外乡生"


@pytest.fixture
def made(world, clock) -> Autumn:
    found = autumn(world)
    clock("2026-09-10T10:00:00+08:00")
    return found


@pytest.fixture
def sent(world, made) -> Filing:
    sign_census(made)
    answer = browser(world, "school_leader").post(made.page, {"version": 1, "remarks": "已核实"})
    assert answer.status_code == 302
    return Filing.objects.get(kind=FilingKind.TERM_REPORT)


def test_the_draft_says_what_is_missing_and_cannot_be_sent(world, made):
    client = browser(world, "school_leader")
    text = client.get(made.page).content.decode()
    assert f"/terms/{world.term.public_id}/census/{world.school.code}/" in text
    assert "Sign and send" not in text
    refused = client.post(made.page, {"remarks": "先发"})
    assert refused.status_code == 422
    assert "not signed yet" in refused.content.decode()
    assert not Receipt.objects.exists()


def test_the_draft_shows_names_and_recipients(world, made):
    sign_census(made)
    text = browser(world, "school_leader").get(made.page).content.decode()
    assert "Sign and send to 3 recipients" in text
    for part in (NAME, OUTSIDE, "百丈漈镇人民政府", "县教育局"):
        assert part in text
    assert "Sign and send" not in browser(world, "bureau_staff").get(made.page).content.decode()
    assert browser(world, "other_cadre").get(made.page).status_code == 404


def test_a_recipient_signs_from_its_list(world, made, sent):
    client = browser(world, "other_cadre")
    text = client.get("/filings/").content.decode()
    assert "大峃镇实验学校" in text
    assert "1 to sign for" in text
    answer = client.post(f"{made.page}receive/", {"back": "list"})
    assert (answer.status_code, answer.url) == (302, "/filings/")
    text = client.get("/filings/").content.decode()
    assert "0 to sign for" in text
    assert "in time" in text
    page = client.get(made.page).content.decode()
    assert OUTSIDE in page
    assert NAME not in page
    assert browser(world, "other_leader").post(f"{made.page}receive/").status_code == 403


def test_the_generic_page_shows_rounds_and_documents(world, made, sent):
    client = browser(world, "other_cadre")
    page = f"/filings/{sent.public_id}/"
    text = client.get(page).content.decode()
    assert sent.papers.get().digest in text
    assert (OUTSIDE in text, NAME in text) == (True, False)
    pdf = client.get(f"{page}pdf/?round=1")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert pdf["Cache-Control"] == "no-store"
    for nonsense in ("2", "x", "٣", "99999999999"):
        assert client.get(f"{page}xlsx/?round={nonsense}").status_code == 404
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"filing.read", "filing.download", "term_report.send"} <= verbs
    for role in ("second_leader", "other_leader"):
        for part in ("", "pdf/", "xlsx/"):
            assert browser(world, role).get(page + part).status_code == 404


def test_slips_are_written_by_the_body_that_signed(world, made, sent):
    page = f"/filings/{sent.public_id}/slips/"
    leader = browser(world, "school_leader")
    assert leader.post(page, {"text": ""}).status_code == 422
    assert leader.post(page, {"text": "在册学生应为8人"}).status_code == 302
    assert Slip.objects.get().number == 1
    assert browser(world, "bureau_staff").post(page, {"text": "x"}).status_code == 403
    assert browser(world, "township_cadre").post(page, {"text": "x"}).status_code == 403
    text = browser(world, "township_cadre").get(f"/filings/{sent.public_id}/").content.decode()
    assert "在册学生应为8人" in text


def test_sent_back_signed_again_and_confirmed(world, made, sent, clock):
    page = f"/filings/{sent.public_id}/decide/"
    staff = browser(world, "bureau_staff")
    refused = staff.post(page, {"decision": "send_back", "reason": ""})
    assert refused.status_code == 422
    assert "reason in writing" in refused.content.decode()
    assert staff.post(page, {"decision": "send_back", "reason": "漏报"}).status_code == 302
    assert browser(world, "school_leader").post(page, {"decision": "confirm"}).status_code == 403
    leader = browser(world, "school_leader")
    text = leader.get(made.page).content.decode()
    assert "漏报" in text
    assert "Sign and send to 3 recipients" in text
    clock("2026-09-15T10:00:00+08:00")
    sent.refresh_from_db()
    assert leader.post(made.page, {"version": sent.version, "remarks": ""}).status_code == 302
    assert [one.round for one in sent.papers.order_by("round")] == [1, 2]
    assert set(Receipt.objects.values_list("sent_at", flat=True)) == {
        datetime(2026, 9, 10, 10, 0, tzinfo=CHINA)
    }
    assert staff.post(page, {"decision": "confirm"}).status_code == 302
    sent.refresh_from_db()
    assert sent.state == "confirmed"
