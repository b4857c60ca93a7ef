"""The catalogue of notices: what is told, by which channels, and what cannot be switched off."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.rules.deadlines import CHINA


class Channel(TextChoices):
    INBOX = "inbox", _("inbox")
    MAIL = "mail", _("e-mail")
    SMS = "sms", _("text message")
    DINGTALK = "dingtalk", _("DingTalk robot")
    WECOM = "wecom", _("WeCom robot")
    FEISHU = "feishu", _("Feishu robot")


ROBOTS = frozenset({Channel.DINGTALK, Channel.WECOM, Channel.FEISHU})
PERSONAL = (Channel.INBOX, Channel.MAIL, Channel.SMS)


class Group(TextChoices):
    """What a person chooses by."""

    DEADLINES = "deadlines", _("Deadlines of the law")
    REMINDERS = "reminders", _("Reminders before a deadline")
    PAPERS = "papers", _("Reports and receipts")
    OVERSIGHT = "oversight", _("Joint work and accountability")
    SYSTEM = "system", _("State of the system")
    DIGEST = "digest", _("Daily summary")


class NoticeKind(TextChoices):
    DEADLINE = "deadline", _("a deadline has passed")
    REMINDER = "reminder", _("a deadline comes near")
    NUDGE = "nudge", _("somebody reminds you")
    MOVED = "moved", _("a deadline has moved")
    ROLL_MISSING = "roll_missing", _("the roll of your class is missing")
    PAPER_ARRIVED = "paper_arrived", _("a report has arrived")
    PAPER_BACK = "paper_back", _("a report was sent back")
    PAPER_CONFIRMED = "paper_confirmed", _("a report was confirmed")
    TIP = "tip", _("a tip from the public has come in")
    REQUEST = "request", _("a request between two bodies has moved on")
    MEETING = "meeting", _("a meeting is planned, moved or cancelled")
    INSPECTION = "inspection", _("an inspection is planned or cancelled")
    ALERT = "alert", _("a rate of a unit calls for a step")
    TALK = "talk", _("an accountability talk is called, or called off")
    ALARM = "alarm", _("the system needs attention")
    DIGEST = "digest", _("daily summary")
    TEST = "test", _("a test message")


@dataclass(frozen=True)
class Way:
    """group: what it is chosen by; on: channels used unless switched off; fixed: never off."""

    group: Group
    on: frozenset[Channel]
    fixed: frozenset[Channel] = frozenset({Channel.INBOX})


INBOX_ONLY = frozenset({Channel.INBOX})
PUSHED = frozenset({Channel.INBOX, Channel.SMS, *ROBOTS})

WAYS: dict[NoticeKind, Way] = {
    # Statutory: S1-51…58. The text message of a passed deadline cannot be switched off.
    NoticeKind.DEADLINE: Way(Group.DEADLINES, PUSHED, frozenset({Channel.INBOX, Channel.SMS})),
    NoticeKind.NUDGE: Way(Group.DEADLINES, PUSHED, frozenset({Channel.INBOX, Channel.SMS})),
    NoticeKind.MOVED: Way(Group.DEADLINES, INBOX_ONLY),
    NoticeKind.REMINDER: Way(Group.REMINDERS, INBOX_ONLY | {*ROBOTS}),
    NoticeKind.ROLL_MISSING: Way(Group.REMINDERS, INBOX_ONLY | {Channel.SMS}),
    NoticeKind.PAPER_ARRIVED: Way(Group.PAPERS, INBOX_ONLY),
    NoticeKind.PAPER_BACK: Way(Group.PAPERS, INBOX_ONLY | {Channel.SMS}),
    NoticeKind.PAPER_CONFIRMED: Way(Group.PAPERS, INBOX_ONLY),
    NoticeKind.TIP: Way(Group.PAPERS, INBOX_ONLY),
    NoticeKind.REQUEST: Way(Group.PAPERS, INBOX_ONLY),
    NoticeKind.MEETING: Way(Group.OVERSIGHT, PUSHED),
    NoticeKind.INSPECTION: Way(Group.OVERSIGHT, INBOX_ONLY | {*ROBOTS}),
    NoticeKind.ALERT: Way(Group.OVERSIGHT, INBOX_ONLY),
    NoticeKind.TALK: Way(Group.OVERSIGHT, INBOX_ONLY | {Channel.SMS}),
    NoticeKind.ALARM: Way(Group.SYSTEM, PUSHED | {Channel.MAIL}),
    NoticeKind.DIGEST: Way(Group.DIGEST, frozenset({Channel.MAIL}), frozenset()),
    NoticeKind.TEST: Way(Group.SYSTEM, frozenset()),
}

# Told of what nobody owes any more they would only confuse; a deadline did pass.
MOOT_WHEN_DONE = frozenset({NoticeKind.REMINDER, NoticeKind.NUDGE, NoticeKind.MOVED})

SOON = 3  # working days: how far the daily summary looks ahead
MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


def is_fixed(group: Group, channel: Channel) -> bool:
    """Some notice of this group must go by this channel."""
    return any(way.group is group and channel in way.fixed for way in WAYS.values())


def wanted(kind: NoticeKind, channel: Channel, choice: bool | None) -> bool:
    """Whether a notice goes by a channel. choice: the person's own, None for none."""
    way = WAYS[kind]
    if channel in way.fixed:
        return True
    return channel in way.on if choice is None else choice


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries; None: give up."""
    if tries >= MOST_TRIES:
        return None
    return min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)


def not_in_the_night(now: datetime, quiet: tuple[time, time]) -> datetime:
    """Now, or the end of the quiet hours if it is night: only the inbox never sleeps."""
    begins, ends = quiet
    local = now.astimezone(CHINA)
    clock, day = local.time(), local.date()
    if begins > ends:
        asleep = clock >= begins or clock < ends
        morning = day if clock < ends else day + timedelta(days=1)
    else:
        asleep, morning = begins <= clock < ends, day
    return datetime.combine(morning, ends, CHINA) if asleep else now
