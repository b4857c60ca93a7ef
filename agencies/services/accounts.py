"""Accounts: a person is entered together with the first post."""

import secrets
import string
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from agencies.models import Agency, Post, User
from agencies.queries.agencies import named
from agencies.rules.duties import Position
from agencies.rules.scope import Scope
from agencies.services import audit, posts

LETTERS = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
LENGTH = 14
MOST_CANDIDATES = 5


@dataclass(frozen=True)
class NewPost:
    """What the system administrator enters. starts_on: the first day of the post."""

    username: str
    name: str
    phone: str
    agency: str
    position: str
    starts_on: date


@transaction.atomic
def enter(scope: Scope, given: NewPost, now: datetime) -> tuple[Post, str]:
    """Appoint a person; returns the post and, for a new account, its password, shown once.

    Raises RuleBroken when the agency is not clear, the account is somebody else's or closed,
    or the person has the post already.
    """
    position = Position(given.position)
    agency = _agency(scope, given, position)
    user = User.objects.filter(username=given.username).first()
    password = ""
    if user is None:
        user, password = _account(given)
    else:
        _check(user, agency, given)
    post = posts.appoint(user, agency, position, given.starts_on)
    subject = f"post:{post.public_id}"
    audit.record(scope, "post.appoint", subject, now=now, new_account=bool(password))
    return post, password


def _agency(scope: Scope, given: NewPost, position: Position) -> Agency:
    found = named(
        scope.county_id, given.agency, position, max(given.starts_on, scope.on), MOST_CANDIDATES + 1
    )
    if len(found) == 1:
        return found[0]
    if not found:
        raise RuleBroken(Reason("agency", _("There is no such agency."), "/agency"))
    several = _("Several agencies are meant by this; type the code of one of them.")
    raise RuleBroken(
        Reason("agency", several, "/agency"),
        *(Reason("candidate", _label(one), "/agency") for one in found[:MOST_CANDIDATES]),
    )


def _label(agency: Agency) -> str:
    region = agency.region
    place = f"{region.parent.name if region.parent else ''}{region.name}"
    return f"{agency.name} · {place} · {agency.code or region.code}"


def _account(given: NewPost) -> tuple[User, str]:
    if not given.name.strip():
        raise RuleBroken(Reason("name", _("A new account needs the person's name."), "/name"))
    password = "".join(secrets.choice(LETTERS) for _place in range(LENGTH))
    user = User.objects.create_user(given.username, given.name, password)
    if given.phone:
        user.phone = given.phone
        user.save(update_fields=["phone"])
    return user, password


def _check(user: User, agency: Agency, given: NewPost) -> None:
    if given.name and given.name != user.name:
        text = _("This user name belongs to somebody else.")
        raise RuleBroken(Reason("username", text, "/username"))
    if not user.is_active:
        raise RuleBroken(Reason("closed", _("This account is closed."), "/username"))
    unended = Q(ends_on__isnull=True) | Q(ends_on__gte=given.starts_on)
    if Post.objects.filter(unended, user=user, agency=agency, position=given.position).exists():
        text = _("This person holds this post already.")
        raise RuleBroken(Reason("held", text, "/position"))
