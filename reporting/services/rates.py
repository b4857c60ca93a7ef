"""Values of earlier years and yearly targets of units: entered, replaced, taken out again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agencies.access import require
from agencies.errors import NotVisible, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from reporting.models import Target, YearlyValue
from reporting.queries.rate_counts import span
from reporting.queries.rates import figures
from reporting.rules.accountability import NewTarget, target_problems
from reporting.rules.areas import Area
from reporting.rules.entered import PARTS, Entered, problems
from reporting.rules.rates import Measure
from reporting.services.nameless import persons_in
from students.rules.identity import school_year_of


@transaction.atomic
def enter(scope: Scope, area: Area, entered: Entered, now: datetime) -> YearlyValue:
    """A figure of a year without rosters; one that was entered before is replaced.

    Raises NotPermitted, and RuleBroken with every reason of rules/entered.py, and each word of the
    source that names a person: a circular shows it.
    """
    post = require(scope, Duty.KEEP_RATES)
    this_year = school_year_of(scope.on)
    found = problems(entered, this_year, counted=_is_counted(scope, area, entered))
    if found := found + persons_in(scope.county_id, {"/source": entered.source}):
        raise RuleBroken(*found)
    rate = entered.rate
    row, made = YearlyValue.objects.update_or_create(
        **_of(area, entered.measure, entered.stage, entered.school_year),
        defaults={
            **_place(area),
            "numerator": rate.numerator,
            "denominator": rate.denominator,
            "parts": {name: entered.parts[name] for name in PARTS} if entered.of_parts else {},
            "source": entered.source.strip(),
            "entered_on": scope.on,
            "entered_by_id": post.id,
        },
    )
    audit.record(
        scope, "rate.enter", f"value:{row.public_id}", now=now, post=post, replaced=not made
    )
    return row


def _is_counted(scope: Scope, area: Area, entered: Entered) -> bool:
    if entered.measure not in set(Measure):
        return False
    year = span(scope.county_id, min(max(entered.school_year, 1), 9000), scope.on)
    found = figures(Measure(entered.measure), year, [area])
    figure = found.get((area.kind.value, area.key, entered.stage))
    return figure is not None and figure.is_counted and figure.rate.denominator > 0


@transaction.atomic
def set_target(scope: Scope, area: Area, new: NewTarget, now: datetime) -> Target:
    """The target of a unit for a school year; one that was set before is replaced.

    Raises NotPermitted, and RuleBroken with every reason: on what there is no target, no
    percentage, no source, a source that names a person.
    """
    post = require(scope, Duty.KEEP_RATES)
    found = target_problems(new, school_year_of(scope.on))
    if found := found + persons_in(scope.county_id, {"/source": new.source}):
        raise RuleBroken(*found)
    row, made = Target.objects.update_or_create(
        **_of(area, new.measure, new.stage, new.school_year),
        defaults={
            **_place(area),
            "limit": new.limit.strip(),
            "source": new.source.strip(),
            "set_on": scope.on,
            "set_by_id": post.id,
        },
    )
    audit.record(
        scope, "target.set", f"target:{row.public_id}", now=now, post=post, replaced=not made
    )
    return row


@transaction.atomic
def take_out(scope: Scope, kind: str, public_id: UUID, now: datetime) -> None:
    """A value or target that was entered by mistake goes; the log keeps that it was there.

    kind: "value" or "target". Raises NotPermitted and NotVisible.
    """
    post = require(scope, Duty.KEEP_RATES)
    model = YearlyValue if kind == "value" else Target
    row = model.objects.visible_to(scope).filter(public_id=public_id).first()
    if row is None:
        raise NotVisible
    audit.record(
        scope,
        f"{kind}.take_out",
        f"{kind}:{row.public_id}",
        now=now,
        post=post,
        unit=f"{row.kind}:{row.key}",
        school_year=row.school_year,
        measure=row.measure,
    )
    row.delete()


def _of(area: Area, measure: str, stage: str, school_year: int) -> dict[str, Any]:
    return {
        "county_id": area.county_id,
        "kind": area.kind,
        "key": area.key,
        "measure": measure,
        "stage": stage,
        "school_year": school_year,
    }


def _place(area: Area) -> dict[str, Any]:
    return {"name": area.name, "path": area.path, "school_id": area.school_id}
