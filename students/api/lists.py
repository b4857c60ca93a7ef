"""Lists of other agencies: upload with its dry run, apply, take back."""

from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView
from agencies.rules.duties import Duty
from students.api.imports import uploaded
from students.imports import upload
from students.queries.person_lists import list_for, shown
from students.services import list_undo, person_lists
from students.services.person_lists import PURPOSE, Said


class ListInput(serializers.Serializer):
    """kind: register, poverty, civil_affairs, disability. provider: code, name or public id of the
    agency, or the word of its kind where there is only one."""

    file = serializers.FileField(allow_empty_file=True)
    kind = serializers.CharField(max_length=16)
    provider = serializers.CharField(max_length=80)
    as_of = serializers.DateField()
    purpose = serializers.CharField(max_length=PURPOSE)


class UndoInput(serializers.Serializer):
    """reason: why the list is taken back; the second person need not give one."""

    reason = serializers.CharField(
        max_length=list_undo.REASON, required=False, allow_blank=True, default=""
    )


class Lists(ApiView):
    """Upload a list; the answer is the dry run, nothing is applied yet."""

    duty = Duty.IMPORT_LIST
    parser_classes = (MultiPartParser,)

    @extend_schema(request=ListInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        data = ListInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        said = Said(given["kind"], given["provider"], given["as_of"], given["purpose"])
        file = given["file"]
        batch = upload.receive_list(self.scope, said, file.name, file.chunks(), clock.now())
        return uploaded(batch, shown(batch))


class OneList(ApiView):
    """One list with its dry run, and after it is applied whom its rows mean."""

    duty = Duty.IMPORT_LIST

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, list_id: UUID) -> Response:
        return Response(shown(list_for(self.scope, list_id)))


class ApplyList(ApiView):
    """Confirm: the background applies the list, or a second person is asked for."""

    duty = Duty.IMPORT_LIST

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, list_id: UUID) -> Response:
        return self.once(
            request,
            lambda: Response(shown(person_lists.confirm(self.scope, list_id, clock.now()))),
        )


class UndoList(ApiView):
    """Ask that an applied list is taken back; the call of a second, different person does it."""

    duty = Duty.IMPORT_LIST

    @extend_schema(request=UndoInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, list_id: UUID) -> Response:
        data = UndoInput(data=request.data)
        data.is_valid(raise_exception=True)
        reason = data.validated_data["reason"]

        def work() -> Response:
            return Response(shown(list_undo.take_back(self.scope, list_id, reason, clock.now())))

        return self.once(request, work)


class KeepList(ApiView):
    """Nobody asks any more that the list is taken back."""

    duty = Duty.IMPORT_LIST

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, list_id: UUID) -> Response:
        return self.once(
            request, lambda: Response(shown(list_undo.keep(self.scope, list_id, clock.now())))
        )
