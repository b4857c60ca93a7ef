"""Storing many obligations at once: one statement for all who owe the same from the same day.

A key that is there already is left as it stands.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from agencies.models import Agency, Obligation
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.rules.public_id import uuid7


@dataclass(frozen=True)
class Owed:
    """One duty to be raised. key: unique in the county, so that raising twice is harmless.

    due_on: a last day that comes with the matter. days: another policy key than the kind's.
    """

    kind: ObligationKind
    key: str
    subject: str
    owed_by: Agency
    owed_to: Agency | None
    starts_on: date
    region_path: str
    href: str = ""
    due_on: date | None = None
    days: Key | None = None


# What all rows share, and what each has of its own.
SHARED = (
    "county_id", "kind", "starts_on", "due_on", "due_at", "provisional", "moments", "levels",
    "step", "next_check_at", "basis", "clause",
)  # fmt: skip
OWN = {
    "key": "text",
    "subject": "text",
    "href": "text",
    "region_path": "text",
    "owed_by_id": "bigint",
    "owed_to_id": "bigint",
}
Own = tuple[str, str, str, str, int, int | None]
INSERT = f"""
INSERT INTO agencies_obligation
    ({", ".join(SHARED)}, round, level, waived_because, public_id, {", ".join(OWN)})
SELECT {", ".join(f"%({name})s{'::jsonb' if name == 'basis' else ''}" for name in SHARED)},
    0, 0, '', own.*
FROM unnest(%(public_ids)s::uuid[], {", ".join(f"%({n})s::{t}[]" for n, t in OWN.items())}) AS own
ON CONFLICT (county_id, key) DO NOTHING
"""  # noqa: S608 the names are ours


def own(owed: Owed) -> Own:
    """In the order of OWN."""
    to = owed.owed_to.pk if owed.owed_to else None
    return owed.key, owed.subject, owed.href, owed.region_path, owed.owed_by.pk, to


def store(like: Obligation, rows: Sequence[Own]) -> int:
    """Insert these rows with the dates of this one. Returns how many were new."""
    values: dict[str, Any] = {name: getattr(like, name) for name in SHARED}
    values["basis"] = json.dumps(like.basis, ensure_ascii=False)
    values["public_ids"] = [str(uuid7()) for _row in rows]
    values |= zip(OWN, map(list, zip(*rows, strict=True)), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        return cursor.rowcount
