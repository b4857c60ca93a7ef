"""Two at once, with real transactions: exactly one result, and the other is told."""

import threading
import uuid
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from agencies.errors import Conflict
from agencies.models import NumberSequence
from agencies.services import sequences
from cases.models import Case, CaseReport, TeamSeat, Visit
from cases.services import opening, visits
from cases.services.visits import Report
from students.models import Roll, RollMark
from students.services import attendance
from students.services.attendance import Given, Submission
from tests.support.clients import api
from tests.support.rolls import U, at, take
from tests.support.world import build_or_load

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9)]
MONDAY = date(2026, 10, 12)


@pytest.fixture
def county(transactional_db):
    return build_or_load()


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each in a thread with a connection of its own."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(index: int, work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[index] = work()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_savers_of_one_roll(county):
    def save(role: str, index: int) -> Callable[[], object]:
        scope = county.scope(role)
        sent = Submission(0, marks={str(county.pupils[index].public_id): Given(U)})
        return lambda: attendance.record_day(
            scope, county.school_class.public_id, MONDAY, sent, at(MONDAY)
        )

    results = at_once(save("teacher", 0), save("school_leader", 1), save("deputy_leader", 2))
    assert sum(isinstance(result, Conflict) for result in results) == 2
    assert Roll.objects.get().version == 1
    assert RollMark.objects.count() == 1


def test_two_workers_open_one_case(county):
    for day in DAYS:
        take(county, day, {0: U})
    results = at_once(*[lambda: opening.open_from_runs(at(DAYS[-1], 12))] * 4)
    assert sorted(results) == [0, 0, 0, 1]
    assert Case.objects.count() == 1
    assert TeamSeat.objects.count() == 6
    assert CaseReport.objects.count() == 2


def test_a_visit_sent_twenty_times_is_one_visit(county):
    for day in DAYS:
        take(county, day, {0: U})
    opening.open_from_runs(at(DAYS[-1], 12))
    case = Case.objects.get()
    scope = county.scope("village_cadre")
    sent = Report(uuid.uuid4(), at(DAYS[-1], 11), "home", "guardian", "promised")
    results = at_once(*[lambda: visits.record(scope, case.public_id, sent, at(MONDAY))] * 20)
    assert len({visit.pk for visit in results}) == 1
    assert Visit.objects.count() == 1


def test_the_same_key_twenty_times_is_one_roll(county):
    key, url = (
        str(uuid.uuid4()),
        f"/api/v1/classes/{county.school_class.public_id}/roll/2026-10-12/",
    )
    body = {
        "version": 0,
        "marks": [{"student": str(county.pupils[0].public_id), "mark": U}],
    }
    clients = [api(county, "teacher") for _ in range(8)]
    works = [
        lambda client=client: client.put(url, body, format="json", headers={"Idempotency-Key": key})
        for client in clients
    ]
    answers = at_once(*works)
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert Roll.objects.get().version == 1


def test_numbers_have_no_gaps_and_no_doubles(county):
    work = lambda: sequences.next_number(county.county.pk, "case", 2026)  # noqa: E731
    assert sorted(at_once(*[work] * 12)) == list(range(1, 13))
    assert NumberSequence.objects.get().last == 12
