"""The demonstration county on a Friday in autumn: what is told there, who logs in, the next day."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError
from django.db import transaction
from django.test import RequestFactory

from agencies import clock as the_clock
from agencies.access import scope_of
from agencies.models import Post, User
from agencies.rules.duties import Position
from cases.models import (
    AidRecord,
    Case,
    CaseEvent,
    Episode,
    FoundChild,
    Publication,
    TeamSeat,
)
from cases.rules.workflow import State
from config.demo_clock import demo_clock
from students.models import (
    AbsenceRun,
    Carer,
    CommitteeSeat,
    EnrollmentRecord,
    LedgerKeeper,
    Roll,
    Student,
    Term,
)
from students.queries.recount import differences
from students.rules.identity import IdProblem, parse_id
from students.rules.ledgers import Ledger
from tests.support.demo import AUTUMN, seed


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """Seeded once; what a test does to it is undone after the test. Returns the accounts' file."""
    file = tmp_path_factory.mktemp("demo") / "accounts.json"
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setenv("NOW", AUTUMN)
        assert seed("--accounts-file", str(file))["seeded"]
        yield file
        transaction.set_rollback(True)


@pytest.fixture
def autumn(county, clock, db):
    clock(AUTUMN)
    return county


def test_the_stories_of_an_autumn_day(autumn):
    states = set(Case.objects.values_list("state", flat=True))
    assert states == set(State)
    main = Student.objects.get(name="林小满")
    assert AbsenceRun.objects.get(student=main).days == 3
    record = EnrollmentRecord.objects.on(the_clock.today()).get(student=main)
    assert not Roll.objects.filter(school_class=record.school_class, day=the_clock.today()).exists()
    cadre = Post.objects.get(user__username="village_cadre1")
    assert main.household.region == cadre.agency.region
    assert record.school_class.teachers.get().post.user.username == "teacher1"
    siblings = Case.objects.filter(student__name__startswith="蓝")
    assert len({case.household_id for case in siblings}) == 1
    assert len({case.school_id for case in siblings}) == 2
    assert Episode.objects.filter(number=2).count() == 1
    assert Case.objects.get(student__name="王佳音").current.rests_on_unknown
    assert CaseEvent.objects.filter(action="approve_closure", detail__counted__gte=20).exists()
    hidden = Case.objects.get(student__name="钟小龙")
    assert TeamSeat.objects.filter(team__household=hidden.household).count() == 5
    assert FoundChild.objects.get().student.name == "包思源"
    assert Publication.objects.filter(withdrawn_on=None).count() == 1
    assert AidRecord.objects.filter(row__isnull=False).exists()
    assert Carer.objects.exists()
    assert CommitteeSeat.objects.exists()
    assert {row.ledger for row in LedgerKeeper.objects.all()} == set(Ledger)
    numbers = list(Student.objects.values_list("id_number", flat=True))
    assert len(set(numbers)) == len(numbers) > 200
    assert not [one for one in numbers if isinstance(parse_id(one, the_clock.today()), IdProblem)]


def test_nine_accounts_log_in_and_a_second_time_changes_nothing(autumn):
    file = autumn
    facts = json.loads(file.read_text(encoding="utf-8"))
    assert (facts["county"]["code"], facts["now"]) == ("330328000000", AUTUMN)
    assert [account["role"] for account in facts["accounts"]] == list(Position)
    for account in facts["accounts"]:
        user = authenticate(username=account["username"], password=account["password"])
        assert [post.position for post in scope_of(user).posts] == [account["role"]]
    assert not User.objects.get(username="teacher2").has_usable_password()
    before = (Case.objects.count(), Roll.objects.count(), file.read_text(encoding="utf-8"))
    assert seed("--if-empty", "--accounts-file", str(file)) == {"seeded": False}
    assert before == (Case.objects.count(), Roll.objects.count(), file.read_text(encoding="utf-8"))
    file.unlink()
    seed("--if-empty", "--accounts-file", str(file))
    assert file.read_text(encoding="utf-8") == before[2]
    with pytest.raises(CommandError):
        seed()


@pytest.fixture
def training_clock(monkeypatch, tmp_path):
    """The clock stands in a file and may be moved; the answer is the day after the move."""
    monkeypatch.delenv("NOW")
    file = tmp_path / "clock"
    file.write_text(AUTUMN, encoding="ascii")
    monkeypatch.setattr(settings, "DEMO_CLOCK_FILE", file)

    def move(**fields: str) -> date:
        user = User.objects.get(username="teacher1")
        request = RequestFactory().post("/", {"next": "/", **fields})
        request.user, request.scope = user, scope_of(user)
        assert demo_clock(request).status_code == 302
        return the_clock.today()

    return move


def test_the_next_school_day_and_several_at_once(autumn, training_clock):
    taken = Roll.objects.count()
    assert training_clock() == date(2026, 11, 23)
    assert Roll.objects.count() == taken
    assert training_clock(days="2") == date(2026, 11, 25)
    assert Roll.objects.filter(day="2026-11-24").count() == 18
    assert not Roll.objects.filter(day="2026-11-25").exists()
    (term,) = Term.objects.filter(season="autumn")
    assert differences(term) == []
    assert Case.objects.get(student__name="林小满").state == State.SUSPECTED
