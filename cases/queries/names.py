"""Which people of our records are named in a text."""

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Length, StrIndex

from agencies.models import Agency, Post, Region
from cases.models import Venue
from students.models import Guardian, Student

SHORTEST = 2  # one sign is a word, no name


def named_in(county_id: int, text: str) -> list[str]:
    """Names of children, guardians and colleagues of the county that stand in the text, each once.

    The names of places and bodies are no names of people: what lies inside them is not looked at.
    """
    text = _without_places(county_id, text)
    return sorted(_families(county_id, text) | _colleagues(county_id, text))


def families_named(county_id: int, text: str) -> list[str]:
    """As named_in, where officials are named by right: a name that a colleague bears is his."""
    text = _without_places(county_id, text)
    return sorted(_families(county_id, text) - _colleagues(county_id, text))


def _families(county_id: int, text: str) -> set[str]:
    people: list[QuerySet] = [
        Student.objects.filter(county_id=county_id),
        Guardian.objects.filter(student__county_id=county_id),
    ]
    return {name for rows in people for name in _found(rows, "name", text)}


def _colleagues(county_id: int, text: str) -> set[str]:
    return set(_found(Post.objects.filter(county_id=county_id), "user__name", text))


def _without_places(county_id: int, text: str) -> str:
    for name in _places(county_id, text):
        text = text.replace(name, " ")
    return text


def _places(county_id: int, text: str) -> list[str]:
    rows: list[QuerySet] = [
        Agency.objects.filter(county_id=county_id),
        Region.objects.filter(county_id=county_id),
        Venue.objects.filter(county_id=county_id),
    ]
    names = {name for one in rows for name in _found(one, "name", text)}
    return sorted(names, key=len, reverse=True)


def _found(rows: QuerySet, field: str, text: str) -> list[str]:
    where = StrIndex(Value(text, output_field=TextField()), field)
    named = rows.annotate(where=where, signs=Length(field))
    return list(
        named.filter(where__gt=0, signs__gte=SHORTEST).values_list(field, flat=True).distinct()
    )
