"""Which Word template each kind of paper is filled into."""

from dataclasses import dataclass
from uuid import UUID

from agencies.errors import NotVisible
from agencies.models import StoredFile
from cases.models import WordTemplate
from cases.rules.papers import CATALOGUE, PaperKind


@dataclass(frozen=True)
class KindRow:
    """A kind of paper. template: the county's own in use, None for the built-in one."""

    kind: PaperKind
    title: str
    template: WordTemplate | None


def kinds_with_templates(county_id: int) -> list[KindRow]:
    """All kinds in the order of the catalogue, in one query."""
    rows = WordTemplate.objects.filter(county=county_id, withdrawn_at__isnull=True)
    rows = rows.select_related("uploaded_by__user").order_by("uploaded_at", "pk")
    newest = {row.kind: row for row in rows}
    return [KindRow(kind, spec.title, newest.get(kind)) for kind, spec in CATALOGUE.items()]


def template_of(county_id: int, kind: PaperKind) -> bytes | None:
    """The county's own template, the newest that is not withdrawn; None: the built-in one."""
    rows = WordTemplate.objects.filter(county=county_id, kind=kind, withdrawn_at__isnull=True)
    found = rows.order_by("-uploaded_at", "-pk").values_list("file__content", flat=True).first()
    return bytes(found) if found is not None else None


def template_file(county_id: int, template_id: UUID | str) -> StoredFile:
    """The file of a template of the county. Raises NotVisible."""
    rows = WordTemplate.objects.filter(county=county_id, public_id=template_id)
    row = rows.select_related("file").first()
    if row is None:
        raise NotVisible
    return row.file
