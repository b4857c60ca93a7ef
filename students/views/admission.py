"""Entrants of a school by zone, their notices, delivery and coverage."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import NotPossible, NotVisible, Reason
from agencies.models import Agency
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs, tried
from students.access import school_for
from students.admission_forms import DeliveryForm, YearForm
from students.documents import notices as documents
from students.forms import ReasonForm
from students.models import AdmissionNotice
from students.queries import admission as queries
from students.queries.moving import own_schools
from students.services import admission
from students.views.paging import slice_of

REFUSED = 422
TO_DELIVER_FIRST = (
    F("cancelled_on").asc(nulls_first=True),
    F("delivered_on").asc(nulls_first=True),
    "village__path",
    "number",
)


@require_GET
@needs(Duty.ADMIT)
def entrants(request: PageRequest) -> HttpResponse:
    """Who enters grade 1 or 7 of a school; for the bureau also those whose home has no zone."""
    scope = request.scope
    schools = own_schools(scope)
    filters = YearForm(request.GET, schools=schools, nowhere=scope.everything)
    given = filters.cleaned_data if filters.is_valid() else {}
    school = given.get("school") or (None if scope.everything else schools.first())
    if school is None and not scope.everything:
        raise NotVisible
    year, grade = given.get("year") or scope.on.year, int(given.get("grade") or 1)
    opening = queries.entry(scope.county_id, year)
    rows, more = slice_of(request, queries.entrants(opening, grade, school))
    audit.record(scope, "admission.read", "entrants", now=clock.now(), shown=len(rows), year=year)
    context = {
        "filters": YearForm(
            {"school": school.public_id if school else "", "year": year, "grade": grade},
            schools=schools,
            nowhere=scope.everything,
        ),
        "school": school,
        "year": year,
        "grade": grade,
        "opens_on": opening.opens_on,
        "zones": scope.may(Duty.DRAW_ZONES),
        "rows": rows,
        "next_cursor": more,
    }
    return render(request, "students/entrants.html", context)


@require_POST
@needs(Duty.ADMIT)
def issue(request: PageRequest, code: str, year: int) -> HttpResponse:
    """Make the notices that are missing."""
    school = school_for(request.scope, code)
    made = admission.issue(request.scope, school, year, clock.now())
    words = ngettext("%(count)s notice was made.", "%(count)s notices were made.", made)
    messages.success(request, words % {"count": made})
    return redirect("admission_notices", code, year)


@require_GET
@needs(Duty.ADMIT)
def notices(request: PageRequest, code: str, year: int) -> HttpResponse:
    """The notices of a school and year, those to be delivered first; coverage per village."""
    return _page(request, school_for(request.scope, code), year)


@require_POST
@needs(Duty.ADMIT)
def deliver(request: PageRequest, code: str, year: int) -> HttpResponse:
    """Who took which notice: rows with a name are delivered on the day."""
    scope = request.scope
    school = school_for(scope, code)
    form = DeliveryForm(request.POST)
    typed = {
        name.removeprefix("receiver-"): text
        for name, text in request.POST.items()
        if name.startswith("receiver-") and str(text).strip()
    }
    receivers = {key: str(text)[:40] for key, text in typed.items() if _is_id(key)}
    reasons = tried(
        form,
        lambda given: admission.deliver(scope, school, given["on"], receivers, clock.now()),
    )
    if reasons is not None:
        return _page(request, school, year, form, reasons, receivers)
    messages.success(request, _("The delivery is recorded."))
    return redirect("admission_notices", code, year)


@require_GET
@needs(Duty.ADMIT)
def all_as_pdf(request: PageRequest, code: str, year: int) -> HttpResponse:
    """All notices of a school and year in one file, to be printed."""
    school = school_for(request.scope, code)
    rows = queries.notices(request.scope, school, year).filter(cancelled_on__isnull=True)
    return _pdf(request, list(rows), f"{code}-{year}")


@require_GET
@needs(Duty.ADMIT)
def as_pdf(request: PageRequest, notice_id: UUID) -> HttpResponse:
    """One notice."""
    row = queries.notice_for(request.scope, notice_id)
    if row.cancelled_on:
        raise NotPossible(Reason("cancelled", _("This notice is cancelled already.")))
    return _pdf(request, [row], f"{row.school_year}-{row.number}")


@needs(Duty.ADMIT)
def cancel(request: PageRequest, notice_id: UUID) -> HttpResponse:
    """A wrong notice holds no more, for a reason."""
    row = queries.notice_for(request.scope, notice_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        admission.cancel(request.scope, notice_id, form.cleaned_data["because"], clock.now())
        messages.success(request, _("The notice is cancelled."))
        return redirect("admission_notices", row.school.code, row.school_year)
    context = {"row": row, "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "students/notice_cancel.html", context, status=status)


def _pdf(request: PageRequest, rows: list[AdmissionNotice], name: str) -> HttpResponse:
    if not rows:
        raise NotPossible(Reason("no_notice", _("No notice was made yet.")))
    audit.record(
        request.scope, "admission.pdf", f"notices:{name}", now=clock.now(), shown=len(rows)
    )
    content = documents.pdf([row.facts for row in rows], demo=settings.DEMO)
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="admission-{name}.pdf"'
    return answer


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _page(
    request: PageRequest,
    school: Agency,
    year: int,
    bound: DeliveryForm | None = None,
    reasons: Sequence[Reason] = (),
    receivers: dict[str, str] | None = None,
) -> HttpResponse:
    scope, typed = request.scope, receivers or {}
    every = queries.notices(scope, school, year)
    rows, more = slice_of(request, every.order_by(*TO_DELIVER_FIRST))
    audit.record(scope, "admission.notices", f"school:{school.public_id}", now=clock.now())
    context = {
        "school": school,
        "year": year,
        "rows": [{"row": row, "typed": typed.get(str(row.public_id), "")} for row in rows],
        "coverage": queries.coverage(every),
        "form": bound or DeliveryForm(initial={"on": scope.on}),
        "reasons": reasons,
        "next_cursor": more,
    }
    status = REFUSED if bound else 200
    return render(request, "students/notices.html", context, status=status)
