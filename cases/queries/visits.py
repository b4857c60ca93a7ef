"""Visits as the case shows them: with photos, and with the child for which they were made."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject

from agencies.rules.scope import Scope
from cases.models import Case, Visit, VisitPhoto


@dataclass(frozen=True)
class Picture:
    """Public ids of the stored files of a photo."""

    file: str
    small: str


@dataclass(frozen=True)
class Told:
    """What a visit says beside its place, who was reached and the words.

    made_for: number of the sibling's case for which the visit was made, if it only counts here.
    """

    outcome: str
    next_on: str | None
    made_for: str | None
    pictures: tuple[Picture, ...]


def siblings_of(scope: Scope, case: Case) -> QuerySet[Case]:
    """Other open cases of the household that the person sees: a visit may count for them."""
    return (
        Case.objects.visible_to(scope)
        .open()
        .filter(household=case.household_id)
        .exclude(pk=case.pk)
        .select_related("student")
        .order_by("student__born_on", "pk")
    )


def visit_rows(case: Case) -> QuerySet[Visit, tuple[Any, ...]]:
    """Rows for the timeline: kind, at, place, reached, what else it says, note, who was there."""
    names = StringAgg("present__user__name", Value("、"), order_by="present__pk")
    ids = JSONObject(file="file__public_id", small="thumbnail__public_id")
    photos = VisitPhoto.objects.filter(visit=OuterRef("pk")).order_by("pk").values(ids=ids)
    told = JSONObject(
        outcome="outcome",
        next_on="next_on",
        made_for="made_as__case__number",
        pictures=ArraySubquery(photos),
    )
    return Visit.objects.filter(case=case).values_list(
        Value("visit"),
        "at",
        "place",
        "reached",
        Cast(told, TextField()),
        "note",
        Coalesce(names, Value(""), output_field=TextField()),
        "pk",
    )


def told_by(text: str) -> Told:
    """The fifth column of `visit_rows`."""
    said = json.loads(text)
    pictures = tuple(Picture(**one) for one in said.pop("pictures") or ())
    return Told(pictures=pictures, **said)
