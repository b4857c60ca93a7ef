"""The terms of the county, newest first."""

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.base import ApiView, page
from students.models import Term


class Terms(ApiView):
    """Opening day and last school day of each term, both included; for every account."""

    duty = None

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        rows = Term.objects.filter(county=self.scope.county_id).order_by("-starts_on")
        return page(request, rows, _term)


def _term(term: Term) -> dict[str, object]:
    return {
        "id": str(term.public_id),
        "school_year": term.school_year,
        "season": term.season,
        "starts_on": term.starts_on.isoformat(),
        "ends_on": term.ends_on.isoformat(),
    }
