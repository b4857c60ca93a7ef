"""Lists of other agencies: versions, upload, what the dry run found, rows, apply."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPossible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from students.forms import ListForm
from students.imports import errors, upload
from students.models import PersonEntry, PersonList
from students.queries import person_lists as queries
from students.services import list_undo
from students.services import person_lists as services
from students.services.person_lists import Said
from students.views.paging import slice_of
from students.views.uploads import REFUSED, counted, progress_page, result_page, workbook

State, Change, Found = PersonList.State, PersonEntry.Change, PersonEntry.Found
CHANGES = (
    (Change.NEW, gettext_lazy("new on the list")),
    (Change.CHANGED, gettext_lazy("changed since the list before")),
    (Change.UNCHANGED, gettext_lazy("unchanged")),
    (Change.GONE, gettext_lazy("gone since the list before")),
    (Change.DUPLICATE, gettext_lazy("duplicate rows")),
    (Change.ERROR, gettext_lazy("rows with errors")),
)
JOINED = (
    (Found.BY_NUMBER, gettext_lazy("a child of ours, by the number")),
    (Found.BY_FACTS, gettext_lazy("a child of ours, by name, birth date, guardian and address")),
    (Found.BY_HAND, gettext_lazy("a child of ours, by a person's decision")),
    (Found.ENTERED, gettext_lazy("a child that nobody knew, entered from this list")),
)


@require_GET
@needs(Duty.IMPORT_LIST)
def lists(request: PageRequest) -> HttpResponse:
    """All versions, the newest first."""
    page, next_cursor = slice_of(request, queries.lists(request.scope))
    return render(request, "students/lists.html", {"lists": page, "next_cursor": next_cursor})


@needs(Duty.IMPORT_LIST)
def new(request: PageRequest) -> HttpResponse:
    """Upload a list with its kind, provider, day and purpose. What was typed stays."""
    scope = request.scope
    providers = queries.providers(scope.county_id, scope.on)
    form = ListForm(request.POST or None, request.FILES or None, providers=providers)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        said = Said(given["kind"], given["provider"], given["as_of"], given["purpose"])
        try:
            now = clock.now()
            batch = upload.receive_list(scope, said, file.name or "", file.chunks(), now)
            return redirect("person_list", batch.public_id)
        except DomainError as refused:
            reasons = refused.reasons
    status = REFUSED if reasons or form.errors else 200
    context = {"form": form, "reasons": reasons, "providers": providers.exists()}
    return render(request, "students/list_upload.html", context, status=status)


@require_GET
@needs(Duty.IMPORT_LIST)
def result(request: PageRequest, list_id: UUID) -> HttpResponse:
    """What the dry run found, and what can be done now."""
    return _result(request, queries.list_for(request.scope, list_id))


def _result(
    request: PageRequest, batch: PersonList, refused: DomainError | None = None
) -> HttpResponse:
    checked, me = batch.state == State.CHECKED, request.scope.user_id
    context = {
        "batch": batch,
        "counts": counted(batch, CHANGES),
        "joined": _joined(batch),
        "to_apply": queries.to_apply(batch),
        "done": queries.done_rows(batch),
        "needs_second": checked and queries.loses_too_many(batch),
        "undo_asked_me": bool(batch.undo_asked_by and batch.undo_asked_by.user_id == me),
    }
    return result_page(request, "students/list_result.html", batch, context, refused)


def _joined(batch: PersonList) -> list[tuple[str, object, int]]:
    """Whom the rows mean, once the list is applied."""
    if batch.state != State.APPLIED:
        return []
    counts = queries.found_counts(batch)
    waiting = _("nobody yet: a person decides") if batch.is_register else _("nobody of ours")
    differing = _("a child of ours whose record has another name or number")
    labels = (*JOINED, (queries.NOBODY, waiting), (queries.DIFFERING, differing))
    return [(name, label, counts[name]) for name, label in labels if counts[name]]


@require_GET
@needs(Duty.IMPORT_LIST)
def rows(request: PageRequest, list_id: UUID) -> HttpResponse:
    """The rows behind one number of the result."""
    batch = queries.list_for(request.scope, list_id)
    of = request.GET.get("of", "")
    page, next_cursor = slice_of(request, queries.rows(batch, of))
    audit.record(request.scope, "list.rows", f"list:{list_id}", now=clock.now(), of=of)
    no_place = (queries.NO_PLACE, _("place not found in the county"))
    context = {
        "batch": batch,
        "of": of,
        "choices": [*counted(batch, (*CHANGES, no_place)), *_joined(batch)],
        "rows": queries.shown_rows(page),
        "next_cursor": next_cursor,
    }
    return render(request, "students/list_rows.html", context)


@require_GET
@needs(Duty.IMPORT_LIST)
def progress(request: PageRequest, list_id: UUID) -> HttpResponse:
    """A fragment that asks again every second; the whole page once the work is done."""
    batch = queries.list_for(request.scope, list_id)
    context = {
        "batch": batch,
        "to_apply": queries.to_apply(batch),
        "done": queries.done_rows(batch),
    }
    return progress_page(request, "students/_list_progress.html", batch, context)


@require_GET
@needs(Duty.IMPORT_LIST)
def error_file(request: PageRequest, list_id: UUID) -> HttpResponse:
    """The rows that were left out, to be corrected and uploaded again."""
    batch = queries.list_for(request.scope, list_id)
    audit.record(request.scope, "list.errors", f"list:{list_id}", now=clock.now())
    return workbook(errors.of_list(batch), f"errors-{list_id}.xlsx")


@require_POST
@needs(Duty.IMPORT_LIST)
def apply(request: PageRequest, list_id: UUID) -> HttpResponse:
    """Confirm, as the first or the second person."""
    try:
        batch = services.confirm(request.scope, list_id, clock.now())
    except NotPossible as refused:
        return _result(request, queries.list_for(request.scope, list_id), refused)
    if batch.state == State.NEEDS_SECOND:
        messages.warning(request, _("A second person must agree before this is applied."))
    return redirect("person_list", list_id)


@require_POST
@needs(Duty.IMPORT_LIST)
def undo(request: PageRequest, list_id: UUID) -> HttpResponse:
    """Ask that the list is taken back, or agree as the second person; or say why not."""
    try:
        reason = request.POST.get("reason", "")
        batch = list_undo.take_back(request.scope, list_id, reason, clock.now())
    except (NotPossible, RuleBroken) as refused:
        return _result(request, queries.list_for(request.scope, list_id), refused)
    if batch.state == State.APPLIED:
        messages.warning(request, _("A second person must agree before the list is taken back."))
    return redirect("person_list", list_id)


@require_POST
@needs(Duty.IMPORT_LIST)
def keep(request: PageRequest, list_id: UUID) -> HttpResponse:
    """The list stays."""
    list_undo.keep(request.scope, list_id, clock.now())
    messages.success(request, _("The list stays as it is."))
    return redirect("person_list", list_id)
