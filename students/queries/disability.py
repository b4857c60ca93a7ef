"""The disability record of a child; the caller carries Duty.SEE_DISABILITY and records the read."""

from agencies import sealing
from agencies.rules import masking
from students.models import DisabilityRecord, Student


def record_of(student: Student) -> DisabilityRecord | None:
    rows = DisabilityRecord.objects.filter(student=student)
    return rows.select_related("changed_by__user").first()


def certificate(record: DisabilityRecord) -> str:
    """The number as it is shown: it holds the ID number of the child."""
    if not record.sealed_number:
        return ""
    return masking.id_number(sealing.unseal(record.sealed_number, record.seal_label))
