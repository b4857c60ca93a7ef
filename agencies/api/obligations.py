"""Obligations: who owes what until when."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.models import Agency, Obligation
from agencies.models.obligation import ObligationQuerySet
from agencies.queries.duties import of_state
from agencies.queries.obligations import visible_to
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from agencies.views.duties import openable


class Obligations(ApiView):
    """The obligations of my bodies and of what I supervise, by due moment."""

    duty = Duty.SEE_DUTIES

    class ObligationQuery(serializers.Serializer):
        state = serializers.ChoiceField(["open", "met", "overdue", "waived"], required=False)
        kind = serializers.ChoiceField(ObligationKind.choices, required=False)
        owed_by = serializers.CharField(required=False, max_length=40)
        due_before = serializers.DateField(required=False)

    @extend_schema(
        parameters=[ObligationQuery],
        operation_id="obligations_list",
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        query = self.ObligationQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        now = clock.now()
        rows = _narrowed(visible_to(self.scope), query.validated_data, now)
        rows = rows.select_related("owed_by", "owed_to").order_by("due_at", "pk")
        answer = page(request, rows, lambda row: shown(row, now))
        only_openable(self.scope, answer.data["results"])
        return answer


def _narrowed(rows: ObligationQuerySet, query: dict, now: datetime) -> QuerySet[Obligation]:
    if state := query.get("state"):
        rows = of_state(rows, state, now)
    if kind := query.get("kind"):
        rows = rows.filter(kind=kind)
    if owed_by := query.get("owed_by"):
        rows = rows.filter(Q(owed_by__code=owed_by) | Q(owed_by__name=owed_by))
    if due_before := query.get("due_before"):
        rows = rows.filter(due_on__lte=due_before)  # a last day ends at its 24:00
    return rows


def shown(row: Obligation, now: datetime) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "title": str(row.get_kind_display()),
        "subject": row.subject,
        "href": row.href,
        "owed_by": body_of(row.owed_by),
        "owed_to": body_of(row.owed_to),
        "starts_on": row.starts_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "due_at": instant(row.due_at),
        "provisional": row.provisional,
        "state": row.state(now),
        "met_at": instant(row.met_at),
        "late": row.late,
        "level": row.level,
        "clause": row.clause,
        "basis": row.basis,
    }


def only_openable(scope: Scope, answers: Collection[dict[str, object]]) -> None:
    """href is null where the caller may not open that page: a link that answers 404 is none."""
    pages = openable(scope, {str(one["href"]) for one in answers})
    for one in answers:
        if one["href"] not in pages:
            one["href"] = None


def body_of(agency: Agency | None) -> dict[str, str] | None:
    if agency is None:
        return None
    return {"id": str(agency.public_id), "name": agency.name, "code": agency.code}


def instant(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat() if moment else None
