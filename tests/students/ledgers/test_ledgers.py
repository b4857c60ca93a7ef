"""Restricted ledgers (S2-10): named keepers read with a purpose; nobody else learns of anything."""

import re
from datetime import date

import pytest
from django.db import connection

from agencies.errors import NotPermitted, NotPossible, NotVisible, RuleBroken
from agencies.models import AuditEvent
from students.models import LedgerEntry, LedgerKeeper
from students.queries import ledgers as queries
from students.rules.ledgers import Ledger, counted
from students.services import ledgers
from tests.support.clients import api, browser
from tests.support.rolls import at
from tests.support.world import World, pupil

TODAY = date(2026, 10, 12)
NOW = at(TODAY, 9)
WORDS = "夜间发作，见光即醒，随身带药"


@pytest.fixture
def kept(world: World, clock) -> World:
    """The class teacher keeps the ledger of illness, and wrote one entry."""
    clock("2026-10-12T09:00")
    keeper = ledgers.name_keeper(
        world.scope("school_leader"), world.posts["teacher"], Ledger.ILLNESS, NOW
    )
    ledgers.write(world.scope("teacher"), keeper, world.pupils[0], WORDS, TODAY, NOW)
    return world


def url(world: World, nth: int = 0, ledger: str = "illness") -> str:
    return f"/ledgers/{ledger}/{world.pupils[nth].public_id}/"


@pytest.mark.parametrize(
    ("number", "smallest", "shown"), [(0, 5, None), (4, 5, None), (5, 5, 5), (9, 10, None)]
)
def test_small_groups_are_not_counted(number, smallest, shown):
    assert counted(number, smallest) == shown


def test_a_keeper_says_what_for_and_reads(kept: World):
    page = browser(kept, "teacher")
    asked = page.get(url(kept)).content.decode()
    assert WORDS not in asked
    assert not AuditEvent.objects.filter(verb="ledger.read").exists()
    refused = page.post(url(kept), {"purpose": "curiosity"}).content.decode()
    assert WORDS not in refused
    read = page.post(url(kept), {"purpose": "daily_care"})
    assert WORDS in read.content.decode()
    assert "no-store" in read.headers["Cache-Control"]
    (event,) = AuditEvent.objects.filter(verb="ledger.read")
    assert event.subject == f"student:{kept.pupils[0].public_id}"
    assert event.detail == {"ledger": "illness", "purpose": "daily_care"}
    listed = page.post("/ledgers/illness/", {"purpose": "check"}).content.decode()
    assert kept.pupils[0].name in listed
    assert kept.pupils[1].name not in listed
    assert "fewer than are counted" in listed


def test_the_words_are_sealed_in_the_table(kept: World):
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(e)::text FROM students_ledgerentry e")
        assert WORDS not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    "role", ["school_leader", "deputy_leader", "second_teacher", "bureau_leader", "bureau_staff"]
)
def test_who_is_no_keeper_finds_no_such_page(kept: World, role: str):
    page = browser(kept, role)
    said = {"purpose": "daily_care"}
    answers = [
        page.get("/ledgers/"),
        page.get(url(kept)),
        page.post(url(kept), said),
        page.post(url(kept, 1), said),  # of a child without an entry: the same answer
        page.post("/ledgers/illness/", said),
        page.get("/ledgers/illness/figures/"),
        page.post(f"{url(kept)}write/", {"words": "x", "noted_on": "2026-10-12"}),
    ]
    assert {one.status_code for one in answers} == {404}
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize(
    "role", ["township_leader", "township_cadre", "village_cadre", "agency_staff", "system_admin"]
)
def test_other_positions_are_refused_whatever_is_there(kept: World, role: str):
    page = browser(kept, role)
    bodies = {page.post(url(kept, n), {"purpose": "check"}).status_code for n in (0, 1)}
    assert bodies == {403}


def test_the_other_ledger_and_the_other_school_are_closed_to_a_keeper(kept: World):
    page = browser(kept, "teacher")
    said = {"purpose": "daily_care"}
    assert page.post(url(kept, ledger="mental"), said).status_code == 404
    other = pupil(kept.second_class, "外校生", kept.village)
    assert page.post(f"/ledgers/illness/{other.public_id}/", said).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/students/{child}/",
        "/students/?q={name}",
        "/api/v1/students/{child}/",
        "/api/v1/students/?q={name}",
        "/students/{child}/access/",
    ],
)
@pytest.mark.parametrize("role", ["school_leader", "bureau_leader", "township_cadre", "teacher"])
def test_nothing_elsewhere_tells_of_an_entry(kept: World, role: str, path: str):
    """What others see of a child is the same before and after it gets an entry."""
    client = api(kept, role) if path.startswith("/api") else browser(kept, role)
    child = kept.pupils[1]
    address = path.format(child=child.public_id, name=child.name)

    def seen() -> str:
        text = client.get(address).content.decode()
        # The token of a form is always new, and the page says that oneself has looked before.
        return re.sub(r'value="[A-Za-z0-9]{64}"|<li><span>bureau_leader .*?</li>', "", text)

    before = seen()
    keeper = LedgerKeeper.objects.get()
    ledgers.write(kept.scope("teacher"), keeper, child, WORDS, TODAY, NOW)
    assert seen() == before


def test_who_left_the_school_is_seen_by_nobody(kept: World):
    record = kept.pupils[0].enrollments.get()
    record.ends_on = date(2026, 10, 9)
    record.save()
    keeper = LedgerKeeper.objects.get()
    assert list(queries.children(keeper, TODAY)) == []
    with pytest.raises(NotVisible):
        queries.pupil_of(keeper, kept.pupils[0].public_id, TODAY)


def test_figures_for_a_keeper_at_the_bureau(kept: World):
    leader = kept.scope("bureau_leader")
    ledgers.name_keeper(leader, kept.posts["bureau_staff"], Ledger.ILLNESS, NOW)
    page = browser(kept, "bureau_staff")
    shown = page.get("/ledgers/illness/figures/").content.decode()
    assert shown.count("fewer than are counted") == 3  # one entry and none look alike
    keeper = LedgerKeeper.objects.get(post=kept.posts["teacher"])
    for child in kept.pupils[1:5]:
        ledgers.write(kept.scope("teacher"), keeper, child, "哮喘", TODAY, NOW)
    figures = {one.name: one.heads for one in queries.by_school(keeper, TODAY)}
    assert figures == {
        kept.school.name: 5,
        kept.second_school.name: None,
        kept.other_school.name: None,
    }
    assert queries.by_grade(keeper, TODAY)[6].heads == 5
    assert page.post(url(kept), {"purpose": "check"}).status_code == 404


def test_naming_and_ending(kept: World, clock):
    leader = kept.scope("school_leader")
    with pytest.raises(NotPermitted):
        ledgers.name_keeper(leader, kept.posts["second_teacher"], Ledger.MENTAL, NOW)
    with pytest.raises(NotPossible):
        ledgers.name_keeper(
            kept.scope("bureau_leader"), kept.posts["system_admin"], Ledger.MENTAL, NOW
        )
    again = ledgers.name_keeper(leader, kept.posts["teacher"], Ledger.ILLNESS, NOW)
    assert LedgerKeeper.objects.get() == again
    clock("2026-10-13T09:00")
    ledgers.end_keeper(kept.scope("school_leader"), again.public_id, at(date(2026, 10, 13), 9))
    assert browser(kept, "teacher").get("/ledgers/").status_code == 404
    again.refresh_from_db()
    assert again.ends_on == TODAY


def test_refused_entries_keep_what_was_typed(kept: World):
    page = browser(kept, "teacher")
    late = page.post(f"{url(kept)}write/", {"words": "对花生过敏", "noted_on": "2026-10-13"})
    assert late.status_code == 422
    assert "对花生过敏" in late.content.decode()
    keeper = LedgerKeeper.objects.get()
    for words in ("  ", "长" * 2001):
        with pytest.raises(RuleBroken):
            ledgers.write(kept.scope("teacher"), keeper, kept.pupils[0], words, TODAY, NOW)
    saved = page.post(f"{url(kept)}write/", {"words": "对花生过敏", "noted_on": "2026-10-12"})
    assert saved.status_code == 302
    notes = queries.notes(keeper, kept.pupils[0])
    assert [note.words for note in notes] == ["对花生过敏", WORDS]


def test_the_leader_names_a_keeper_on_the_page(world: World, clock):
    clock("2026-10-12T09:00")
    page = browser(world, "school_leader")
    post = world.posts["teacher"].public_id
    assert page.post("/ledgers/keepers/", {"post": post, "ledger": "mental"}).status_code == 302
    assert "ledger of mental health" in page.get("/ledgers/keepers/").content.decode()
    child = f"/students/{world.pupils[0].public_id}/"
    assert url(world, ledger="mental") in browser(world, "teacher").get(child).content.decode()
    assert url(world, ledger="mental") not in page.get(child).content.decode()
    keeper = LedgerKeeper.objects.get()
    assert page.post(f"/ledgers/keepers/{keeper.public_id}/end/").status_code == 302
    assert not LedgerKeeper.objects.exists()
