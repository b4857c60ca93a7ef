"""How a person wants to be told, and where: own address and phone, channels by group."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import NoticePreference, User
from agencies.rules.notices import WAYS, Channel, Group, is_fixed
from agencies.rules.scope import Scope
from agencies.services import audit

CHOSEN = (Channel.MAIL, Channel.SMS)  # the inbox is the record and never off


@dataclass(frozen=True)
class Contact:
    """Where messages to the person go, and in which language."""

    email: str
    phone: str
    language: str


def offered(group: Group, channel: Channel) -> bool:
    """The daily summary goes by mail only; everything else by each channel."""
    return channel is Channel.MAIL or group is not Group.DIGEST


def shown(user: User) -> dict[tuple[Group, Channel], bool]:
    """What is switched on, by choice or without one. A group is on if some of its notices are."""
    mine = {(row.group, row.channel): row.wanted for row in user.preferences.all()}
    found = {}
    for group in Group:
        ways = [way for way in WAYS.values() if way.group is group]
        for channel in CHOSEN:
            if offered(group, channel):
                usual = any(channel in way.on for way in ways)
                on = mine.get((group, channel), usual)
                found[group, channel] = on or is_fixed(group, channel)
    return found


@transaction.atomic
def keep(
    scope: Scope, contact: Contact, wanted: dict[tuple[Group, Channel], bool], now: datetime
) -> None:
    """Store what differs from before. What the law wants told stays on, whatever is given.

    Raises RuleBroken when the phone number is taken away: then no such message could arrive.
    """
    user = User.objects.select_for_update().get(pk=scope.user_id)
    if user.phone and not contact.phone:
        text = _("Deadlines of the law go to this number: it can be changed, not removed.")
        raise RuleBroken(Reason("phone", text, "/phone"))
    changed = [name for name, value in vars(contact).items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, getattr(contact, name))
    if changed:
        user.save(update_fields=changed)
    for (group, channel), before in shown(user).items():
        given = wanted.get((group, channel), before)
        if given != before and not is_fixed(group, channel):
            NoticePreference.objects.update_or_create(
                user=user, group=group, channel=channel, defaults={"wanted": given}
            )
            changed.append(f"{group}.{channel}")
    if changed:
        subject = f"user:{user.public_id}"
        audit.record(scope, "notices.settings", subject, now=now, changed=changed)
