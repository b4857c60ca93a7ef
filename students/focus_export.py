"""The list of a focus group as a workbook: masked numbers, only texts, and recorded."""

import io
from datetime import datetime

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from agencies.documents import letters
from agencies.rules.scope import Scope
from agencies.services import audit
from students.models.school_class import class_name
from students.queries import focus
from students.queries.focus import Wanted
from students.rules.focus import FocusGroup

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 100_000  # rows
WIDTH = 18


def workbook_of(scope: Scope, group: FocusGroup, wanted: Wanted, now: datetime) -> HttpResponse:
    """All rows of the list as it is narrowed."""
    rows = _rows(scope, group, wanted)
    audit.record(
        scope,
        "focus.export",
        f"focus:{group}",
        now=now,
        shown=len(rows),
        township=wanted.township,
        school=wanted.school,
    )
    answer = HttpResponse(_book(str(group.label), rows), content_type=XLSX)
    name = f"focus-{group}-{scope.on}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _rows(scope: Scope, group: FocusGroup, wanted: Wanted) -> list[tuple[str, ...]]:
    children = list(focus.members(scope, group, wanted)[:MOST])
    tags = focus.tags_by_child(children, group, scope.on)
    found: list[tuple[str, ...]] = []
    for one in children:
        tag, grade, number = tags[one.pk], one.class_grade, one.class_number
        region = one.household.region
        found.append(
            (
                one.name,
                str(one.get_sex_display()),
                one.born_on.isoformat(),
                one.masked_id_number,
                one.school_name or "",
                "" if grade is None or number is None else class_name(grade, number),
                region.parent.name if region.parent else "",
                region.name,
                tag.source,
                tag.starts_on.isoformat(),
                tag.ends_on.isoformat() if tag.ends_on else "",
                tag.reviewed_on.isoformat() if tag.reviewed_on else "",
            )
        )
    return found


def _book(title: str, rows: list[tuple[str, ...]]) -> bytes:
    """No text becomes a formula, a link or a number, however it begins (SR-29)."""
    head = (
        _("Name"), _("Sex"), _("Born on"), _("ID number"), _("School"), _("Class"),
        _("Township"), _("Village"), _("Source of the tag"), _("First day"), _("Last day"),
        _("Reviewed on"),
    )  # fmt: skip
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True, "num_format": "@"})
        sheet.set_column(0, len(head) - 1, WIDTH, text)
        sheet.freeze_panes(1, 0)
        sheet.set_header(f"&L{letters.clean(title).replace('&', '&&')}")
        for line, cells in enumerate([head, *rows]):
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, letters.clean(cell), text if line else bold)
    return content.getvalue()
