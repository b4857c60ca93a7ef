"""Papers of a case: the list, issuing one, and the catalogue with the facts each kind needs."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import clock
from agencies.api.base import ApiView, of_this_time
from agencies.rules.duties import Duty
from agencies.services import audit
from cases import access, exports
from cases.models import Case
from cases.queries.paper_facts import Asking, draft_of
from cases.queries.papers import PaperRow, papers_of
from cases.rules.paper_fields import MOST
from cases.rules.papers import CATALOGUE, PaperKind
from cases.services import papers
from cases.services.papers import Draft


class PaperInput(serializers.Serializer):
    """facts: only what is to stand there instead of what the case knows already."""

    client_id = serializers.UUIDField()
    kind = serializers.ChoiceField(PaperKind.choices)
    addressee = serializers.CharField(required=False, allow_null=True, default=None, max_length=80)
    issued_on = serializers.DateField(required=False, validators=[of_this_time])
    facts = serializers.DictField(default=dict)


class CasePapers(ApiView):
    """Papers of a case, newest first, without what they say; POST issues one."""

    duty = Duty.SEE_CASES

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="case_papers_list")
    def get(self, request: Request, case_id: UUID) -> Response:
        case = access.case_for(self.scope, case_id)
        audit.record(self.scope, "case.papers", f"case:{case_id}", now=clock.now())
        return Response({"results": [_paper(row, case) for row in papers_of(case)]})

    @extend_schema(
        request=PaperInput, responses=OpenApiTypes.OBJECT, operation_id="case_papers_issue"
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        data = PaperInput(data=request.data)
        data.is_valid(raise_exception=True)
        case = access.case_for(self.scope, case_id)

        def issue() -> Response:
            made = self._issue(case, data.validated_data)
            row = next(row for row in papers_of(case) if row.id == made)
            return Response(_paper(row, case), status=201)

        return self.once(request, issue)

    def _issue(self, case: Case, given: dict) -> UUID:
        kind, now = PaperKind(given["kind"]), clock.now()
        post = papers.may_issue(self.scope, kind)
        known = draft_of(Asking(self.scope, case, kind, post, now))
        to = known.addressee if given["addressee"] is None else given["addressee"]
        facts = known.facts | given["facts"]
        draft = Draft(given["client_id"], to, facts, given.get("issued_on") or self.scope.on)
        return papers.issue(self.scope, case, kind, draft, now).public_id


class CaseFile(ApiView):
    """A file of the case: a paper, a signed receipt, a scan, a photo."""

    duty = Duty.SEE_CASES

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, case_id: UUID, file_id: UUID) -> HttpResponse:
        return exports.case_file(self.scope, case_id, file_id, clock.now())


class PaperKinds(ApiView):
    """The catalogue of papers: title, who issues it, its facts, how much of the ID number."""

    duty = Duty.SEE_CASES

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="paper_kinds")
    def get(self, request: Request) -> Response:
        return Response({"results": [_kind(kind) for kind in PaperKind]})


def _paper(row: PaperRow, case: Case) -> dict[str, object]:
    address = f"/api/v1/cases/{case.public_id}/files"
    return {
        "id": str(row.id),
        "kind": row.kind.value,
        "number": row.number,
        "title": row.title,
        "addressee": row.addressee,
        "issued_on": row.issued_on.isoformat(),
        "issued_by": row.issued_by,
        "agency": row.agency,
        "episode": row.episode,
        "served_on": row.served_on.isoformat() if row.served_on else None,
        "receipt": row.receipt,
        "pdf": f"{address}/{row.pdf}/",
        "word": f"{address}/{row.word}/" if row.word else None,
    }


def _kind(kind: PaperKind) -> dict[str, object]:
    spec = CATALOGUE[kind]
    return {
        "kind": kind.value,
        "title": spec.title,
        "positions": sorted(position.value for position in spec.positions),
        "to_guardian": spec.to_guardian,
        "legal_basis": spec.basis,
        "id_number": spec.id_number.value,
        "because": str(spec.because),
        "facts": [
            {
                "name": field.name,
                "words": str(field.words),
                "printed": field.printed,
                "form": field.form.value,
                "required": field.required,
                "most": MOST[field.form],
                "columns": [name for name, _head in field.columns],
            }
            for field in spec.fields
        ],
    }
