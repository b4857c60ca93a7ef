"""Reports of a month or quarter split by focus group: what is told, and of whom it is not."""

from datetime import date

import pytest

from reporting.models import Filing
from reporting.queries.period_groups import by_group
from reporting.queries.period_rows import of_children
from reporting.rules.filings import FilingKind
from reporting.rules.periods import period
from reporting.services import filings, periodic
from reporting.services.filings import Signing
from students.models import FocusTag
from students.queries.focus import children_of
from students.rules.focus import OPEN_GROUPS, FocusGroup
from tests.reporting.periodic.test_periodic import NOW, SEPTEMBER, address, fill
from tests.reporting.test_tags import tagged
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.world import World

ONE, BOTH = FocusGroup.LEFT_BEHIND_ONE, FocusGroup.LEFT_BEHIND_BOTH
SPAN = period(FilingKind.MONTHLY, SEPTEMBER)
SINCE = date(2026, 9, 2)
REVIEW = "/api/v1/periodic/quarterly_review/2026-09-30/county/"
ZERO = {"pupils_end": 0, "runs": 0, "cases_opened": 0, "returned": 0, "cases_open": 0}


@pytest.fixture
def split(world: World, clock) -> World:
    """张 is of two groups, 李 of one; 王 was, and 赵 is of a restricted one."""
    periodic.raise_due(NOW)
    clock("2026-10-06T09:00:00+08:00")
    fill(world)
    zhang, li, wang, zhao, *_ = world.pupils
    tagged(world, ONE, zhang, wang, since=SINCE)
    tagged(world, FocusGroup.MIGRANT, zhang, li, since=SINCE)
    tagged(world, FocusGroup.POOR, zhang, zhao, since=SINCE)
    FocusTag.objects.filter(student=wang).update(ends_on=date(2026, 9, 29))
    return world


def test_each_number_is_as_long_as_its_list_of_the_children_of_the_group(split: World) -> None:
    found = by_group(SPAN, [split.school])
    assert set(found) == OPEN_GROUPS
    assert found[ONE] == {**ZERO, "pupils_end": 1, "runs": 1, "cases_opened": 1, "cases_open": 1}
    assert found[FocusGroup.MIGRANT] == {
        "pupils_end": 2, "runs": 1, "cases_opened": 2, "returned": 1, "cases_open": 2,
    }  # fmt: skip
    assert found[BOTH] == ZERO
    for group, numbers in found.items():
        members = children_of(group, split.county.pk, SEPTEMBER)
        for key, one in of_children([split.school.pk], SPAN).items():
            rows = one.rows.filter(**{f"{one.student}__in": members})
            assert numbers[key] == len(rows), (group, key)


@pytest.mark.parametrize(
    ("role", "tables"), [("school_leader", [4, 2]), ("bureau_staff", [4, 3, 3])]
)
def test_page_paper_and_program_say_the_same(split: World, role: str, tables: list[int]) -> None:
    where = address(split) if role == "school_leader" else REVIEW
    found = api(split, role).get(where).json()
    assert found["groups"]["migrant"]["cases_open"] == 2
    assert set(found["groups"]) == OPEN_GROUPS
    assert [one["rows"] for one in found["tables"]] == tables
    text = browser(split, role).get(where.removeprefix("/api/v1")).content.decode()
    row = text.split("<td>进城务工人员随迁子女</td>", 1)[1]
    assert [cell.split("<")[0] for cell in row.split("<td>")[1:6]] == ["2", "1", "2", "1", "2"]
    assert "一名学生可同时属于几类" in text
    assert "贫困" not in text  # no restricted group in what many read


def test_one_statement_more_whatever_the_groups(split: World) -> None:
    with counted() as taken:
        by_group(SPAN, [split.school, split.second_school])
    assert len(taken) == 1


def test_what_was_signed_before_reports_told_groups_is_still_shown(split: World) -> None:
    scope = split.scope("school_leader")
    _desk, matter = periodic.find(scope, FilingKind.MONTHLY, SEPTEMBER, split.school.code)
    paper, figures = periodic.draft(matter, "", NOW)
    old = type(paper)(title=paper.title, number="〔2026〕1号", agency=paper.agency)
    figures.pop("groups")
    filings.sign(filings.draft(matter.about), old, figures, Signing(scope.posts[0], NOW))
    client = api(split, "school_leader")
    found = client.get(address(split)).json()
    assert (found["groups"], found["figures"]["pupils_end"]) == (None, 6)
    public_id = Filing.objects.get().public_id
    page = browser(split, "school_leader")
    assert page.get(f"/periodic/monthly_report/{SEPTEMBER}/{split.school.code}/").status_code == 200
    assert page.get(f"/filings/{public_id}/pdf/").content.startswith(b"%PDF")
