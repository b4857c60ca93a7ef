"""One obligation: its basis and history; extending, reminding, signing for what was sent."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time
from agencies.api.obligations import body_of, instant, only_openable, shown
from agencies.errors import NotVisible
from agencies.models import Escalation, Extension, Obligation, Receipt
from agencies.queries.obligations import obligation_for
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit, extensions, nudges, receipts


class OneObligation(ApiView):
    """One obligation with what its date rests on and what has become of it."""

    duty = Duty.SEE_DUTIES

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, _request: Request, obligation_id: UUID) -> Response:
        return Response(_whole(self.scope, obligation_for(self.scope, obligation_id)))


class ObligationExtend(ApiView):
    """A later last day, with a reason."""

    duty = Duty.EXTEND_DEADLINE

    class ExtendBody(serializers.Serializer):
        due_on = serializers.DateField(validators=[of_this_time])
        reason = serializers.CharField(max_length=extensions.LONGEST, allow_blank=True)

    @extend_schema(request=ExtendBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, obligation_id: UUID) -> Response:
        body = self.ExtendBody(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data

        def work() -> Response:
            now = clock.now()
            extensions.extend(self.scope, obligation_id, given["due_on"], given["reason"], now)
            return Response(_whole(self.scope, obligation_for(self.scope, obligation_id)))

        return self.once(request, work)


class ObligationRemind(ApiView):
    """Whoever owes it is reminded, once a day."""

    duty = Duty.REMIND

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, obligation_id: UUID) -> Response:
        def work() -> Response:
            row = obligation_for(self.scope, obligation_id)
            done = nudges.nudge(self.scope, [row], clock.now())
            return Response({"told": done.told, "told_already": done.already})

        return self.once(request, work)


class ObligationReceive(ApiView):
    """A recipient signs for what was sent to it; the first time stands."""

    duty = Duty.RECEIVE_REPORT

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, obligation_id: UUID) -> Response:
        def work() -> Response:
            now = clock.now()
            row = Obligation.objects.filter(county_id=self.scope.county_id, public_id=obligation_id)
            found = row.first()
            if found is None:
                raise NotVisible
            receipt = receipts.sign(self.scope, found, now)
            audit.record(self.scope, "receipt.sign", f"obligation:{obligation_id}", now=now)
            return Response(_receipt(receipt))

        return self.once(request, work)


def _whole(scope: Scope, row: Obligation) -> dict[str, object]:
    extended = row.extensions.select_related("approved_by__agency").order_by("at", "pk")
    sent = row.receipts.select_related("recipient").order_by("recipient__name", "pk")
    answer = shown(row, clock.now())
    only_openable(scope, [answer])
    return {
        **answer,
        "waived_at": instant(row.waived_at),
        "waived_because": row.waived_because,
        "round": row.round,
        "escalations": [
            _escalation(one) for one in row.escalations.order_by("round", "level", "pk")
        ],
        "extensions": [_extension(one) for one in extended],
        "receipts": [_receipt(one) for one in sent],
    }


def _escalation(one: Escalation) -> dict[str, object]:
    return {
        "round": one.round,
        "level": one.level,
        "due_at": instant(one.due_at),
        "raised_at": instant(one.raised_at),
    }


def _extension(one: Extension) -> dict[str, object]:
    by = one.approved_by
    return {
        "old_due_at": instant(one.old_due_at),
        "new_due_at": instant(one.new_due_at),
        "reason": one.reason,
        "approved_by": {
            "post": str(by.public_id),
            "position": by.position,
            "agency": by.agency.name,
        },
        "at": instant(one.at),
    }


def _receipt(one: Receipt) -> dict[str, object]:
    return {
        "recipient": body_of(one.recipient),
        "sent_at": instant(one.sent_at),
        "received_at": instant(one.received_at),
        "late": one.late,
    }
