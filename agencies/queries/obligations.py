"""Which obligations a person sees: those of the own bodies, and of what lies below them.

Also those whose paper was sent to an own body: it signs for it, wherever the school lies.
"""

from uuid import UUID

from django.db.models import Q

from agencies.errors import NotVisible
from agencies.models import Obligation, Receipt
from agencies.models.obligation import ObligationQuerySet
from agencies.rules.scope import Scope


def visible_to(scope: Scope) -> ObligationQuerySet:
    rows = Obligation.objects.filter(county_id=scope.county_id)
    if scope.everything:
        return rows
    q = Q(owed_by__in=scope.agency_ids) | Q(owed_to__in=scope.agency_ids)
    sent = Receipt.objects.filter(recipient__in=scope.agency_ids)
    q |= Q(pk__in=sent.values("obligation"))
    for path in scope.paths:
        q |= Q(region_path__startswith=path)
    return rows.filter(q)


def obligation_for(scope: Scope, public_id: UUID) -> Obligation:
    """One duty with both bodies. Raises NotVisible."""
    rows = visible_to(scope).select_related("owed_by", "owed_to")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found
