"""From the outbox to people: who, by which channel, in which language, and what is left out."""

from datetime import datetime, timedelta

import pytest

from agencies.models import Delivery, DeliveryAttempt, Notice, NoticePreference
from agencies.queries.wording import wording
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import Channel, NoticeKind
from agencies.rules.obligations import ObligationKind
from agencies.services import dispatch, notices, obligations
from students.models import Guardian, Household, Student
from tests.support.budgets import counted
from tests.support.official import calendar
from tests.support.told import NOON, census, reachable, tell
from tests.support.world import World

NIGHT = datetime(2026, 10, 12, 22, 30, tzinfo=CHINA)
MORNING = datetime(2026, 10, 13, 7, tzinfo=CHINA)
State = Delivery.State


@pytest.fixture(autouse=True)
def gateway(settings):
    settings.SMS_GATEWAY = {"driver": "console"}


def inbox_of(notice: Notice) -> set[str]:
    rows = Delivery.objects.filter(notice=notice, channel=Channel.INBOX)
    return set(rows.values_list("user__username", flat=True))


DOERS = {"school_leader", "deputy_leader"}


@pytest.mark.parametrize(
    ("level", "people"),
    [
        (0, DOERS),
        (1, DOERS),
        (2, DOERS | {"bureau_staff"}),
        (3, DOERS | {"bureau_staff", "bureau_leader"}),
        (9, DOERS | {"bureau_staff", "bureau_leader"}),
    ],
)
def test_the_ladder_of_an_obligation(world, level, people):
    """owed_to is empty: that is the bureau of the county."""
    kind = NoticeKind.DEADLINE if level else NoticeKind.REMINDER
    told = tell(world, kind, obligation_id=census(world).pk, level=level)
    assert dispatch.expand(NOON) == 1
    assert inbox_of(told) == people
    assert dispatch.expand(NOON) == 0


def test_an_agency_a_post_or_those_who_take_care_of_the_system(world):
    town = tell(world, NoticeKind.PAPER_ARRIVED, agency_id=world.town_hall.pk)
    teacher = tell(world, NoticeKind.ROLL_MISSING, post_id=world.posts["teacher"].pk)
    notices.alarm("clock", "forward", NOON)
    alarm = Notice.objects.get(kind=NoticeKind.ALARM, county=world.county)
    while dispatch.expand(NOON):
        pass
    assert inbox_of(town) == {"township_leader", "township_cadre"}
    assert inbox_of(teacher) == {"teacher"}
    assert inbox_of(alarm) == {"system_admin", "bureau_staff"}


def test_only_posts_of_the_day_with_accounts_that_work(world):
    world.posts["deputy_leader"].user.__class__.objects.filter(username="deputy_leader").update(
        is_active=False
    )
    leader = world.posts["school_leader"]
    leader.ends_on = NOON.date() - timedelta(days=1)
    leader.save()
    told = tell(world, NoticeKind.REMINDER, obligation_id=census(world).pk)
    dispatch.expand(NOON)
    assert inbox_of(told) == set()


def test_a_reminder_of_what_is_done_is_dropped_and_a_passed_deadline_stays(world):
    owed = census(world)
    reminder = tell(world, NoticeKind.REMINDER, obligation_id=owed.pk)
    passed = tell(world, NoticeKind.DEADLINE, obligation_id=owed.pk, level=1)
    obligations.fulfil([owed.pk], NOON)
    assert dispatch.expand(NOON) == 2
    assert inbox_of(reminder) == set()
    assert inbox_of(passed) == DOERS


def test_done_while_the_reminder_waited_for_the_morning(world):
    owed = census(world)
    reachable(world, "school_leader", email="leader@school.example")
    NoticePreference.objects.create(
        user=world.posts["school_leader"].user, group="reminders", channel="mail", wanted=True
    )
    tell(world, NoticeKind.REMINDER, obligation_id=owed.pk)
    dispatch.expand(NIGHT)
    obligations.fulfil([owed.pk], NIGHT)
    dispatch.deliver(MORNING)
    assert Delivery.objects.get(channel=Channel.MAIL).state == State.DROPPED


def test_the_number_of_queries_does_not_grow(world):
    def told(count: int) -> int:
        for number in range(count):
            owed = census(world, key=f"{count}-{number}")
            tell(world, NoticeKind.DEADLINE, obligation_id=owed.pk, level=3)
        with counted() as statements:
            assert dispatch.expand(NOON) == count
        return len(statements)

    assert told(1) == told(12)


def test_no_phone_no_address_no_channel(world):
    told = tell(world, NoticeKind.DEADLINE, obligation_id=census(world).pk, level=1)
    dispatch.expand(NOON)
    assert set(Delivery.objects.filter(notice=told).values_list("channel", flat=True)) == {"inbox"}


def test_what_is_in_the_inbox_has_arrived_the_rest_sleeps_until_morning(world, capsys):
    reachable(world, "school_leader", phone="13800001111")
    told = tell(world, NoticeKind.DEADLINE, NIGHT, obligation_id=census(world).pk, level=1)
    dispatch.expand(NIGHT)
    rows = Delivery.objects.filter(notice=told, user=world.posts["school_leader"].user)
    line, text = rows.get(channel=Channel.INBOX), rows.get(channel=Channel.SMS)
    assert (line.state, line.sent_at) == (State.SENT, NIGHT)
    assert (text.state, text.next_try_at) == (State.WAITING, MORNING)
    assert dispatch.deliver(NIGHT) == 0
    assert dispatch.deliver(MORNING) == 1
    text.refresh_from_db()
    assert (text.state, text.sent_at) == (State.SENT, MORNING)
    assert "138****1111" in capsys.readouterr().err


def test_what_comes_due_at_night_waits_as_well(world):
    """A server that was away in the day does not ring at night."""
    reachable(world, "school_leader", phone="13800001111")
    tell(world, NoticeKind.DEADLINE, obligation_id=census(world).pk, level=1)
    dispatch.expand(NOON)
    dispatch.deliver(NIGHT)
    row = Delivery.objects.get(channel=Channel.SMS)
    assert (row.state, row.next_try_at, row.claimed_until) == (State.WAITING, MORNING, None)
    assert not DeliveryAttempt.objects.exists()


def test_a_statutory_text_message_cannot_be_switched_off(world):
    leader = reachable(world, "school_leader", phone="13800001111", email="a@school.example")
    for group, channel in (("deadlines", "sms"), ("papers", "sms"), ("deadlines", "mail")):
        NoticePreference.objects.create(user=leader, group=group, channel=channel, wanted=False)
    owed = census(world)
    passed = tell(world, NoticeKind.DEADLINE, obligation_id=owed.pk, level=1)
    back = tell(world, NoticeKind.PAPER_BACK, agency_id=world.school.pk)
    dispatch.expand(NOON)
    mine = Delivery.objects.filter(user=leader)
    assert set(mine.filter(notice=passed).values_list("channel", flat=True)) == {"inbox", "sms"}
    assert set(mine.filter(notice=back).values_list("channel", flat=True)) == {"inbox"}


def test_forty_at_once_become_one_message(world, mailoutbox):
    leader = reachable(world, "school_leader", email="a@school.example", language="en")
    NoticePreference.objects.create(user=leader, group="reminders", channel="mail", wanted=True)
    for number in range(40):
        owed = census(world, key=str(number))
        tell(world, NoticeKind.REMINDER, obligation_id=owed.pk)
    dispatch.expand(NOON)
    assert dispatch.deliver(NOON) == 40
    (mail,) = mailoutbox
    assert mail.subject == "40 notices"
    assert "a deadline comes near: 40" in mail.body
    assert mail.body.endswith("https://county.example/duties/")
    mine = Delivery.objects.filter(user=leader, channel=Channel.MAIL)
    assert set(mine.values_list("state", flat=True)) == {State.SENT}
    assert set(DeliveryAttempt.objects.values_list("together", flat=True)) == {40}
    assert DeliveryAttempt.objects.count() == 40
    assert Delivery.objects.inbox_of(leader.pk).count() == 40


def test_a_few_are_told_one_by_one_in_the_language_of_the_reader(world, mailoutbox):
    leader = reachable(world, "school_leader", email="a@school.example", language="en")
    deputy = reachable(world, "deputy_leader", email="b@school.example")
    for user in (leader, deputy):
        NoticePreference.objects.create(user=user, group="deadlines", channel="mail", wanted=True)
    for number in range(2):
        owed = census(world, key=str(number))
        tell(world, NoticeKind.DEADLINE, obligation_id=owed.pk, level=1, href="/terms/")
    dispatch.expand(NOON)
    dispatch.deliver(NOON)
    subjects = {(mail.to[0], mail.subject) for mail in mailoutbox}
    assert len(mailoutbox) == 4
    assert subjects == {
        ("a@school.example", f"Overdue: term-start full check – {world.school.name}"),
        ("b@school.example", f"已逾期：开学全面清查——{world.school.name}"),
    }
    # 2026-09-07 to 2026-10-12 over two holidays and two make-up weekends
    assert "It was due on 2026-09-07, 21 working days ago" in mailoutbox[0].body
    assert mailoutbox[0].body.endswith("https://county.example/terms/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_no_text_names_a_child(world, kind, language):
    """Neither name, number, address, guardian nor phone of any pupil."""
    when = {"event": "planned", "on": "2026-10-12"}
    facts: dict[NoticeKind, dict[str, object]] = {
        NoticeKind.ALARM: {"what": "clock", "why": "forward"},
        NoticeKind.DIGEST: {"day": "2026-10-12", "overdue": 1, "today": 2, "soon": 3, "unread": 4},
        NoticeKind.NUDGE: {"by": world.bureau.name},
        NoticeKind.MOVED: {"due_on": "2026-10-20"},
        NoticeKind.ROLL_MISSING: {"grade": 7, "number": 3, "day": "2026-10-12"},
        NoticeKind.PAPER_BACK: {"what": ObligationKind.CENSUS.value},
        NoticeKind.PAPER_CONFIRMED: {"what": ObligationKind.CENSUS.value},
        NoticeKind.REQUEST: {"number": "〔2026〕1号", "body": "县教育局", "state": "answered"},
        NoticeKind.MEETING: {"conference": "联席会议", "number": 1, **when, "place": "会议室"},
        NoticeKind.INSPECTION: {"number": "2026-001", **when, "lead": "县教育局"},
        NoticeKind.ALERT: {"unit": "大峃镇", "stage": "junior", "reason": "rising", "year": "2026"},
        NoticeKind.TALK: {"number": "约〔2026〕1号", **when, "body": "县教育局"},
    }
    owed = census(world)
    where = (
        {"obligation_id": owed.pk} if kind in WITH_OBLIGATION else {"agency_id": world.school.pk}
    )
    told = tell(world, kind, params=facts.get(kind, {}), **where)
    said = wording(told, calendar(), language)
    assert said.subject
    assert "UNDEFINED" not in said.whole
    assert "\n" not in said.subject
    for secret in secrets(world):
        assert secret not in said.whole


WITH_OBLIGATION = {
    NoticeKind.DEADLINE,
    NoticeKind.REMINDER,
    NoticeKind.NUDGE,
    NoticeKind.MOVED,
    NoticeKind.PAPER_ARRIVED,
}


def secrets(world: World) -> list[str]:
    return [
        *Student.objects.values_list("name", flat=True),
        *Student.objects.values_list("id_number", flat=True),
        *Household.objects.values_list("address", flat=True),
        *Guardian.objects.values_list("name", flat=True),
        *Guardian.objects.values_list("phone", flat=True),
    ]
