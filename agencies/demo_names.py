"""Invented names: drawn from common surnames and given names, the same for the same seed."""

import json
from pathlib import Path
from random import Random

LISTS = json.loads((Path(__file__).parent / "data" / "demo_names.json").read_text("utf-8"))


def surname(rng: Random) -> str:
    return rng.choice(LISTS["surnames"])


def child(rng: Random, *, boy: bool) -> str:
    return surname(rng) + rng.choice(LISTS["boys" if boy else "girls"])


def grown_up(rng: Random, family: str = "", *, man: bool | None = None) -> str:
    """A man or a woman, of this family if one is given."""
    if man is None:
        man = rng.random() < 0.5
    return (family or surname(rng)) + rng.choice(LISTS["men" if man else "women"])


def phone(block: int, serial: int) -> str:
    """138 and zeros: of no network. block keeps children's families and officials apart."""
    return f"1380{block}{serial:06d}"
