"""Profiles in force: both counties whole, a third one from a file, loaded again, changed, ended; 0 deadlines moved."""

import io
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, get_resolver, reverse

from agencies.errors import NotPermitted, NotVisible, RuleBroken
from agencies.models import AgencyDuty, AuditEvent, PolicyRule, Region
from agencies.rules.agency_duties import DutyKind, When
from agencies.rules.clauses import FOLDER, built_in, citation
from agencies.rules.deadlines import CHINA
from agencies.rules.profile import Known, read
from agencies.services import agency_duties
from agencies.services.agency_duties import OwnDuty
from reporting.queries.evidence import CATALOGUE
from reporting.rules.agency_duties import FEATURES

KNOWN = Known(CATALOGUE.keys(), FEATURES.keys())
THIRD = Path(__file__).with_name("third-county.toml")
NOW = datetime(2026, 10, 12, 8, tzinfo=CHINA)
TODAY = NOW.date()


def load(file: Path, **options: object) -> str:
    out = io.StringIO()
    call_command("load_profile", file, stdout=out, **options)
    return out.getvalue().strip()


@pytest.fixture
def third(db: None) -> Region:
    """An invented county with nothing but its name and code."""
    county = Region.objects.create(
        code="999999000000", name="某县", level="county", path="999999", starts_on=date(2000, 1, 1)
    )
    county.county = county
    county.save()
    return county


@pytest.mark.parametrize(("name", "clauses"), [("wencheng-2019", 79), ("qinshui-2020", 52)])
def test_both_profiles_are_whole_and_fit_the_catalogues(name, clauses):
    file = FOLDER / f"{name}.toml"
    assert len(read(file.read_text("utf-8"), file.name, KNOWN).clauses) == clauses


def test_the_only_hard_numbers_are_those_of_the_documents():
    found = {
        (clause.id, one["value"], one["unit"])
        for profile in built_in()
        for clause in profile.clauses
        for one in clause.numbers
    }
    assert found == {
        ("S1-28", 16, "years_of_age"), ("S1-51", 5, "calendar_days"),
        ("S1-53", 10, "calendar_days"), ("S1-57", 3, "working_days"), ("S1-64", 6, "persons"),
        ("S1-72", 3, "years"),
    }  # fmt: skip


def test_every_page_that_a_profile_may_name_exists():
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert set(FEATURES) <= names
    with pytest.raises(NoReverseMatch):
        reverse("case_open")  # needs a child: shown as words


def test_load_reference_has_brought_the_duties_of_both_counties(db):
    counts = {
        code: AgencyDuty.objects.filter(county__code=code).count()
        for code in ("330328000000", "140521000000")
    }
    assert counts == {"330328000000": 79, "140521000000": 52}
    row = AgencyDuty.objects.get(clause="S1-51")
    assert (row.starts_on, row.owed_by, row.obligations) == (
        date(2019, 8, 10), ["school"], ["census", "census_again"]
    )  # fmt: skip
    assert str(row).endswith(citation("S1-51"))


def test_a_third_county_comes_from_one_file(third):
    assert load(THIRD) == "1 values and 3 duties added, 0 changed, 0 ended; 0 deadlines moved."
    rows = AgencyDuty.objects.filter(county=third).order_by("clause")
    assert [(row.clause, row.owed_by) for row in rows] == [
        ("S3-01", ["school"]), ("S3-02", ["township", "village"]), ("S3-03", []),
    ]  # fmt: skip
    assert {row.starts_on for row in rows} == {date(2030, 1, 1)}
    value = PolicyRule.objects.get(county=third)
    assert (value.key, value.value, value.source) == ("term.census_days", 7, "某政办发〔2030〕1号")
    assert load(THIRD) == "0 values and 0 duties added, 0 changed, 0 ended; 0 deadlines moved."


def test_what_reads_otherwise_begins_anew_and_what_is_gone_ends(third, tmp_path):
    load(THIRD)
    text = THIRD.read_text("utf-8")
    changed = tmp_path / "next.toml"
    last = text.index('[[clause]]\nid = "S3-03"')
    changed.write_text(text[:last].replace('["township", "village"]', '["township"]'), "utf-8")
    assert (
        load(changed, since="2031-09-01")
        == "0 values and 0 duties added, 1 changed, 1 ended; 0 deadlines moved."
    )
    rows = AgencyDuty.objects.filter(county=third).order_by("clause", "starts_on")
    assert [(row.clause, row.owed_by, row.starts_on.year, row.ends_on) for row in rows] == [
        ("S3-01", ["school"], 2030, None),
        ("S3-02", ["township", "village"], 2030, date(2031, 8, 31)),
        ("S3-02", ["township"], 2031, None),
        ("S3-03", [], 2030, date(2031, 8, 31)),
    ]  # fmt: skip


def test_another_value_begins_on_its_day_and_the_county_own_later_one_stays(third, tmp_path):
    load(THIRD)
    changed = tmp_path / "next.toml"
    changed.write_text(THIRD.read_text("utf-8").replace("value = 7", "value = 9"), "utf-8")
    own_value = {"key": "term.census_days", "value": 8, "source": "局长决定"}
    rows = PolicyRule.objects.filter(county=third).order_by("starts_on")
    rows.update(ends_on=date(2032, 12, 31))
    PolicyRule.objects.create(county=third, starts_on=date(2033, 1, 1), **own_value)
    assert load(changed, since="2031-09-01").startswith("1 values and 0 duties added")
    assert [(row.value, row.starts_on, row.ends_on) for row in rows] == [
        (7, date(2030, 1, 1), date(2031, 8, 31)),
        (9, date(2031, 9, 1), date(2032, 12, 31)),
        (8, date(2033, 1, 1), None),
    ]
    with pytest.raises(CommandError, match="The first day looks like"):
        load(changed, since="soon")


def test_a_change_before_the_beginning_is_refused_whole(third, tmp_path):
    load(THIRD)
    earlier = tmp_path / "earlier.toml"
    earlier.write_text(THIRD.read_text("utf-8").replace('["school"]', '["bureau"]'), "utf-8")
    with pytest.raises(CommandError, match="S3-01 is in force only from 2030-01-01 on"):
        load(earlier, since="2029-01-01")
    assert AgencyDuty.objects.filter(county=third).count() == 3


def test_the_command_says_file_line_and_reason_and_loads_nothing(third, tmp_path):
    wrong = tmp_path / "wrong.toml"
    text = THIRD.read_text("utf-8")
    wrong.write_text(text.replace('["census_signed"]', '["a_dance"]'), "utf-8")
    line = text[: text.index('["census_signed"]')].count("\n") + 1
    with pytest.raises(CommandError, match=rf"wrong\.toml:{line}: S3-01: .a_dance. is no evidence"):
        load(wrong)
    assert not AgencyDuty.objects.filter(county=third).exists()
    assert load(THIRD, check=True) == "3 clauses, nothing is wrong."
    assert load(THIRD, check=True, json=True) == '{"clauses": 3}'
    with pytest.raises(CommandError, match="There is no county 1"):
        load(THIRD, county="1")
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "none.toml")


def own(**changed: object) -> OwnDuty:
    given = {
        "kind": DutyKind.FIND, "zh": "每月走访一次", "en": "", "owed_by": ("township",),
        "owed_to": ("bureau",), "when": When.REGULAR, "document": "文政办发〔2026〕3号", "place": "二",
        "starts_on": TODAY,
    }  # fmt: skip
    return OwnDuty(**{**given, **changed})


def test_a_county_adds_and_ends_duties_and_loading_again_leaves_them(world):
    leader = world.scope("bureau_leader")
    row = agency_duties.add(leader, own(), NOW)
    second = agency_duties.add(leader, own(zh="另一项"), NOW)
    assert (row.clause, second.clause, row.en) == ("OWN-01", "OWN-02", "每月走访一次")
    agency_duties.end(leader, "S1-20", TODAY, "文政办发〔2026〕3号 第三条", NOW)
    call_command("load_reference", json=True, stdout=io.StringIO())
    ended = AgencyDuty.objects.get(county=world.county, clause="S1-20")
    assert (ended.ends_on, ended.ended_because) == (TODAY, "文政办发〔2026〕3号 第三条")
    assert AgencyDuty.objects.filter(county=world.county).count() == 81
    verbs = AuditEvent.objects.values_list("verb", "subject")
    assert ("agency_duty.end", "clause:S1-20") in verbs
    assert ("agency_duty.add", "clause:OWN-01") in verbs


def test_what_is_refused(world):
    leader = world.scope("bureau_leader")
    with pytest.raises(RuleBroken, match="source"):
        agency_duties.add(leader, own(document=" "), NOW)
    with pytest.raises(RuleBroken, match="because"):
        agency_duties.end(leader, "S1-20", TODAY, " ", NOW)
    with pytest.raises(RuleBroken, match="past"):
        agency_duties.end(leader, "S1-20", TODAY - timedelta(days=1), "x", NOW)
    with pytest.raises(NotVisible):
        agency_duties.end(leader, "S2-20", TODAY, "x", NOW)  # of another county
    for role in ("bureau_staff", "township_leader", "school_leader"):
        with pytest.raises(NotPermitted):
            agency_duties.add(world.scope(role), own(), NOW)
