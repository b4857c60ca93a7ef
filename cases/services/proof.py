"""Proofs of work (cases/rules/proof.py): given out signed, taken back once."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, RuleBroken
from cases.models import SpentProof
from cases.rules import proof

SIGNED_FOR = "cases.tips.proof"


@dataclass(frozen=True)
class Challenge:
    """What the page gives the browser to calculate with; token: the same, signed."""

    salt: str
    target: str
    token: str
    most: int


def issue(now: datetime) -> Challenge:
    """A new task, valid for proof.VALID. Nothing is stored."""
    salt = secrets.token_hex(16)
    target = proof.target(salt, secrets.randbelow(proof.MOST))
    expires = int((now + proof.VALID).timestamp())
    token = signing.dumps([salt, target, expires], salt=SIGNED_FOR)
    return Challenge(salt, target, token, proof.MOST)


def spend(token: str, number: int | None, now: datetime) -> None:
    """Use the solution up, in the transaction of what it pays for.

    Raises RuleBroken when it is missing, wrong, too old, or was used before.
    """
    salt, target, expires = _opened(token)
    if expires < now.timestamp():
        raise RuleBroken(Reason("expired", _("The page was open too long. Please send it again.")))
    if number is None or not proof.solved(salt, number, target):
        text = _("The calculation of your browser is missing or wrong. Please send it again.")
        raise RuleBroken(Reason("proof", text))
    until = datetime.fromtimestamp(expires, now.tzinfo)
    _row, is_new = SpentProof.objects.get_or_create(nonce=salt, defaults={"expires_at": until})
    if not is_new:
        text = _("This was sent already. If you saw no tracking number, please send it again.")
        raise RuleBroken(Reason("spent", text))


def forget(now: datetime) -> int:
    """A proof that has expired is refused for that: nobody needs to know that it was used."""
    return SpentProof.objects.filter(expires_at__lt=now).delete()[0]


def _opened(token: str) -> tuple[str, str, int]:
    try:
        salt, target, expires = signing.loads(token, salt=SIGNED_FOR)
    except (signing.BadSignature, ValueError):
        text = _("The calculation of your browser is missing or wrong. Please send it again.")
        raise RuleBroken(Reason("proof", text)) from None
    return salt, target, expires
