"""Agencies found by what a person types."""

from datetime import date

from django.db.models import Q

from agencies.models import Agency
from agencies.rules.duties import AGENCIES_OF, Position


def named(county_id: int, text: str, position: Position, on: date, most: int) -> list[Agency]:
    """The agencies meant by a code, a name or a part of one, at most this many.

    A code or a whole name goes before a part; among several, those that have the position.
    """
    text = text.strip()
    agencies = Agency.objects.on(on).filter(county_id=county_id).select_related("region__parent")
    for meant in (
        Q(code=text) | Q(region__code=text) | Q(name=text),
        Q(name__contains=text) | Q(region__name__contains=text),
    ):
        found = agencies.filter(meant).order_by("name", "pk")
        fitting = found.filter(kind__in=AGENCIES_OF[position])
        if rows := list(fitting[:most]) or list(found[:most]):
            return rows
    return []
