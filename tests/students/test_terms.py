"""The bureau opens terms and closes days."""

from datetime import date

from agencies.models import AuditEvent, Obligation
from students.models import AbsenceRun, ClosedDay, Term
from tests.support.clients import browser
from tests.support.rolls import U, take

SPRING = {
    "school_year": "2025", "season": "spring", "starts_on": "2026-03-02", "ends_on": "2026-07-03",
}  # fmt: skip


def test_opening_a_term(world):
    client = browser(world, "bureau_staff")
    assert client.post("/terms/", SPRING).status_code == 302
    term = Term.objects.get(season="spring")
    assert (term.school_year, term.starts_on) == (2025, date(2026, 3, 2))
    assert Obligation.objects.filter(starts_on=term.starts_on).count() == 9  # 3 of each school
    assert AuditEvent.objects.get(verb="term.open").subject == f"term:{term.public_id}"
    assert b"2026-03-02" in client.get("/terms/").content


def test_a_doubtful_opening_day_is_confirmed_first(world):
    client = browser(world, "bureau_staff")
    sunday = SPRING | {"starts_on": "2026-03-01"}
    asked = client.post("/terms/", sunday)
    assert asked.status_code == 422
    assert b"no working day" in asked.content
    assert b'value="2026-07-03"' in asked.content
    assert not Term.objects.filter(season="spring").exists()
    assert client.post("/terms/", sunday | {"sure": "on"}).status_code == 302
    assert b"no working day" in client.get("/terms/").content


def test_a_year_without_a_calendar_is_said_to_be_provisional(world):
    later = SPRING | {"school_year": "2030", "starts_on": "2031-03-03", "ends_on": "2031-07-04"}
    assert b"provisional" in browser(world, "bureau_staff").post("/terms/", later).content


def test_refused_terms(world):
    client = browser(world, "bureau_staff")
    for wrong, reason in (
        ({"starts_on": "2026-10-12", "ends_on": "2027-07-03"}, b"overlaps"),
        ({"ends_on": "2026-03-01"}, b"lies before the first"),
        ({"school_year": "2026", "season": "autumn"}, b"open already"),
    ):
        answer = client.post("/terms/", SPRING | wrong)
        assert answer.status_code == 422
        assert reason in answer.content
    assert Term.objects.count() == 1


def test_a_closed_day_for_one_school_is_counted_anew(world):
    for day in (date(2026, 9, 29), date(2026, 9, 30)):
        take(world, day, {0: U})
    assert AbsenceRun.objects.get(student=world.pupils[0]).days == 2
    client = browser(world, "bureau_staff")
    sent = {"day": "2026-09-30", "school": str(world.school.public_id), "reason": "台风"}
    assert client.post("/terms/closed-days/", sent).status_code == 302
    closed = ClosedDay.objects.get()
    assert (closed.school, closed.reason) == (world.school, "台风")
    assert AbsenceRun.objects.get(student=world.pupils[0]).days == 1
    page = client.get("/terms/").content.decode()
    assert "台风" in page


def test_a_refused_closed_day_keeps_the_form(world):
    client = browser(world, "bureau_staff")
    answer = client.post("/terms/closed-days/", {"day": "2026-09-32", "reason": "台风"})
    assert answer.status_code == 422
    assert 'value="台风"' in answer.content.decode()
    assert client.post("/terms/closed-days/", {"day": "2026-09-30", "reason": "台风"}).url
    assert ClosedDay.objects.get().school is None


def test_only_the_bureau(world):
    for role in ("school_leader", "township_leader", "system_admin"):
        assert browser(world, role).get("/terms/").status_code == 403
        assert browser(world, role).post("/terms/closed-days/", {}).status_code == 403


DATES = "/terms/{}/dates/"


def test_changing_the_dates(world, clock):
    clock("2026-02-20T09:00")
    client = browser(world, "bureau_staff")
    client.post("/terms/", SPRING)
    term = Term.objects.get(season="spring")
    url = DATES.format(term.public_id)
    assert url.encode() in client.get("/terms/").content
    page = client.get(url)
    assert b"6 full checks and reports are still open" in page.content
    sunday = {"starts_on": "2026-03-08", "ends_on": "2026-07-03"}
    asked = client.post(url, sunday)
    assert asked.status_code == 422
    assert b"no working day" in asked.content
    assert client.post(url, sunday | {"sure": "on"}).status_code == 302
    said = client.get("/terms/").content
    assert b"6 deadlines have moved; whoever owes them is told." in said
    assert b"3 rolls outside the term are not owed any more." in said
    assert AuditEvent.objects.get(verb="term.move").subject == f"term:{term.public_id}"
    term.refresh_from_db()
    assert term.starts_on == date(2026, 3, 8)


def test_refused_dates_keep_what_was_typed(world, clock):
    client = browser(world, "bureau_staff")
    url = DATES.format(world.term.public_id)
    take(world, date(2026, 9, 30), {})
    refused = client.post(url, {"starts_on": "2026-10-08", "ends_on": "2027-01-29"})
    assert refused.status_code == 422
    assert b"Rolls have been called on days" in refused.content
    assert b'value="2026-10-08"' in refused.content


def test_a_term_that_is_over_offers_no_dates(world, clock):
    clock("2027-02-01T09:00")
    client, url = browser(world, "bureau_staff"), DATES.format(world.term.public_id)
    assert url.encode() not in client.get("/terms/").content
    assert b"This term is over" in client.get(url).content
    answer = client.post(url, {"starts_on": "2026-09-02", "ends_on": "2027-02-05"})
    assert answer.status_code == 422


def test_closed_days_outside_are_said(world):
    ClosedDay.objects.create(county=world.county, day=date(2027, 1, 27), reason="大雪")
    client = browser(world, "bureau_staff")
    sent = {"starts_on": "2026-09-01", "ends_on": "2027-01-22"}
    assert client.post(DATES.format(world.term.public_id), sent).status_code == 302
    assert b"1 closed day lies outside now" in client.get("/terms/").content


def test_who_may_change_the_dates(world):
    url = DATES.format(world.term.public_id)
    for role in ("school_leader", "township_leader", "system_admin"):
        assert browser(world, role).get(url).status_code == 403
    nowhere = DATES.format("01a217f2-e456-7b68-94a2-a9ea2f46acb6")
    assert browser(world, "bureau_staff").get(nowhere).status_code == 404


def test_a_slip_in_the_year_is_refused(world):
    client = browser(world, "bureau_staff")
    wrong = SPRING | {"school_year": "2027", "starts_on": "2023-03-01", "ends_on": "2023-07-03"}
    answer = client.post("/terms/", wrong | {"sure": "on"})
    assert answer.status_code == 422
    assert b"does not belong to that term" in answer.content
    assert Term.objects.count() == 1
