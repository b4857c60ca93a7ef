"""The county's Word templates: which kinds have one, the built-in ones as a start, upload."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies import clock
from agencies.errors import DomainError, NotPermitted, NotVisible, Reason
from agencies.exports import download
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from cases.documents.word import MEDIA_TYPE, own
from cases.documents.word_check import MOST_BYTES
from cases.paper_forms import TemplateForm
from cases.queries.word_templates import kinds_with_templates, template_file
from cases.rules.paper_fields import GIVEN
from cases.rules.papers import CATALOGUE, PaperKind
from cases.services import word_templates as services

REFUSED = 422


@needs(Duty.MANAGE_TEMPLATES)
def templates(request: PageRequest) -> HttpResponse:
    """Each kind with its template in use; an uploaded one is checked before it is kept."""
    form = TemplateForm(request.POST or None, request.FILES or None)
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        data = given["file"].read(MOST_BYTES + 1)
        try:
            services.upload(request.scope, PaperKind(given["kind"]), data, clock.now())
            messages.success(request, _("The template is kept and used from now on."))
            return redirect("word_templates")
        except NotPermitted:
            raise
        except DomainError as refused:
            reasons = refused.reasons
    context = {
        "rows": kinds_with_templates(request.scope.county_id),
        "form": form,
        "reasons": reasons,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "cases/word_templates.html", context, status=status)


@require_GET
@needs(Duty.MANAGE_TEMPLATES)
def fields(request: PageRequest, kind: str) -> HttpResponse:
    """What may stand between the braces of a template of this kind."""
    spec = CATALOGUE[_kind(kind)]
    context = {"given": GIVEN.items(), "spec": spec, "kind": kind, "label": PaperKind(kind).label}
    return render(request, "cases/word_fields.html", context)


@require_GET
@needs(Duty.MANAGE_TEMPLATES)
def built_in(request: PageRequest, kind: str) -> HttpResponse:
    """The built-in template, to begin with."""
    wanted = _kind(kind)
    return download(own(wanted), MEDIA_TYPE, f"{CATALOGUE[wanted].title}模板.docx")


@require_GET
@needs(Duty.MANAGE_TEMPLATES)
def uploaded(request: PageRequest, template_id: UUID) -> HttpResponse:
    """A template of the county, as it was uploaded."""
    file = template_file(request.scope.county_id, template_id)
    return download(bytes(file.content), file.media_type, file.name)


@require_POST
@needs(Duty.MANAGE_TEMPLATES)
def withdraw(request: PageRequest, template_id: UUID) -> HttpResponse:
    services.withdraw(request.scope, template_id, clock.now())
    messages.success(request, _("The template is withdrawn."))
    return redirect("word_templates")


def _kind(kind: str) -> PaperKind:
    if kind not in set(PaperKind):
        raise NotVisible
    return PaperKind(kind)
