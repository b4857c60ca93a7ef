"""Results of an inspection are published without persons, and taken back with a reason (S1-73)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.errors import NotPossible, Reason, RuleBroken
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from agencies.services import audit
from cases import access
from cases.models import Publication
from cases.rules import publication as rules
from cases.rules.inspections import InspectionState
from cases.services.nameless import persons_in


@dataclass(frozen=True)
class Text:
    """place: where it is shown beside this page, for example the notice board of the township."""

    client_id: UUID
    title: str
    text: str
    place: str


@transaction.atomic
def publish(scope: Scope, inspection_id: UUID, wanted: Text, now: datetime) -> Publication:
    """Show it to everybody. The same client_id again gives the first one.

    Raises NotVisible, NotPermitted, NotPossible (not held; the opinion is not out), RuleBroken
    naming each word by which a person could be found.
    """
    post = require(scope, Duty.PUBLISH_RESULTS)
    row = access.inspection_for(scope, inspection_id, lock=True)
    if known := row.publications.filter(client_id=wanted.client_id).first():
        return known
    if row.state not in (InspectionState.HELD, InspectionState.CLOSED):
        raise NotPossible(Reason("state", _("Only what was held has results.")))
    if row.unit and not row.opinion.issued_on:
        raise NotPossible(Reason("opinion", _("The opinion was not issued yet.")))
    reasons = rules.problems(wanted.title, wanted.text, wanted.place)
    words = {"/title": wanted.title, "/text": wanted.text, "/place": wanted.place}
    reasons += persons_in(row.county_id, words)
    if reasons:
        raise RuleBroken(*reasons)
    made = Publication.objects.create(
        county_id=row.county_id,
        inspection=row,
        title=wanted.title.strip(),
        text=wanted.text.strip(),
        place=wanted.place.strip(),
        published_on=scope.on,
        by_id=post.id,
        client_id=wanted.client_id,
    )
    audit.record(scope, "publication.publish", f"publication:{made.public_id}", now=now, post=post)
    return made


@transaction.atomic
def withdraw(scope: Scope, publication_id: UUID, because: str, now: datetime) -> Publication:
    """It is shown no more from now on; why is kept. Raises NotVisible, NotPossible, RuleBroken."""
    row = access.publication_for(scope, publication_id, lock=True)
    if row.withdrawn_on:
        raise NotPossible(Reason("withdrawn", _("It was taken back already.")))
    if not because.strip():
        raise RuleBroken(Reason("reason", _("A reason in writing is missing."), "/reason"))
    row.withdrawn_on, row.withdrawn_because = scope.on, because.strip()
    row.save()
    audit.record(scope, "publication.withdraw", f"publication:{row.public_id}", now=now)
    return row
