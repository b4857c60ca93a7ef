"""Papers that others than the case's own people read name nobody (S1-69, S1-70, S1-73)."""

from collections.abc import Mapping

from agencies.errors import Reason
from cases.queries.names import named_in
from cases.rules.publication import given_away, plain, refusal


def persons_in(county_id: int, texts: Mapping[str, str]) -> list[Reason]:
    """A reason for each text, by its pointer, that would give a person away: told to who writes."""
    found = []
    for pointer, value in texts.items():
        if words := given_away(value, named_in(county_id, plain(value))):
            found.append(refusal(words, pointer))
    return found
