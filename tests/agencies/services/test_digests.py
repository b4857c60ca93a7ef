"""The daily summary: once for each person and day, silent without news."""

from datetime import date, datetime, timedelta

import pytest

from agencies.models import Delivery, NoticePreference, Obligation
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind
from agencies.services import digests, dispatch
from tests.support.budgets import counted
from tests.support.told import census, reachable, tell

EIGHT = datetime(2026, 10, 12, 8, tzinfo=CHINA)


def due(world, on: date, key: str) -> None:
    row = census(world, key=key)
    end = datetime.combine(on + timedelta(days=1), datetime.min.time(), CHINA)
    Obligation.objects.filter(pk=row.pk).update(due_on=on, due_at=end)


@pytest.fixture
def busy(world):
    """One overdue, one due today, two within three working days, one later; one line unread."""
    for number, day in enumerate((9, 12, 13, 15, 16)):
        due(world, date(2026, 10, day), str(number))
    tell(world, NoticeKind.PAPER_CONFIRMED, agency_id=world.school.pk)
    dispatch.expand(EIGHT)
    reachable(world, "school_leader", email="a@school.example", language="en")
    reachable(world, "second_leader", email="b@school.example")
    return world


def test_what_it_says(busy, mailoutbox):
    assert digests.write(EIGHT) == 1
    assert dispatch.deliver(EIGHT) == 1
    (mail,) = mailoutbox
    assert mail.to == ["a@school.example"]
    assert mail.subject == "Summary of 2026-10-12"
    assert mail.body.split("\n") == [
        "Overdue: 1 duty",
        "Due today: 1 duty",
        "Due within 3 working days: 2 duties",
        "Not read yet: 1 notice",
        "https://county.example/duties/",
    ]


def test_once_a_day_also_for_those_who_had_no_news(busy):
    """Nothing to say at eight is silence for the day, not a mail at noon."""
    assert digests.write(EIGHT - timedelta(minutes=1)) == 0
    assert digests.write(EIGHT) == 1
    tell(busy, NoticeKind.PAPER_CONFIRMED, agency_id=busy.second_school.pk)
    dispatch.expand(EIGHT)
    assert digests.write(EIGHT + timedelta(hours=4)) == 0
    assert digests.write(EIGHT + timedelta(days=1)) == 2


def test_late_is_better_than_never_but_not_at_night(busy, mailoutbox):
    assert digests.write(EIGHT.replace(hour=21)) == 0
    assert digests.write(EIGHT.replace(hour=20)) == 1
    dispatch.deliver(EIGHT + timedelta(days=1))
    assert mailoutbox == []
    assert Delivery.objects.get(channel="mail").state == Delivery.State.DROPPED


def test_who_switched_it_off(busy):
    leader = busy.posts["school_leader"].user
    NoticePreference.objects.create(user=leader, group="digest", channel="mail", wanted=False)
    assert digests.write(EIGHT) == 0


def test_the_number_of_queries_does_not_grow(busy):
    with counted() as for_two:
        digests.write(EIGHT)
    for role in ("deputy_leader", "teacher", "bureau_staff", "bureau_leader"):
        reachable(busy, role, email=f"{role}@x.example")
    with counted() as for_more:
        assert digests.write(EIGHT + timedelta(days=1)) == 3
    assert len(for_more) == len(for_two)


def test_a_flood_does_not_swallow_the_summary(busy, mailoutbox):
    leader = busy.posts["school_leader"].user
    NoticePreference.objects.create(user=leader, group="deadlines", channel="mail", wanted=True)
    for number in range(12):
        tell(busy, NoticeKind.NUDGE, agency_id=busy.school.pk, dedupe=f"nudge:{number}")
    dispatch.expand(EIGHT)
    digests.write(EIGHT)
    dispatch.deliver(EIGHT)
    subjects = [mail.subject for mail in mailoutbox]
    assert "Summary of 2026-10-12" in subjects
    assert len(subjects) == 2
