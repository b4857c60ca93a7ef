"""Filing, members, publicity and the coverage of all bodies: through the services and the API."""

import uuid
from datetime import date

import pytest

from agencies import clock
from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import AuditEvent, Commitment, Publicity
from agencies.queries import commitments as queries
from agencies.queries.commitments import Wanted
from agencies.rules.commitments import CommitmentKind, Written
from agencies.services import commitments
from agencies.services.commitments import Activity, Named, Paper
from tests.support.clients import api
from tests.support.ladder import scan

SIGNED = date(2026, 9, 1)


def paper(kind: CommitmentKind, **more) -> Paper:
    yearly = kind in (CommitmentKind.LETTER, CommitmentKind.PLAN)
    facts = {"title": "控辍保学", "signed_on": SIGNED, "year": 2026 if yearly else None}
    if kind is CommitmentKind.LETTER:
        facts |= {"side": "government", "signer": "镇长 王某"}
    return Paper(uuid.uuid4(), Written(kind=kind, **facts | more))


def file(world, role: str, body, kind: CommitmentKind, **more) -> Commitment:
    return commitments.file_paper(
        world.scope(role), body.public_id, paper(kind, **more), clock.now()
    )


def activity(**more) -> Activity:
    done = {
        "client_id": uuid.uuid4(), "on": date(2026, 9, 20), "channel": "street",
        "statutes": ["minors", "compulsory"], "place": "集镇", "reach": 300, "what": "发放宣传单",
    }  # fmt: skip
    return Activity(**done | more)


def parts(world, role: str, body, year: int = 2026) -> dict[str, str]:
    row = queries.coverage(world.scope(role), Wanted(year)).get(pk=body.pk)
    return dict(queries.cells(row))


def test_coverage_grows_with_what_is_filed(world):
    town = world.town_hall
    owed = ("first_leader", "group", "letter", "plan", "publicity")
    assert parts(world, "township_cadre", town) == dict.fromkeys(owed, "no") | {"rules": ""}
    group = file(world, "township_leader", town, CommitmentKind.GROUP)
    assert parts(world, "township_cadre", town)["first_leader"] == "no"
    first = Named("first", "王某", "镇长", SIGNED)
    commitments.name_member(world.scope("township_leader"), group.public_id, first, clock.now())
    file(world, "township_leader", town, CommitmentKind.LETTER)
    file(world, "township_leader", town, CommitmentKind.PLAN)
    assert parts(world, "township_cadre", town)["plan"] == "no"  # on file, not published
    published = {"published_on": SIGNED, "published_where": "公告栏"}
    file(world, "township_leader", town, CommitmentKind.PLAN, **published)
    scope = world.scope("township_cadre")
    commitments.log_publicity(scope, town.public_id, activity(), clock.now())
    assert parts(world, "bureau_staff", town) == dict.fromkeys(owed, "yes") | {"rules": ""}
    last_year = parts(world, "bureau_staff", town, 2025)
    assert (last_year["letter"], last_year["group"], last_year["publicity"]) == ("no", "no", "no")


def test_totals_count_only_who_owes_it(world):
    file(world, "school_leader", world.school, CommitmentKind.LETTER)
    covers = {one.part: one for one in queries.totals(world.scope("bureau_staff"), Wanted(2026))}
    assert (covers["letter"].have, covers["letter"].owe) == (1, 7)  # 3 schools, 2 towns, 2 others
    assert (covers["rules"].have, covers["rules"].owe) == (0, 1)
    gaps = queries.coverage(world.scope("bureau_staff"), Wanted(2026, "school", gaps=True))
    assert gaps.count() == 3


def test_a_new_first_leader_relieves_the_one_before(world):
    group = file(world, "township_leader", world.town_hall, CommitmentKind.GROUP)
    scope = world.scope("township_leader")

    def first(name, on):
        who = Named("first", name, "镇长", on)
        return commitments.name_member(scope, group.public_id, who, clock.now())

    before = first("王某", SIGNED)
    first("李某", date(2026, 10, 1))
    before.refresh_from_db()
    assert before.ends_on == date(2026, 9, 30)
    with pytest.raises(RuleBroken):
        first("赵某", date(2026, 10, 1))


def test_who_may_file_for_whom(world):
    with pytest.raises(NotVisible):
        file(world, "other_cadre", world.town_hall, CommitmentKind.LETTER)
    with pytest.raises(NotPermitted):  # a township sees its schools and writes nothing for them
        file(world, "township_cadre", world.school, CommitmentKind.LETTER)
    with pytest.raises(NotPermitted):
        file(world, "teacher", world.school, CommitmentKind.LETTER)
    village = world.village_committee
    assert file(world, "township_cadre", village, CommitmentKind.RULES).agency == village
    assert file(world, "village_cadre", village, CommitmentKind.RULES).by.user.username == (
        "village_cadre"
    )
    assert file(world, "bureau_staff", world.other_school, CommitmentKind.LETTER).pk


def test_taken_back_stays_readable_and_counts_no_more(world):
    row = file(world, "school_leader", world.school, CommitmentKind.LETTER)
    scope = world.scope("school_leader")
    with pytest.raises(RuleBroken):
        commitments.cancel(scope, row.public_id, "  ", clock.now())
    commitments.cancel(scope, row.public_id, "重复录入", clock.now())
    assert parts(world, "school_leader", world.school)["letter"] == "no"
    assert queries.papers_of(world.school).get().cancelled_because == "重复录入"
    with pytest.raises(NotPossible):
        commitments.cancel(scope, row.public_id, "再次", clock.now())


def test_rules_end_and_letters_do_not(world):
    scope = world.scope("village_cadre")
    rules = file(world, "village_cadre", world.village_committee, CommitmentKind.RULES)
    with pytest.raises(RuleBroken):
        commitments.end(scope, rules.public_id, date(2026, 8, 31), clock.now())
    commitments.end(scope, rules.public_id, date(2026, 10, 1), clock.now())
    assert parts(world, "village_cadre", world.village_committee)["rules"] == "no"
    letter = file(world, "school_leader", world.school, CommitmentKind.LETTER)
    with pytest.raises(NotPossible):
        commitments.end(
            world.scope("school_leader"), letter.public_id, date(2026, 10, 1), clock.now()
        )


def test_photos_are_kept_and_seen_only_in_sight(world):
    files = commitments.taken([_upload(scan())])
    done = activity(files=files)
    scope = world.scope("school_leader")
    row = commitments.log_publicity(scope, world.school.public_id, done, clock.now())
    again = commitments.log_publicity(scope, world.school.public_id, done, clock.now())
    assert (again.pk, Publicity.objects.count()) == (row.pk, 1)
    stored = row.files.get()
    assert (stored.media_type, bytes(stored.content)[:2]) == ("image/jpeg", b"\xff\xd8")
    assert queries.file_for(scope, stored.public_id) == stored
    with pytest.raises(NotVisible):
        queries.file_for(world.scope("second_leader"), stored.public_id)
    with pytest.raises(RuleBroken) as refused:
        commitments.taken([_upload(scan()), _upload(b"MZ program")])
    assert str(refused.value.reasons[0].text).startswith("File 2: ")


class _upload:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self, size: int) -> bytes:
        return self.data[:size]


def test_api(world):
    client = api(world, "township_leader")
    url = f"/api/v1/responsibility/{world.town_hall.public_id}/"
    body = {
        "client_id": str(uuid.uuid4()), "kind": "letter", "title": "责任书", "year": 2026,
        "signed_on": "2026-09-01", "side": "government", "signer": "镇长 王某",
    }  # fmt: skip
    made = client.post(url, body, format="json")
    assert (made.status_code, made.data["year"]) == (201, 2026)
    refused = client.post(
        url, {**body, "client_id": str(uuid.uuid4()), "signer": ""}, format="json"
    )
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/signer")
    assert [one["title"] for one in client.get(url).data["results"]] == ["责任书"]
    covered = client.get("/api/v1/responsibility/?year=2026").data["results"]
    mine = next(one for one in covered if one["id"] == str(world.town_hall.public_id))
    assert (mine["letter"], mine["plan"], mine["rules"]) == (True, False, None)
    assert {one["kind"] for one in covered} == {"township", "school", "village"}
    told = client.post(
        f"{url}publicity/",
        {
            "client_id": str(uuid.uuid4()), "on": "2026-10-01", "channel": "street",
            "statutes": ["minors"], "place": "集镇", "reach": 120, "what": "宣传",
        },
        format="json",
    )  # fmt: skip
    assert (told.status_code, told.data["reach"]) == (201, 120)
    other = api(world, "other_cadre")
    assert other.get(url).status_code == 404
    assert other.post(url, body, format="json").status_code == 404
    assert AuditEvent.objects.filter(verb="commitment.file").count() == 1
