"""The page of the official calendar: coverage, an upload in two steps, files that are refused."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.models import CalendarDay, CalendarYear, Obligation
from agencies.rules.obligations import ObligationKind
from tests.agencies.rules.test_calendar_file import CSV, TITLE
from tests.agencies.services.test_calendars import NEXT, changed_2026
from tests.agencies.services.test_recompute import owed
from tests.support.clients import browser


def file(content: object, name: str = "notice.json") -> SimpleUploadedFile:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("bureau_staff", 200), ("bureau_leader", 200), ("system_admin", 200), ("teacher", 403),
        ("school_leader", 403), ("township_cadre", 403), ("village_cadre", 403), ("agency_staff", 403),
    ],
)  # fmt: skip
def test_who_may(world, role, status):
    client = browser(world, role)
    assert client.get("/calendar/").status_code == status
    assert client.get("/calendar/check/").status_code in (302, 403)
    sent = client.post("/calendar/", {"file": file({"2027": NEXT})})
    assert sent.status_code == (302 if status == 200 else 403)
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_the_coming_year_is_asked_for_from_mid_november(world, clock):
    client = browser(world, "bureau_staff")
    words = "The official calendar of 2027 is not loaded"
    clock("2026-11-14T08:00")
    page = client.get("/calendar/").content.decode()
    assert words not in page
    assert "2027 is not loaded yet" in page
    clock("2026-11-15T08:00")
    assert words in client.get("/calendar/").content.decode()


def test_a_notice_in_two_steps(world, clock):
    clock("2026-12-29T09:00:00+08:00")
    row = owed(world, ObligationKind.CLOSURE, date(2026, 12, 28))
    client = browser(world, "bureau_staff")
    sheet = "日期,类型,名称\n2027/1/1,放假,元旦\n" + CSV
    sent = client.post(
        "/calendar/", {"file": file(sheet.encode("gb18030"), "假.csv"), "source": TITLE}
    )
    assert (sent.status_code, sent.url) == (302, "/calendar/check/")
    page = client.get("/calendar/check/").content.decode()
    assert "1 open deadline would move or become firm" in page
    assert TITLE in page
    assert "UNDEFINED" not in page
    assert 'name="replace"' not in page
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert Obligation.objects.get(pk=row.pk).provisional
    done = client.post("/calendar/check/")
    assert (done.status_code, done.url) == (302, "/calendar/")
    assert not Obligation.objects.get(pk=row.pk).provisional
    page = client.get("/calendar/").content.decode()
    assert "1 open deadline has moved or become firm" in page
    assert "2027" in page
    assert client.get("/calendar/check/").status_code == 302  # nothing waits any more


def test_a_file_that_contradicts_is_shown_day_by_day(world):
    client = browser(world, "bureau_staff")
    before = list(CalendarDay.objects.values_list("day", "kind").order_by("day"))
    client.post("/calendar/", {"file": file({"2026": changed_2026()})})
    page = client.get("/calendar/check/").content.decode()
    for text in ("2026-09-25", "2026-10-17", 'name="replace"'):
        assert text in page
    refused = client.post("/calendar/check/")
    assert refused.status_code == 422
    assert "2026-09-25: loaded as off, in the file a working day." in refused.content.decode()
    assert list(CalendarDay.objects.values_list("day", "kind").order_by("day")) == before
    assert client.post("/calendar/check/", {"replace": "yes"}).status_code == 302
    assert not CalendarDay.objects.filter(day=date(2026, 9, 25)).exists()


def test_doubts_are_shown_before_it_is_loaded(world):
    client = browser(world, "bureau_staff")
    thin = {**NEXT, "holidays": {"2027-01-01": "元旦", "2027-01-02": "元旦"}}
    client.post("/calendar/", {"file": file({"2027": thin})})
    page = client.get("/calendar/check/").content.decode()
    assert "2027-01-02 lies on a weekend and is off anyway" in page
    assert "Only 1 weekdays off in 2027" in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "This field is required"),
        ({"file": b"{"}, "Line 1, column 2: not readable as JSON"),
        ({"file": b""}, "The submitted file is empty"),
        ({"file": {"2027": {}}}, "holidays has to be an object"),
        (
            {"file": {"2027": {**NEXT, "make_up": ["2026-12-31"]}}},
            "2026-12-31 does not lie in 2027",
        ),
        ({"file": b"\x89PNG\xff\xfe"}, "The file is no text"),
        ({"file": b" " * 300_000}, "too large"),
        ({"file": b"a" * 3_000_000}, "too large"),
    ],
)
def test_refused_files(world, sent, words):
    upload = {name: file(content) for name, content in sent.items()}
    page = browser(world, "bureau_staff").post("/calendar/", {**upload, "source": TITLE})
    text = page.content.decode()
    assert page.status_code == 422
    assert words in text
    assert TITLE in text  # what was typed stays


def test_a_csv_file_needs_a_title(world):
    upload = {"file": file(("date,kind,name\n" + CSV).encode(), "x.csv")}
    page = browser(world, "bureau_staff").post("/calendar/", upload)
    assert page.status_code == 422
    assert "title of the official notice is missing" in page.content.decode()
