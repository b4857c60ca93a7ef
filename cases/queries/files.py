"""The stored files of a case: papers, receipts, scans, photos, replies, each by its public id."""

from uuid import UUID

from django.db.models import Q

from agencies.errors import NotVisible
from agencies.models import StoredFile
from cases.models import (
    AttendanceConfirmation,
    Case,
    CasePaper,
    LegalStep,
    OutsideNotice,
    PaperService,
    RequestStep,
    VisitPhoto,
)


def file_of(case: Case, file_id: UUID | str) -> StoredFile:
    """A file that belongs to this case. Raises NotVisible for every other, in one query."""
    papers = CasePaper.objects.filter(case=case)
    photos = VisitPhoto.objects.filter(visit__case=case)
    of_this_case = (
        papers.values("pdf"),
        papers.values("word"),
        PaperService.objects.filter(paper__case=case).values("receipt"),
        LegalStep.objects.filter(case=case).values("scan"),
        photos.values("file"),
        photos.values("thumbnail"),
        OutsideNotice.objects.filter(case=case).values("reply_file"),
        AttendanceConfirmation.objects.filter(notice__case=case).values("file"),
        RequestStep.objects.filter(request__case=case).values("file"),
    )
    belongs = Q()
    for ids in of_this_case:
        belongs |= Q(pk__in=ids)
    found = StoredFile.objects.filter(belongs, county=case.county_id, public_id=file_id).first()
    if found is None:
        raise NotVisible
    return found
