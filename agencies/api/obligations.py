"""Obligations: who owes what until when."""

from datetime import date, datetime, time

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.models import Agency, Obligation
from agencies.models.obligation import ObligationQuerySet
from agencies.queries.obligations import visible_to
from agencies.rules.deadlines import CHINA


class Obligations(ApiView):
    """The obligations of my bodies and of what I supervise, by due moment."""

    class ObligationQuery(serializers.Serializer):
        state = serializers.ChoiceField(["open", "met", "overdue", "waived"], required=False)
        kind = serializers.CharField(required=False, max_length=20)
        owed_by = serializers.CharField(required=False, max_length=40)
        due_before = serializers.DateField(required=False)

    @extend_schema(parameters=[ObligationQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        query = self.ObligationQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        now = clock.now()
        rows = _narrowed(visible_to(self.scope), query.validated_data, now)
        rows = rows.select_related("owed_by", "owed_to").order_by("due_at", "pk")
        return page(request, rows, lambda row: shown(row, now))


def _narrowed(rows: ObligationQuerySet, query: dict, now: datetime) -> QuerySet[Obligation]:
    state, due_before = query.get("state"), query.get("due_before")
    if state == "overdue":
        rows = rows.overdue(now)
    elif state == "open":
        rows = rows.open().filter(due_at__gte=now)
    elif state == "met":
        rows = rows.filter(met_at__isnull=False)
    elif state == "waived":
        rows = rows.filter(waived_at__isnull=False)
    if kind := query.get("kind"):
        rows = rows.filter(kind=kind)
    if owed_by := query.get("owed_by"):
        rows = rows.filter(owed_by__code=owed_by) | rows.filter(owed_by__name=owed_by)
    if due_before:
        rows = rows.filter(due_at__lte=_end_of(due_before))
    return rows


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, CHINA)


def shown(row: Obligation, now: datetime) -> dict[str, object]:
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "title": str(row.get_kind_display()),
        "subject": row.subject,
        "href": row.href,
        "owed_by": _agency(row.owed_by),
        "owed_to": _agency(row.owed_to),
        "starts_on": row.starts_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "due_at": _instant(row.due_at),
        "provisional": row.provisional,
        "state": row.state(now),
        "met_at": _instant(row.met_at),
        "late": row.late,
        "level": row.level,
        "clause": row.clause,
        "basis": row.basis,
    }


def _agency(agency: Agency | None) -> dict[str, str] | None:
    if agency is None:
        return None
    return {"id": str(agency.public_id), "name": agency.name, "code": agency.code}


def _instant(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat() if moment else None
