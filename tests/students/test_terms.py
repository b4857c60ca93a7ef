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
