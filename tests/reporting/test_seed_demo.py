"""The demonstration county on several days: no day may break it, and it says what is true."""

import io
import json
from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.http import Http404
from django.test import RequestFactory

from agencies import clock as the_clock
from agencies.access import scope_of
from agencies.demo_county import COUNTY_BODIES
from agencies.models import Post, User
from agencies.rules import profile
from agencies.rules.duties import AgencyKind, Position
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
from cases.services import opening
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

AUTUMN = "2026-11-20T08:05:00+08:00"


def seed(*arguments: str) -> dict:
    said = io.StringIO()
    call_command("seed_demo", "--scale", "0.1", "--json", *arguments, stdout=said)
    return json.loads(said.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "left_out"),
    [
        ("2026-10-01", set()),  # a holiday
        ("2026-09-01", {"main"}),  # its first day
        ("2026-07-20", set()),  # vacation
        ("2027-03-10", set()),  # a calendar that is provisional
    ],
)
def test_any_day_will_do(clock, now, left_out):
    clock(f"{now}T08:05:00+08:00")
    result = seed()
    assert set(result["skipped"]) == left_out
    terms = Term.objects.order_by("starts_on")
    assert [differences(term) for term in terms] == [[], []]
    assert terms[1].starts_on <= date.fromisoformat(now)
    assert Case.objects.count() >= 14
    assert not Roll.objects.filter(day__gt=now).exists()
    assert opening.open_from_runs(the_clock.now()) == 0


@pytest.mark.django_db
def test_the_stories_of_an_autumn_day(clock):
    clock(AUTUMN)
    seed()
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


@pytest.mark.parametrize("name", ["wencheng-2019", "qinshui-2020"])
def test_whoever_owes_a_duty_of_a_document_is_there(name):
    text = (settings.BASE_DIR / f"agencies/data/profiles/{name}.toml").read_text(encoding="utf-8")
    owing = {kind for clause in profile.read(text, name).clauses for kind in clause.owed_by}
    assert owing & set(AgencyKind) <= {*COUNTY_BODIES, "township", "village", "school"}


@pytest.mark.django_db
def test_nine_accounts_log_in_and_a_second_time_changes_nothing(clock, tmp_path):
    clock(AUTUMN)
    file = tmp_path / "accounts.json"
    assert seed("--accounts-file", str(file))["seeded"]
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


@pytest.mark.django_db
def test_a_demonstration_begins_on_a_school_day(monkeypatch, tmp_path):
    monkeypatch.delenv("NOW")
    monkeypatch.setattr(settings, "DEMO_CLOCK_FILE", tmp_path / "clock")
    sunday = the_clock.datetime.fromisoformat("2026-11-22T10:00:00+08:00")
    monkeypatch.setattr("django.utils.timezone.now", lambda: sunday)
    assert seed()["today"] == "2026-11-20"
    assert the_clock.now().isoformat() == AUTUMN


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


@pytest.mark.django_db
def test_the_next_school_day_and_several_at_once(training_clock):
    seed()
    taken = Roll.objects.count()
    assert training_clock() == date(2026, 11, 23)
    assert Roll.objects.count() == taken
    assert training_clock(days="2") == date(2026, 11, 25)
    assert Roll.objects.filter(day="2026-11-24").count() == 18
    assert not Roll.objects.filter(day="2026-11-25").exists()
    (term,) = Term.objects.filter(season="autumn")
    assert differences(term) == []
    assert Case.objects.get(student__name="林小满").state == State.SUSPECTED


def test_a_clock_that_is_fixed_for_everybody_is_not_moved(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "DEMO_CLOCK_FILE", tmp_path / "clock")
    with pytest.raises(Http404):
        demo_clock(RequestFactory().post("/"))
    assert not (tmp_path / "clock").exists()
