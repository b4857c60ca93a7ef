"""The group robots of agencies: entered with sealed secrets that are never shown again."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.channels import addresses
from agencies.channels.robots import PLATFORMS, Kind
from agencies.errors import NotVisible, Reason, RuleBroken
from agencies.models import Agency, ChannelTarget
from agencies.rules import outcomes
from agencies.rules.scope import Scope
from agencies.sealing import seal
from agencies.services import audit
from agencies.services.sending import label


@dataclass(frozen=True)
class Robot:
    """What is entered. An empty token or secret of a robot that exists stays as it is.

    base_url: empty for the platform's own; agency: the whole name, or the code of a school.
    """

    agency: str
    channel: str
    base_url: str = ""
    token: str = ""
    secret: str = ""
    is_active: bool = True


@transaction.atomic
def keep(scope: Scope, given: Robot, now: datetime, robot_id: UUID | None = None) -> ChannelTarget:
    """Enter or change one. Raises NotVisible, or RuleBroken with the field that is wrong."""
    agency = _agency(scope.county_id, given.agency, scope.on)
    target = found(scope, robot_id) if robot_id else ChannelTarget(county_id=scope.county_id)
    _check(target, agency, given)
    before = {name: getattr(target, name) for name in ("agency_id", "channel", "base_url")}
    target.agency, target.channel = agency, given.channel
    target.base_url, target.is_active = given.base_url.rstrip("/"), given.is_active
    if given.token:
        target.token = seal(given.token, label(target, "token"))
    if given.secret:
        target.secret = seal(given.secret, label(target, "secret"))
    target.save()
    changed = [name for name, value in before.items() if getattr(target, name) != value]
    changed += [name for name in ("token", "secret") if getattr(given, name)]
    subject = f"robot:{target.public_id}"
    audit.record(scope, "robot.save", subject, now=now, changed=changed, is_active=target.is_active)
    return target


def found(scope: Scope, robot_id: UUID) -> ChannelTarget:
    """A robot of this county. Raises NotVisible."""
    rows = ChannelTarget.objects.filter(county_id=scope.county_id, public_id=robot_id)
    target = rows.select_related("agency").first()
    if target is None:
        raise NotVisible
    return target


def _agency(county_id: int, text: str, on: date) -> Agency:
    agencies = Agency.objects.on(on).filter(county_id=county_id)
    for meant in ({"name": text.strip()}, {"code": text.strip()}):
        rows = list(agencies.filter(**meant)[:2])
        if len(rows) == 1:
            return rows[0]
    wrong = _("Type the whole name of an agency of this county, or the code of a school.")
    raise RuleBroken(Reason("agency", wrong, "/agency"))


def _check(target: ChannelTarget, agency: Agency, given: Robot) -> None:
    """Every reason at once."""
    reasons = []
    others = ChannelTarget.objects.filter(agency=agency, channel=given.channel)
    if others.exclude(pk=target.pk).exists():
        text = _("This agency has a robot of this kind already: change that one.")
        reasons.append(Reason("taken", text, "/channel"))
    if not target.token and not given.token:
        reasons.append(Reason("token", _("A robot has a token."), "/token"))
    try:
        addresses.check(given.base_url or PLATFORMS[Kind(given.channel)].base)
    except addresses.NotAllowed as refused:
        why = outcomes.why_not(str(refused))
        reasons.append(Reason("not_allowed", why, "/base_url"))
    except addresses.NoAddress:
        pass  # the network may come back; a test says so
    if reasons:
        raise RuleBroken(*reasons)
