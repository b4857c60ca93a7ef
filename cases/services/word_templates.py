"""The county's own Word templates: checked before they are kept, withdrawn but never deleted."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, NotVisible, Reason
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit, stored_files
from agencies.services.stored_files import Content
from cases.documents.word import MEDIA_TYPE
from cases.documents.word_check import check
from cases.models import WordTemplate
from cases.rules.papers import CATALOGUE, PaperKind


@transaction.atomic
def upload(scope: Scope, kind: PaperKind, data: bytes, now: datetime) -> WordTemplate:
    """Keep a template; from now on papers of this kind are filled into it.

    Raises NotPermitted, RuleBroken with every reason against the file.
    """
    post = require(scope, Duty.MANAGE_TEMPLATES)
    check(kind, data)
    content = Content(f"{CATALOGUE[kind].title}模板.docx", MEDIA_TYPE, data)
    made = WordTemplate.objects.create(
        county_id=scope.county_id,
        kind=kind,
        file=stored_files.store(scope.county_id, content, post.id, now),
        uploaded_by_id=post.id,
        uploaded_at=now,
    )
    subject = f"template:{made.public_id}"
    audit.record(scope, "template.upload", subject, now=now, post=post, kind=kind)
    return made


@transaction.atomic
def withdraw(scope: Scope, template_id: UUID | str, now: datetime) -> WordTemplate:
    """Take it out of use; the one before it, or the built-in one, is used again.

    Raises NotPermitted, NotVisible, NotPossible when it is withdrawn already.
    """
    post = require(scope, Duty.MANAGE_TEMPLATES)
    rows = WordTemplate.objects.filter(county=scope.county_id, public_id=template_id)
    row = rows.select_for_update().first()
    if row is None:
        raise NotVisible
    if row.withdrawn_at:
        raise NotPossible(Reason("withdrawn", _("This template is withdrawn already.")))
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    audit.record(scope, "template.withdraw", f"template:{template_id}", now=now, post=post)
    return row
