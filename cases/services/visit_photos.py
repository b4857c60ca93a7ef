"""Photos of a visit: made safe before anything is stored, kept once however often they are sent."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agencies.documents import pictures
from agencies.documents.pictures import JPEG, Photo
from agencies.errors import NotPermitted, NotVisible, Reason, RuleBroken
from agencies.rules.scope import Scope
from agencies.services import stored_files
from agencies.services.stored_files import Content
from cases.models import Case, Visit, VisitPhoto
from cases.rules.visits import MOST_PHOTOS

REFUSED = _("Photo %(number)s (%(name)s): %(why)s Nothing has been stored yet.")
TOO_MANY = _("A visit has at most %(most)s photos.")


class Upload(Protocol):
    """A file as it was sent. name: what the sender calls it, only to tell them which one it is."""

    name: str | None

    def read(self, size: int) -> bytes: ...


def taken(uploads: Iterable[Upload]) -> list[Photo]:
    """The photos, re-encoded. Slow, so it is done before anything is locked.

    Raises RuleBroken that names each photo that is none.
    """
    files = list(uploads)
    if len(files) > MOST_PHOTOS:
        raise RuleBroken(_too_many())
    photos, problems = [], []
    for index, file in enumerate(files):
        pointer = f"/photos/{index}"
        try:
            photos.append(pictures.photo(file.read(pictures.MOST_BYTES + 1), pointer))
        except RuleBroken as refused:
            problems += [_named(reason, index + 1, file.name or "") for reason in refused.reasons]
    if problems:
        raise RuleBroken(*problems)
    return photos


def _named(reason: Reason, number: int, name: str) -> Reason:
    said = {"number": number, "name": name[-60:], "why": reason.text}
    return Reason(reason.code, REFUSED % said, reason.pointer)


def _too_many() -> Reason:
    return Reason("too_many", TOO_MANY % {"most": MOST_PHOTOS}, "/photos")


def attach(visit: Visit, photos: Sequence[Photo], post_id: int, now: datetime) -> None:
    """Keep the photos that the visit does not have yet. Raises RuleBroken for too many."""
    had = set(visit.photos.values_list("digest", flat=True))
    new = {digest: one for one in photos if (digest := _digest(one)) not in had}
    if len(had) + len(new) > MOST_PHOTOS:
        raise RuleBroken(_too_many())
    for number, (digest, one) in enumerate(new.items(), len(had) + 1):
        county, name = visit.case.county_id, f"{visit.case.number}-{visit.at:%Y%m%d}-{number}"
        full = Content(f"{name}.jpg", JPEG, one.full)
        small = Content(f"{name}-small.jpg", JPEG, one.small)
        VisitPhoto.objects.create(
            visit=visit,
            file=stored_files.store(county, full, post_id, now),
            thumbnail=stored_files.store(county, small, post_id, now),
            digest=digest,
        )


def _digest(photo: Photo) -> str:
    """Of what is seen: another date or camera written into the file makes no other photo."""
    return hashlib.sha256(photo.full).hexdigest()


def visit_for(scope: Scope, case: Case, visit_id: UUID | str) -> Visit:
    """The visit of this case, for who was there or wrote it down.

    Raises NotVisible, NotPermitted.
    """
    visit = Visit.objects.filter(case=case, public_id=visit_id).select_related("case").first()
    if visit is None:
        raise NotVisible
    there = set(visit.present.values_list("user_id", flat=True))
    if scope.user_id not in there | {visit.recorded_by.user_id}:
        text = _("Photos are added by who was there or wrote the visit down.")
        raise NotPermitted(Reason("not_there", text))
    return visit
