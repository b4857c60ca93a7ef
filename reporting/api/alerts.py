"""Alerts: figures that call for a step, with the evidence as it was found."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.rules.duties import Duty
from agencies.services import audit
from reporting.api.rates import child, figure
from reporting.models import Alert
from reporting.queries import alerts as queries
from reporting.rules.accountability import CLAUSES, AlertReason


class Alerts(ApiView):
    """Alerts in reach: ?state=open|ended|all."""

    duty = Duty.SEE_RATES

    @extend_schema(operation_id="alerts_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rows = queries.alerts(self.scope, request.query_params.get("state", "open"))
        return page(request, rows, shown)


class OneAlert(ApiView):
    """One alert, its figure as it is now, and the cases of the evidence that the caller sees."""

    duty = Duty.SEE_RATES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, alert_id: UUID) -> Response:
        alert = queries.alert_for(self.scope, alert_id)
        audit.record(self.scope, "alert.read", f"alert:{alert.public_id}", now=clock.now())
        now = queries.figure_now(alert, self.scope)
        cases = queries.cases_of(alert, self.scope)
        return Response(
            {
                **shown(alert),
                "now": figure(now) if now else None,
                "cases": [child(one) for one in cases],
            }
        )


def shown(alert: Alert) -> dict[str, object]:
    evidence = {key: value for key, value in alert.evidence.items() if key != "cases"}
    return {
        "id": str(alert.public_id),
        "unit": alert.kind,
        "key": alert.key,
        "name": alert.name,
        "stage": alert.stage,
        "school_year": alert.school_year,
        "reason": alert.reason,
        "clause": CLAUSES[AlertReason(alert.reason)],
        "found_on": alert.found_on.isoformat(),
        "ended_on": alert.ended_on.isoformat() if alert.ended_on else None,
        "evidence": evidence,
    }
