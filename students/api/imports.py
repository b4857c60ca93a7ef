"""Roster files: upload with its dry run, apply, undo."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView
from agencies.errors import Reason, RuleBroken
from agencies.rules.duties import Duty
from students.imports import upload
from students.models import ImportJob, PersonList
from students.queries.imports import job_for, shown
from students.services import imports


class UploadInput(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True)
    school = serializers.CharField(max_length=12)


def uploaded(job: ImportJob | PersonList, answer: dict[str, Any]) -> Response:
    """The dry run of a new file; raises RuleBroken when it cannot be used."""
    if job.state == job.State.REFUSED:
        code = job.problem.partition(":")[0]
        raise RuleBroken(Reason(code, answer["problem"], "/file"), current=answer)
    return Response(answer, status=201)


class Rosters(ApiView):
    """Upload a roster; the answer is the dry run, nothing is applied yet."""

    duty = Duty.IMPORT_ROSTER
    parser_classes = (MultiPartParser,)

    @extend_schema(request=UploadInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        data = UploadInput(data=request.data)
        data.is_valid(raise_exception=True)
        sent, school = data.validated_data["file"], data.validated_data["school"]
        job = upload.receive(self.scope, school, sent.name, sent.chunks(), clock.now())
        return uploaded(job, shown(job))


class Roster(ApiView):
    """One roster file with its dry run."""

    duty = Duty.IMPORT_ROSTER

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, job_id: UUID) -> Response:
        return Response(shown(job_for(self.scope, job_id)))


class ApplyRoster(ApiView):
    """Confirm: the background applies the file, or a second person is asked for."""

    duty = Duty.IMPORT_ROSTER

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, job_id: UUID) -> Response:
        return self.once(
            request,
            lambda: Response(shown(imports.confirm(self.scope, job_id, clock.now()))),
        )


class UndoRoster(ApiView):
    """Take back all that the file changed, or nothing."""

    duty = Duty.IMPORT_ROSTER

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, job_id: UUID) -> Response:
        return self.once(
            request, lambda: Response(shown(imports.undo(self.scope, job_id, clock.now())))
        )
