"""Whose term-start check a person may see: own school, own classes, the township, the bureau."""

from datetime import date
from uuid import UUID

from agencies.errors import NotVisible
from agencies.models import Agency
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from students.models import Term
from students.queries.calendars import latest_term

CURRENT = "current"


def term_for(scope: Scope, term_id: UUID | str) -> Term:
    """By public id, or "current". Raises NotVisible."""
    if term_id == CURRENT:
        found = current_term(scope.county_id, scope.on)
    else:
        try:
            wanted = UUID(str(term_id))
        except ValueError as error:
            raise NotVisible from error
        found = Term.objects.filter(county=scope.county_id, public_id=wanted).first()
    if found is None:
        raise NotVisible
    return found


def current_term(county_id: int, on: date) -> Term | None:
    """The term of the day or the last one; before the first of all, the one that comes."""
    coming = Term.objects.filter(county=county_id, starts_on__gt=on)
    return latest_term(county_id, on) or coming.order_by("starts_on").first()


def school_for(scope: Scope, term: Term, code: str) -> Agency:
    """The school, if this person may see its check. Raises NotVisible, as if there were none."""
    schools = Agency.objects.on(term.starts_on).schools().filter(county=scope.county_id, code=code)
    school = schools.select_related("region", "county").first()
    if school is None or not may_see(scope, school):
        raise NotVisible
    return school


def may_see(scope: Scope, school: Agency) -> bool:
    return any(
        (post.agency_id == school.pk and Duty.ANSWER_CENSUS in post.duties)
        or (Duty.SEE_FILINGS in post.duties and school.region.path.startswith(post.region_path))
        for post in scope.posts
        if post.agency_kind != school.kind or post.agency_id == school.pk
    )


def own_school(scope: Scope) -> Agency | None:
    """The school whose check this person works on."""
    ids = [post.agency_id for post in scope.posts if Duty.ANSWER_CENSUS in post.duties]
    return Agency.objects.filter(pk__in=ids).order_by("pk").first()
