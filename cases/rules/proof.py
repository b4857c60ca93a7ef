"""A proof of work: a small calculation that costs one visitor a second, and a flood its time.

The server draws a number and says only the hash of salt and number; whoever wants to send a tip
tries the numbers from 0 upward. At worst that is MOST hashes, so its progress can be told.
static/js/tip.js does it with its own SHA-256: browsers offer theirs only over https.
"""

import hashlib
import hmac
from datetime import timedelta

MOST = 100_000  # a slow phone does some 20,000 hashes a second
VALID = timedelta(hours=1)  # long enough for somebody who types slowly


def target(salt: str, number: int) -> str:
    """Hexadecimal SHA-256 of salt:number."""
    return hashlib.sha256(f"{salt}:{number}".encode()).hexdigest()


def solved(salt: str, number: int, wanted: str) -> bool:
    return 0 <= number <= MOST and hmac.compare_digest(target(salt, number), wanted)
