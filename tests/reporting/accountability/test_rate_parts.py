"""Rates made of parts: the consolidation rate of a cohort from rows, and the names behind a part."""

import html
import re
from datetime import date

import pytest

from agencies.models import Agency
from cases.rules.workflow import State
from reporting.queries.rate_counts import span
from reporting.queries.rate_parts import consolidation, why_not_counted
from reporting.queries.rates import figures, units
from reporting.rules.rates import ConsolidationParts, Measure
from students.models import EnrollmentChange, EnrollmentRecord, SchoolClass, Student
from students.rules.enrollment import Change
from tests.reporting.county import case
from tests.support.clients import api, browser
from tests.support.world import World

ENTERED, LAST = 2018, 2026  # the first and the last school year of the cohort
AFTER = date(2027, 9, 2)


def stay(child: Student, school: Agency, grade: int, since: date, until: date | None = None):
    """On the roster of the cohort's class of this grade."""
    room, _made = SchoolClass.objects.get_or_create(
        county=school.county, school=school, school_year=ENTERED + grade - 1, grade=grade, number=9
    )
    return EnrollmentRecord.objects.create(
        county=school.county, student=child, school=school, school_class=room,
        starts_on=since, ends_on=until,
    )  # fmt: skip


def change(child: Student, kind: Change, on: date, **side: EnrollmentRecord) -> None:
    EnrollmentChange.objects.create(student=child, kind=kind, on=on, **side)


@pytest.fixture
def cohort(world: World) -> World:
    """Four entered; one moved away, one died, one is still there, two finish: one came later."""
    finishes, leaves, dies, stays, comes = world.pupils[:5]
    EnrollmentRecord.objects.filter(student__in=world.pupils[:5]).delete()
    first, school = date(2018, 9, 1), world.school
    change(finishes, Change.ENTRY, first, after=stay(finishes, school, 1, first, date(2019, 8, 31)))
    gone = stay(leaves, school, 1, first, date(2019, 3, 1))
    change(leaves, Change.TRANSFER_OUT, date(2019, 3, 1), before=gone)
    dead = stay(dies, school, 1, first, date(2019, 5, 1))
    change(dies, Change.DIED, date(2019, 5, 1), before=dead)
    stay(stays, school, 1, first, date(2019, 8, 31))
    came = stay(comes, school, 4, date(2021, 9, 1), date(2022, 8, 31))
    change(comes, Change.TRANSFER_IN, date(2021, 9, 1), after=came)
    for child in (finishes, comes):
        last = stay(child, school, 9, date(2026, 9, 1), date(2027, 6, 30))
        change(child, Change.COMPLETED, date(2027, 6, 30), before=last)
    return world


def test_a_cohort_is_followed_from_grade_1_to_the_end_of_grade_9(cohort: World) -> None:
    year = span(cohort.county.pk, LAST, AFTER)
    found = consolidation(year)
    assert found == ConsolidationParts(entrants=4, moved_in=1, moved_out=1, died=1, graduates=2)
    assert (found.rate.exact, found.rate.shown) == ("2/3", "66.67 %")
    shown = figures(Measure.CONSOLIDATION, year, units(cohort.county.pk, AFTER))
    (figure,) = shown.values()
    assert (figure.area.key, figure.is_counted) == (cohort.county.code, True)
    assert figure.parts == {
        "entrants": 4, "moved_in": 1, "moved_out": 1, "died": 1, "graduates": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("school_year", "on", "why"),
    [(2026, date(2027, 6, 30), "running"), (2025, AFTER, "no_roster"), (2026, AFTER, "")],
)
def test_without_rows_of_its_entry_it_is_not_counted(cohort: World, school_year, on, why) -> None:
    year = span(cohort.county.pk, school_year, on)
    assert why_not_counted(year) == why
    assert (consolidation(year) is None) == bool(why)


def test_the_page_leads_from_the_number_to_its_parts_and_names(cohort: World, clock) -> None:
    clock("2027-09-02T12:00:00+08:00")
    page = browser(cohort, "bureau_staff")
    rates = page.get("/rates/?measure=consolidation&year=2026").content.decode()
    (href,) = re.findall(r'href="(/rates/parts/[^"]*)"', rates)
    assert "Entrants of grade 1" in page.get(html.unescape(href)).content.decode()
    county = f"measure=consolidation&year=2026&unit=county&key={cohort.county.code}&stage="
    for part, name in (("moved_in", 4), ("moved_out", 1), ("died", 2), ("entrants", 3)):
        text = page.get(f"/rates/parts/?{county}&part={part}").content.decode()
        assert cohort.pupils[name].name in text, part
    call = api(cohort, "bureau_staff")
    rows = call.get("/api/v1/rates/?measure=consolidation&year=2026").json()["rows"]
    (row,) = [one for one in rows if one["unit"] == "county"]
    assert call.get(row["href"]).json()["parts"] == row["parts"]
    came = call.get(f"{row['href']}&part=moved_in").json()["results"]
    assert [one["name"] for one in came] == [cohort.pupils[4].name]
    unit = f"measure=net&year=2026&unit=school&key={cohort.school.code}&stage=junior"
    assert "Suspended studies" in page.get(f"/rates/parts/?{unit}").content.decode()
    assert page.get("/rates/parts/?measure=ledger&year=2026").status_code == 404


def test_the_names_behind_a_part_of_the_net_rate(world: World) -> None:
    child = world.pupils[0]
    record = EnrollmentRecord.objects.get(student=child)
    change(child, Change.TRANSFER_OUT, date(2026, 10, 8), before=record)
    unit = f"measure=net&year=2026&unit=school&key={world.school.code}&stage=junior&part=moved_out"
    case(world.pupils[1], State.CONFIRMED, date(2026, 10, 9))
    bureau, other = browser(world, "bureau_staff"), browser(world, "other_leader")
    text = bureau.get(f"/rates/parts/?{unit}").content.decode()
    assert child.name in text
    dropped_out = re.findall(r'href="(/rates/children/[^"]*)">1</a>', text)
    named = bureau.get(html.unescape(dropped_out[0])).content.decode()
    assert world.pupils[1].name in named
    assert other.get(f"/rates/parts/?{unit}").status_code == 404
