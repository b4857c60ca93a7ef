"""Secrets at rest: AES-GCM with a key derived from settings.SEAL_KEY (security.md §4.2).

A sealed text is base64 of version (1 byte), nonce (12) and ciphertext with its tag. The label is
authenticated too: a blob that was copied into another row or field cannot be opened there.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = b"\x01"
NONCE = 12  # bytes, NIST SP 800-38D 5.2.1.1


class SealBroken(ValueError):
    """Another key or label, or the blob was changed. The words say nothing of the content."""


def seal(text: str, label: str) -> str:
    """label: where the text stands, such as "robot.secret|<public id>"; needed to open it."""
    nonce = os.urandom(NONCE)
    blob = VERSION + nonce + _cipher().encrypt(nonce, text.encode(), _aad(label))
    return base64.urlsafe_b64encode(blob).decode("ascii")


def unseal(blob: str, label: str) -> str:
    """The text that was sealed under this label; SealBroken if it cannot be opened."""
    cipher = _cipher()
    try:
        raw = base64.b64decode(blob.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        raise SealBroken("The sealed text cannot be read.") from None
    if raw[:1] != VERSION:
        raise SealBroken("The sealed text has an unknown version.")
    nonce, sealed = raw[1 : 1 + NONCE], raw[1 + NONCE :]
    try:
        return cipher.decrypt(nonce, sealed, _aad(label)).decode()
    except (InvalidTag, ValueError):
        raise SealBroken("The sealed text cannot be opened with this key and label.") from None


def _aad(label: str) -> bytes:
    return VERSION + label.encode()


def _cipher() -> AESGCM:
    if not settings.SEAL_KEY:
        raise ImproperlyConfigured("SEAL_KEY is empty: nothing can be sealed or opened.")
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"not-one-less/sealing/1")
    return AESGCM(derive.derive(settings.SEAL_KEY.encode()))
