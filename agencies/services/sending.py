"""What goes to a recipient as one message, and the handing over, outside of any transaction."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies.channels import mail, robots, sms
from agencies.channels.base import Message, Outcome, later, never
from agencies.channels.robots import PER_MINUTE, Kind
from agencies.models import ChannelTarget, Delivery
from agencies.queries import wording
from agencies.queries.policy import Policy
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import ROBOTS, Channel, NoticeKind, not_in_the_night
from agencies.rules.policy import Key
from agencies.sealing import SealBroken, unseal
from agencies.services import claims
from agencies.services.claims import MINUTE, Group

LOG = logging.getLogger(__name__)
CHINESE = "zh-hans"


@dataclass(frozen=True)
class Pass:
    """What one pass knows. lately: messages to each robot within the last minute."""

    now: datetime
    calendar: WorkingCalendar
    policies: dict[int, Policy]
    lately: dict[int, int]


@dataclass(frozen=True)
class Parcel:
    """Deliveries of one recipient that go as one message."""

    rows: Sequence[Delivery]
    counted: bool = False  # only how many of each kind, not each by itself


def parcels(group: Group, this: Pass) -> Iterator[Parcel]:
    """The messages to one recipient. What must not be sent now is settled here."""
    pointless = {row.pk for row in group.rows if _is_pointless(row, this)}
    claims.drop(pointless)
    rows = [row for row in group.rows if row.pk not in pointless]
    if not rows:
        return
    policy = this.policies[rows[0].notice.county_id]
    awake = not_in_the_night(this.now, policy.quiet_hours)
    if awake != this.now:
        claims.release(rows, awake)
        return
    summaries = [row for row in rows if row.notice.kind == NoticeKind.DIGEST]
    yield from (Parcel([row]) for row in summaries)
    rows = [row for row in rows if row not in summaries]
    if not rows:
        return
    flood = len(rows) > policy.number(Key.FLOOD_LIMIT)
    if rows[0].channel in ROBOTS:
        if this.lately.get(rows[0].target_id or 0, 0) >= PER_MINUTE[Kind(rows[0].channel)]:
            claims.release(rows, this.now + MINUTE)
            return
        yield Parcel(rows, counted=flood)
    elif flood:
        yield Parcel(rows, counted=True)
    else:
        yield from (Parcel([row]) for row in rows)


def _is_pointless(row: Delivery, this: Pass) -> bool:
    """Nothing is left to say, or there is no way to the receiver any more."""
    notice = row.notice
    today = this.now.astimezone(CHINA).date()
    of_today = notice.created_at.astimezone(CHINA).date() == today
    stale = notice.kind == NoticeKind.DIGEST and not of_today
    return notice.is_moot or stale or not _is_reachable(row)


def _is_reachable(row: Delivery) -> bool:
    if row.target:
        return row.target.is_active
    user = row.user
    return user is not None and user.is_active and bool(address(row))


def address(row: Delivery) -> str:
    """Where a person is reached by the channel of the delivery; empty where nowhere."""
    if row.user is None:
        return ""
    return {Channel.MAIL: row.user.email, Channel.SMS: row.user.phone}.get(Channel(row.channel), "")


def hand_over(parcel: Parcel, this: Pass) -> Outcome:
    """Send one message and write down what became of it."""
    first, message = parcel.rows[0], message_of(parcel, this.calendar)
    try:
        outcome = _sent(first, message, this.now)
    except Exception as error:  # a fault of one channel must not hold up the others
        LOG.warning("Sending by %s failed: %s.", first.channel, type(error).__name__)
        outcome = later("error", type(error).__name__)
    claims.record(parcel.rows, outcome, this.now)
    return outcome


def _sent(row: Delivery, message: Message, now: datetime) -> Outcome:
    if row.target:
        robot = robot_of(row.target)
        return robots.send(robot, message, now) if robot else never("sealed")
    send = {Channel.MAIL: mail.send, Channel.SMS: sms.send}[Channel(row.channel)]
    return send(address(row), message)


def message_of(parcel: Parcel, calendar: WorkingCalendar) -> Message:
    """The words in the receiver's language; a text message has no subject, so it goes in front."""
    first = parcel.rows[0]
    language = (first.user.language if first.user else "") or CHINESE
    notices = [row.notice for row in parcel.rows]
    if parcel.counted:
        said = wording.many(notices, language)
    else:
        each = [wording.wording(notice, calendar, language) for notice in notices]
        said = each[0] if len(each) == 1 else wording.listed(each, language)
    text = " ".join(said.whole.split("\n")) if first.channel == Channel.SMS else said.text
    return Message(said.subject, text, wording.link_of(notices), _mark(parcel.rows))


def _mark(rows: Sequence[Delivery]) -> str:
    """The same for each attempt at the same deliveries."""
    ids = ",".join(str(row.public_id) for row in rows)
    return ids if len(rows) == 1 else hashlib.sha256(ids.encode()).hexdigest()[:32]


def label(target: ChannelTarget, field: str) -> str:
    """Under which a secret of a robot is sealed: it cannot be opened in another row or field."""
    return f"robot.{field}|{target.public_id}"


def robot_of(target: ChannelTarget) -> robots.RobotTarget | None:
    """With its secrets opened; None when they were sealed with another key."""
    try:
        token = unseal(target.token, label(target, "token"))
        secret = unseal(target.secret, label(target, "secret")) if target.secret else ""
    except SealBroken:
        return None
    return robots.RobotTarget(target.channel, target.base_url, token, secret)
