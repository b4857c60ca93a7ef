"""My inbox: what was told to me, and that I have read it."""

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, page
from agencies.models import Delivery
from agencies.queries.calendars import working_calendar
from agencies.queries.inbox import lines_of
from agencies.queries.wording import START, wording
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA
from agencies.services import inbox

MOST = 1000  # ids in one request


class Notices(ApiView):
    """The lines of my inbox, newest first."""

    class NoticeQuery(serializers.Serializer):
        unread = serializers.BooleanField(required=False, default=False)

    @extend_schema(parameters=[NoticeQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        query = self.NoticeQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = lines_of(self.scope.user_id)
        if query.validated_data["unread"]:
            rows = rows.unread()
        calendar = working_calendar()
        return page(request, rows, lambda row: shown(row, calendar))


def shown(row: Delivery, calendar: WorkingCalendar) -> dict[str, object]:
    notice = row.notice
    return {
        "id": str(row.public_id),
        "kind": notice.kind,
        "text": wording(notice, calendar).whole,
        "created_at": notice.created_at.astimezone(CHINA).isoformat(),
        "read_at": row.read_at.astimezone(CHINA).isoformat() if row.read_at else None,
        "href": notice.href or START,
    }


class NoticesRead(ApiView):
    """Mark lines as read: those named, or all. Answers how many were not read before."""

    class ReadInput(serializers.Serializer):
        ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST)
        all = serializers.BooleanField(required=False, default=False)

        def validate(self, attrs: dict) -> dict:
            if not attrs["all"] and "ids" not in attrs:
                raise serializers.ValidationError(
                    {"ids": self.fields["ids"].error_messages["required"]}
                )
            return attrs

    @extend_schema(request=ReadInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        data = self.ReadInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        ids = None if given["all"] else given["ids"]

        def work() -> Response:
            return Response({"read": inbox.read(self.scope.user_id, clock.now(), ids)})

        return self.once(request, work)
