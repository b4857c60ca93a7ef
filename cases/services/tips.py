"""Tips from the public come in (S1-31): bounded in PostgreSQL, told to the bureau without a word
of their text, asked after by their tracking number.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies import sealing
from agencies.errors import Reason, RuleBroken
from agencies.models import Agency, Obligation, Region
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import Policy, in_force
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.notices import NoticeKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.services import notices, obligations
from agencies.services.notices import News
from agencies.services.obligation_rows import Owed
from agencies.services.obligations import Ground
from cases.models import Tip, WrongNumber
from cases.rules import tips
from cases.rules.tips import TipState
from cases.services import proof


class TooMany(RuleBroken):
    """More than the bounds allow: 429."""


@dataclass(frozen=True)
class Sent:
    """What somebody wrote. At least one of region, school and where is known."""

    kind: str
    what: str
    region: Region | None = None
    school: Agency | None = None
    where: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Solution:
    """The proof of work that came with it, and the network that it came from."""

    token: str
    number: int | None
    network: str


@dataclass(frozen=True)
class Told:
    """What whoever holds the tracking number is told: never what was written."""

    received_on: date
    words: Promise
    reply: str


@transaction.atomic
def receive(county: Region, sent: Sent, solution: Solution, now: datetime) -> str:
    """Store a tip. Returns its tracking number, of which only the hash is kept.

    Raises RuleBroken for the proof of work, TooMany when a bound is reached; nothing is stored.
    """
    proof.spend(solution.token, solution.number, now)
    policy = in_force(county.pk, _day(now))
    # One at a time: whoever counts sees all that came before. No key, or every insert would wait.
    Region.objects.select_for_update(no_key=True).get(pk=county.pk)
    _within_bounds(county, solution.network, policy, now)
    number = "".join(secrets.choice(tips.ALPHABET) for _n in range(tips.LENGTH))
    tip = Tip(county=county, received_at=now, receipt=tips.receipt(number))
    tip.kind, tip.what, tip.where = sent.kind, sent.what, sent.where
    tip.region, tip.school = sent.region, sent.school
    tip.source = _source(solution.network, now)
    if sent.contact:
        tip.contact = sealing.seal(sent.contact, contact_label(tip)).encode()
    tip.obligation = owe(tip, now)
    tip.save()
    _tell(tip, now)
    return number


def contact_label(tip: Tip) -> str:
    return f"tip.contact|{tip.public_id}"


def owe(tip: Tip, now: datetime) -> Obligation:
    """The bureau looks into it; again when a tip that had ended is taken up again."""
    on = _day(now)
    place = tip.region or (tip.school and tip.school.region) or tip.county
    body = bureau(tip.county_id, on)
    owed = Owed(
        kind=ObligationKind.TIP,
        key=f"tip:{tip.public_id}:{tip.version}",
        subject=place.name,
        href=f"/tips/queue/{tip.public_id}/",
        owed_by=body,
        owed_to=body,
        starts_on=on,
        region_path=tip.county.path,  # a township does not see the tips of its area
    )
    ground = Ground(in_force(tip.county_id, on), working_calendar(), now)
    return obligations.raise_all(tip.county_id, [owed], ground)[0]


def asked(number: str, network: str, now: datetime) -> Told:
    """What became of the tip with this tracking number.

    Raises RuleBroken when there is none, TooMany after so many wrong numbers within an hour.
    """
    source = _source(network, now)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"tip.number|{source}"])
        wrong = WrongNumber.objects.filter(source=source, at__gt=now - tips.AN_HOUR)
        if wrong.count() >= tips.TRIES:
            text = _("Too many wrong numbers. Please try again in an hour.")
            raise TooMany(Reason("tries", text))
        plain = tips.normal(number)
        found = plain and Tip.objects.filter(receipt=tips.receipt(plain)).first()
        if found:
            on = _day(found.received_at)
            return Told(on, tips.TOLD[TipState(found.state)], found.reply)
        WrongNumber.objects.create(source=source, at=now)
    text = _("There is no tip with this number. Please look at it once more.")
    raise RuleBroken(Reason("number", text, "/number"))


def forget(now: datetime) -> int:
    """What was kept only for the bounds: networks after a month, wrong numbers and used proofs."""
    old = Tip.objects.exclude(source="").filter(received_at__lt=now - tips.FORGOTTEN_AFTER)
    wrong = WrongNumber.objects.filter(at__lt=now - tips.AN_HOUR)
    return old.update(source="") + wrong.delete()[0] + proof.forget(now)


def _within_bounds(county: Region, network: str, policy: Policy, now: datetime) -> None:
    phone = {"phone": policy.text(Key.TIP_PHONE)}
    midnight = datetime.combine(_day(now), time.min, CHINA)
    today = Tip.objects.filter(county=county, received_at__gte=midnight)
    if today.count() >= policy.number(Key.TIPS_A_DAY):
        full = _("No more tips can be taken here today. Please call %(phone)s.")
        raise TooMany(Reason("day", full % phone))
    since = now - tips.AN_HOUR
    names = {_source(network, now), _source(network, since)}  # around the end of a month: two
    mine = Tip.objects.filter(county=county, source__in=names, received_at__gt=since)
    if mine.count() >= policy.number(Key.TIPS_OF_AN_ADDRESS):
        enough = _(
            "From your network enough tips came within the last hour. Please call %(phone)s."
        )
        raise TooMany(Reason("address", enough % phone))


def _source(network: str, at: datetime) -> str:
    """A network under the key of the month: next month the same one has another name."""
    month = at.astimezone(CHINA).strftime("%Y-%m")
    return salted_hmac(f"cases.tips.source|{month}", network, algorithm="sha256").hexdigest()


def _tell(tip: Tip, now: datetime) -> None:
    """The bureau, at most once an hour: a flood of tips is no flood of notices."""
    hour = now.astimezone(CHINA).strftime("%Y-%m-%dT%H")
    body = bureau(tip.county_id, _day(now))
    key = f"tips:{tip.county_id}:{hour}"
    one = News(tip.county_id, NoticeKind.TIP, key, "/tips/queue/", agency_id=body.pk)
    notices.tell([one], now)


def _day(now: datetime) -> date:
    return now.astimezone(CHINA).date()
