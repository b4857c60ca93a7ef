"""What stands against taking a list back, and what of it would go."""

from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.errors import Reason
from students.models import (
    Candidate,
    Guardian,
    Household,
    PersonEntry,
    PersonList,
    ScreenedChild,
    Student,
)
from students.queries.screening import met_nowhere

State = PersonList.State
# What a child has through the list alone; a round of screening asks about every child by itself.
OF_THE_LIST = (PersonEntry, Candidate, Guardian, ScreenedChild)


def against(batch: PersonList) -> list[Reason]:
    """What rests on the list: a newer one of its kind, or what people found out about its rows.

    Which child a row means is no such work: it falls with the list.
    """
    found = []
    newer = PersonList.objects.filter(
        county_id=batch.county_id,
        kind=batch.kind,
        as_of__gt=batch.as_of,
        state__in=(State.APPLYING, State.APPLIED, State.UNDOING),
    )
    if newer.exists():
        text = _("A newer list of this kind was applied: take that one back first.")
        found.append(Reason("newer_list", text))
    if number := batch.entries.filter(checked_by__isnull=False).count():
        several = ngettext(
            "A person gave %(number)s row of it a result, which would be lost.",
            "People gave %(number)s rows of it a result, which would be lost.",
            number,
        ) % {"number": number}
        found.append(Reason("results", several))
    return found


def entered_only_by(batch: PersonList) -> QuerySet[Student]:
    """The children whom this list entered and of whom nothing else is on record anywhere."""
    own = PersonEntry.objects.filter(student=OuterRef("pk"))
    rows = Student.objects.filter(
        Exists(own.filter(batch=batch, found=PersonEntry.Found.ENTERED)),
        ~Exists(own.exclude(batch=batch)),
    )
    return _without_relations(met_nowhere(rows), OF_THE_LIST)


def entered_first_by(batch: PersonList) -> int:
    """How many children this list entered; those of the list before were known."""
    rows = batch.entries.standing().filter(found=PersonEntry.Found.ENTERED)
    return rows.exclude(previous__found=PersonEntry.Found.ENTERED).count()


def empty(household_ids: list[int]) -> QuerySet[Household]:
    """Those of these households in which nobody lives, and with which nobody works."""
    return _without_relations(Household.objects.filter(pk__in=household_ids), ())


def _without_relations(rows: QuerySet[Any], own: tuple[type[Model], ...]) -> QuerySet[Any]:
    """The rows to which no row of any table leads, of whichever app; own: tables that may."""
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.related_model not in own:
            there = relation.related_model._base_manager.all()
            rows = rows.exclude(Exists(there.filter(**{relation.field.name: OuterRef("pk")})))
    return rows
