"""What a paper on responsibility and an activity of publicity need: as tables."""

from dataclasses import replace
from datetime import date

import pytest

from agencies.rules.commitments import CommitmentKind, Written, problems, publicity_problems
from agencies.rules.duties import AgencyKind

TODAY = date(2026, 10, 12)
LETTER = Written(
    CommitmentKind.LETTER,
    "2026年控辍保学责任书",
    date(2026, 9, 1),
    2026,
    side="government",
    signer="镇长 王某",
)
PLAN = Written(CommitmentKind.PLAN, "工作方案", date(2026, 9, 1), 2026)
GROUP = Written(CommitmentKind.GROUP, "领导小组", date(2026, 9, 1))
RULES = Written(CommitmentKind.RULES, "村规民约", date(2026, 9, 1))


def codes(written: Written, body: AgencyKind = AgencyKind.TOWNSHIP) -> list[str]:
    return [reason.code for reason in problems(written, body, TODAY)]


@pytest.mark.parametrize("paper", [LETTER, PLAN, GROUP], ids=["letter", "plan", "group"])
def test_a_whole_paper_is_taken(paper):
    assert codes(paper) == []


@pytest.mark.parametrize(
    ("paper", "change", "code"),
    [
        (LETTER, {"title": "  "}, "title"),
        (LETTER, {"signed_on": date(2026, 10, 13)}, "signed_on"),
        (LETTER, {"year": None}, "year"),
        (LETTER, {"year": 2030}, "year"),
        (LETTER, {"side": "neighbours"}, "side"),
        (LETTER, {"signer": ""}, "signer"),
        (LETTER, {"copies": 0}, "copies"),
        (LETTER, {"copies": 30}, "copies"),
        (GROUP, {"year": 2026}, "year"),
        (PLAN, {"published_on": date(2026, 8, 31), "published_where": "公告栏"}, "published_on"),
        (PLAN, {"published_on": date(2026, 10, 13), "published_where": "公告栏"}, "published_on"),
        (PLAN, {"published_on": date(2026, 9, 2)}, "published_where"),
        (PLAN, {"published_where": "公告栏"}, "published_on"),
    ],
)
def test_what_is_missing_is_told(paper, change, code):
    assert codes(replace(paper, **change)) == [code]


def test_letters_of_parents_are_counted():
    assert codes(replace(LETTER, side="parents", copies=640), AgencyKind.SCHOOL) == []


def test_only_a_village_has_village_rules():
    assert codes(RULES, AgencyKind.VILLAGE) == []
    assert codes(RULES, AgencyKind.TOWNSHIP) == ["kind"]


@pytest.mark.parametrize(
    ("on", "reach", "statutes", "code"),
    [
        (TODAY, 0, ["minors"], []),
        (date(2026, 10, 13), 1, ["minors"], ["on"]),
        (TODAY, -1, ["minors"], ["reach"]),
        (TODAY, 5, [], ["statutes"]),
        (TODAY, 5, ["traffic"], ["statutes"]),
    ],
)
def test_an_activity(on, reach, statutes, code):
    assert [one.code for one in publicity_problems(on, TODAY, reach, statutes)] == code
