"""Which obligations a person sees: those of the own bodies, and of what lies below them."""

from django.db.models import Q

from agencies.models import Obligation
from agencies.models.obligation import ObligationQuerySet
from agencies.rules.scope import Scope


def visible_to(scope: Scope) -> ObligationQuerySet:
    rows = Obligation.objects.filter(county_id=scope.county_id)
    if scope.everything:
        return rows
    q = Q(owed_by__in=scope.agency_ids) | Q(owed_to__in=scope.agency_ids)
    for path in scope.paths:
        q |= Q(region_path__startswith=path)
    return rows.filter(q)
