"""Tips for the bureau. The public has the page /tips/ only: a form with its proof of work."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time, page
from agencies.errors import NotVisible, Reason, RuleBroken
from agencies.rules import masking
from agencies.rules.duties import Duty
from agencies.services import audit
from cases.models import Tip
from cases.queries import tips
from cases.rules.tips import MOST_NOTE, TipAction, TipState
from cases.services import tip_triage
from cases.services.tip_triage import Link, Order


class Tips(ApiView):
    """Those that wait, newest first, or those of one state; numbers in their texts are masked."""

    duty = Duty.TRIAGE_TIPS

    class TipQuery(serializers.Serializer):
        state = serializers.ChoiceField(TipState.choices, required=False)

    @extend_schema(parameters=[TipQuery], operation_id="tips_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        query = self.TipQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        now = clock.now()
        audit.record(self.scope, "tip.list", "tips", now=now)
        rows = tips.rows_for(self.scope, query.validated_data.get("state", ""))
        return page(request, rows, lambda tip: _row(tip, now))


class OneTip(ApiView):
    duty = Duty.TRIAGE_TIPS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, tip_id: UUID) -> Response:
        found = tips.tip_for(self.scope, tip_id)
        audit.record(self.scope, "tip.read", f"tip:{tip_id}", now=clock.now())
        return Response(_one(found))


class TipContact(ApiView):
    """The sealed contact and the text without masks: a POST, because each look is recorded."""

    duty = Duty.TRIAGE_TIPS

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, tip_id: UUID) -> Response:
        opened = tip_triage.opened(self.scope, tip_id, clock.now())
        return Response({"contact": opened.contact, "what": opened.what, "where": opened.where})


class TipActionInput(serializers.Serializer):
    """words: the reply of an answer, else the reason. student, on: for link."""

    version = serializers.IntegerField(required=False)
    words = serializers.CharField(
        max_length=MOST_NOTE, required=False, default="", allow_blank=True
    )
    student = serializers.UUIDField(required=False)
    on = serializers.DateField(required=False, validators=[of_this_time])


class TipMove(ApiView):
    """take, link, answer, spam or reopen; refused with every reason."""

    duty = Duty.TRIAGE_TIPS

    @extend_schema(request=TipActionInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, tip_id: UUID, action: str) -> Response:
        if action not in set(TipAction):
            raise NotVisible
        data = TipActionInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        return self.once(request, lambda: self._moved(tip_id, TipAction(action), given))

    def _moved(self, tip_id: UUID, action: TipAction, given: dict) -> Response:
        version, now = given.get("version"), clock.now()
        if action is not TipAction.LINK:
            order = Order(version, given["words"])
            tip_triage.act(self.scope, tip_id, action, order, now)
        elif "student" in given:
            link = Link(given["student"], given.get("on") or self.scope.on, version)
            tip_triage.link(self.scope, tip_id, link, now)
        else:
            raise RuleBroken(Reason("student", _("Name the child."), "/student"))
        return Response(_one(tips.tip_for(self.scope, tip_id)))


def _row(tip: Tip, now: datetime) -> dict[str, object]:
    owed = tip.obligation
    return {
        "id": str(tip.public_id),
        "version": tip.version,
        "kind": tip.kind,
        "state": tip.state,
        "received_at": tip.received_at,
        "region": tip.region.code if tip.region else None,
        "school": tip.school.code if tip.school else None,
        "what": masking.strangers_text(tip.what),
        "due_at": owed.due_at if owed else None,
        "overdue": owed is not None and owed.state(now) == "overdue",
        "case": str(tip.case.public_id) if tip.case else None,
    }


def _one(tip: Tip) -> dict[str, object]:
    now = clock.now()
    found = tips.page_of(tip, now)
    return {
        **_row(tip, now),
        "where": found.where,
        "reply": found.reply,
        "has_contact": found.has_contact,
        "possible": [action.value for action in found.actions],
        "steps": [
            {"state": step.state, "at": step.at, "note": step.note, "by": step.by.user.name}
            for step in found.steps
        ],
    }
