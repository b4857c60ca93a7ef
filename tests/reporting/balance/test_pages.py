"""The balance through pages, API and command: who sees it, what it adds up to, what it refuses."""

import io
import json
from datetime import date, datetime

import pytest
from django.core.management import CommandError, call_command

from agencies.models import AuditEvent
from agencies.queries.policy import in_force
from agencies.rules.deadlines import CHINA
from students.models import EnrollmentRecord, Household, PersonEntry, PersonList, Placement, Student
from tests.support.budgets import counted
from tests.support.clients import api, browser
from tests.support.world import pupil

DAY = "2026-10-12"


@pytest.fixture
def nobody(world) -> Student:
    """A child of the village that is on no roster: known from the register only."""
    home = Household.objects.create(county=world.county, region=world.village)
    return Student.objects.create(
        county=world.county, household=home, name="𠮷㛃", sex="2", born_on=date(2014, 3, 1),
        known_since=date(2026, 10, 1),
    )  # fmt: skip


def test_the_parts_equal_the_total_and_each_row_too(world, nobody):
    found = api(world, "bureau_staff").get(f"/api/v1/balance/?region=330328000000&on={DAY}").json()
    assert found["total"] == sum(found["dispositions"].values()) == 7
    assert (found["dispositions"]["in_school"], found["unaccounted"]) == (6, 1)
    assert found["born"] == {"first": "2011-09-01", "last": "2020-08-31"}
    [row] = found["rows"]
    assert (row["region"], row["total"], row["unaccounted"]) == ("330328100000", 7, 1)
    assert "name" not in found["dispositions"]
    assert "𠮷㛃" not in json.dumps(found)


def test_the_names_of_a_part_are_masked_and_the_reading_is_noted(world, nobody):
    client = api(world, "township_cadre")
    rows = client.get("/api/v1/balance/names/?part=in_school").json()["results"]
    assert len(rows) == 6
    assert all("*" in row["id_number"] for row in rows)
    assert client.get("/api/v1/balance/names/?part=unaccounted").json()["results"][0] == {
        "student": str(nobody.public_id), "name": "𠮷㛃", "id_number": "", "born_on": "2014-03-01",
        "home": world.village.name, "school": None, "class": None,
    }  # fmt: skip
    assert AuditEvent.objects.filter(verb="balance.list").count() == 2
    assert client.get("/api/v1/balance/names/?part=below_age").status_code == 400


def test_a_day_before_the_list_does_not_know_the_child_and_the_flow_shows_it(world, nobody):
    client = api(world, "bureau_leader")
    before = client.get("/api/v1/balance/?on=2026-09-30").json()
    assert (before["total"], before["unaccounted"]) == (6, 0)
    found = client.get(f"/api/v1/balance/flow/?since=2026-09-30&on={DAY}").json()
    assert found["moved"] == 1
    assert {"from": None, "to": "unaccounted", "count": 1} in found["cells"]
    assert client.get(f"/api/v1/balance/flow/?since={DAY}&on=2026-09-30").status_code == 400


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("bureau_staff", "region=330328101000", 200),
        ("township_cadre", "", 200),
        ("village_cadre", "", 200),
        ("township_cadre", "region=330328000000", 404),
        ("township_cadre", "region=330328101000", 404),
        ("bureau_staff", "region=110000000000", 404),
        ("bureau_staff", "on=2027-01-01", 400),
        ("bureau_staff", "on=x", 400),
        ("bureau_staff", "tag=x", 400),
        ("teacher", "", 403),
        ("school_leader", "", 403),
        ("agency_staff", "", 403),
    ],
)
def test_who_sees_which_area(world, role, address, status):
    assert api(world, role).get(f"/api/v1/balance/?{address}").status_code == status
    assert browser(world, role).get(f"/balance/?{address}").status_code == status


def test_every_number_of_the_pages_opens_its_names(world, nobody, clock):
    client = browser(world, "township_cadre")
    text = client.get("/balance/").content.decode()
    assert ">7</b> =" in text
    assert "unaccounted" in text
    href = f"/balance/names/?region=330328100000&on={DAY}&part=unaccounted"
    assert href.replace("&", "&amp;") in text
    names = client.get(href).content.decode()
    assert "𠮷㛃" in names
    assert f"/students/{nobody.public_id}/" in names
    flow = client.get("/balance/flow/?since=2026-09-30").content.decode()
    assert "1 child moved" in flow
    step = client.get("/balance/moved/?since=2026-09-30&from=&to=unaccounted").content.decode()
    assert "𠮷㛃" in step
    assert client.get("/balance/moved/?since=2026-09-30&from=died&to=died").status_code == 404
    assert client.get("/balance/names/?part=x").status_code == 404
    assert "no such" not in client.get("/balance/?on=2030-01-01").content.decode()
    assert client.get("/balance/?on=2030-01-01").status_code == 400


def test_a_placement_that_ended_without_return_is_nobodys_until_the_child_is_back(world, nobody):
    facts = {"county": world.county, "proof": "证明", "approved_by": world.posts["bureau_leader"]}
    Placement.objects.create(
        student=nobody, kind="deferral", starts_on="2026-09-01", ends_on="2026-10-10", **facts
    )
    client = api(world, "bureau_staff")

    def parts(on: str) -> dict:
        found = client.get(f"/api/v1/balance/?on={on}").json()["dispositions"]
        return {key: number for key, number in found.items() if number}

    assert parts("2026-10-10") == {"in_school": 6, "deferral": 1}
    assert parts("2026-10-11") == {"in_school": 6, "unaccounted": 1}
    EnrollmentRecord.objects.create(
        county=world.county, student=nobody, school=world.second_school,
        school_class=world.second_class, starts_on="2026-10-12",
    )  # fmt: skip
    assert parts(DAY) == {"in_school": 7}


def test_a_row_that_waits_for_a_persons_decision_is_said_and_counted_nowhere(world, nobody):
    batch = PersonList.objects.create(
        county=world.county, kind="register", state="applied", as_of=date(2026, 10, 1),
        provider=world.bureau, purpose="比对", file_name="", path="", created_by=world.posts["bureau_staff"],
        created_at=datetime(2026, 10, 2, tzinfo=CHINA),
    )  # fmt: skip
    for number, (region, student) in enumerate(
        [(world.village, None), (None, None), (world.village, nobody)]
    ):
        PersonEntry.objects.create(
            batch=batch, number=number, change="new", name="某", region=region, student=student
        )
    found = {
        role: api(world, role).get("/api/v1/balance/").json()
        for role in ("bureau_staff", "township_cadre", "other_cadre")
    }
    assert {role: one["undecided"] for role, one in found.items()} == {
        "bureau_staff": 2, "township_cadre": 1, "other_cadre": 0,
    }  # fmt: skip
    assert found["bureau_staff"]["total"] == 7
    assert (
        "2 rows of the population register"
        in browser(world, "bureau_staff").get("/balance/").content.decode()
    )


def test_the_command_says_the_same_and_refuses_what_is_no_region(world, nobody):
    out = io.StringIO()
    call_command("balance", region="330328000000", on=DAY, json=True, stdout=out)
    found = json.loads(out.getvalue())
    assert found == api(world, "bureau_staff").get(f"/api/v1/balance/?on={DAY}").json()
    alone = io.StringIO()
    call_command("balance", on=DAY, json=True, stdout=alone)
    assert alone.getvalue() == out.getvalue()
    out = io.StringIO()
    call_command("balance", region="330328100000", stdout=out)
    assert "7  total" in out.getvalue()
    for wrong in ({"region": "1"}, {"on": "x"}, {"on": "2030-01-01"}):
        with pytest.raises(CommandError):
            call_command("balance", **{"region": "330328000000", **wrong}, stdout=out)


def test_ten_queries_at_most_however_many_children(world):
    for serial in range(60):
        pupil(world.other_class, f"生{serial}", world.other_village)
    in_force(world.county.pk, date(2026, 10, 12))
    client = browser(world, "bureau_leader")
    client.get("/balance/")
    with counted() as statements:
        client.get("/balance/")
    assert len(statements) <= 10
