"""Papers about units name nobody; those of a meeting name officials, but no family."""

from agencies.errors import Reason
from cases.queries.names import families_named
from cases.rules.publication import plain, refusal
from cases.services.nameless import persons_in

__all__ = ["families_in", "persons_in"]


def families_in(county_id: int, pointer: str, text: str) -> list[Reason]:
    """A reason when a child or guardian is named: told to who writes."""
    words = families_named(county_id, plain(text))
    return [refusal(words, pointer)] if words else []
