"""Alerts in reach: the list, one of them, its figure today, and the cases of its evidence."""

from uuid import UUID

from django.db.models import QuerySet

from agencies.errors import NotVisible
from agencies.rules.scope import Scope
from cases.models import Case
from cases.models.case import CaseQuerySet
from reporting.models import Alert
from reporting.queries.rate_counts import span
from reporting.queries.rates import Figure, children, figures
from reporting.rules.rates import Measure


def alerts(scope: Scope, state: str = "open") -> QuerySet[Alert]:
    """state: open, ended or all. The newest first, the widest unit before its parts."""
    rows = Alert.objects.visible_to(scope)
    if state == "ended":
        rows = rows.filter(ended_on__isnull=False)
    elif state != "all":
        rows = rows.open()
    return rows.order_by("-found_on", "path", "school_id", "stage", "pk")


def alert_for(scope: Scope, public_id: UUID) -> Alert:
    """One alert that this person may see. Raises NotVisible."""
    found = alerts(scope, "all").filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def figure_now(alert: Alert, scope: Scope) -> Figure | None:
    """The same figure as it would be found today, beside the evidence."""
    year = span(alert.county_id, alert.school_year, scope.on)
    found = figures(Measure.LEDGER, year, [alert.area])
    return found.get((alert.kind, alert.key, alert.stage))


def cases_of(alert: Alert, scope: Scope) -> CaseQuerySet:
    """The cases behind the frozen numerator that the person may see, by number."""
    return children(scope, Case.objects.filter(public_id__in=alert.evidence["cases"]))
