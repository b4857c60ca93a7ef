from agencies.models.agency import Agency
from agencies.models.agency_duty import AgencyDuty
from agencies.models.audit import AuditEvent
from agencies.models.calendar import CalendarDay, CalendarYear
from agencies.models.commitment import Commitment, GroupMember, Publicity
from agencies.models.conference import (
    AgendaItem,
    Attendance,
    Conference,
    Decision,
    Meeting,
    Seat,
)
from agencies.models.notice import (
    ChannelTarget,
    Delivery,
    DeliveryAttempt,
    Notice,
    NoticePreference,
)
from agencies.models.obligation import Escalation, Extension, Obligation, Receipt
from agencies.models.policy import PolicyRule
from agencies.models.post import Post
from agencies.models.region import Region
from agencies.models.request_record import RequestRecord
from agencies.models.sequence import NumberSequence
from agencies.models.stored_file import StoredFile
from agencies.models.task_run import ClockMark, TaskRun
from agencies.models.user import ApiToken, User
from agencies.models.zone import Zone

__all__ = [
    "Agency",
    "AgencyDuty",
    "AgendaItem",
    "ApiToken",
    "Attendance",
    "AuditEvent",
    "CalendarDay",
    "CalendarYear",
    "ChannelTarget",
    "ClockMark",
    "Commitment",
    "Conference",
    "Decision",
    "Delivery",
    "DeliveryAttempt",
    "Escalation",
    "Extension",
    "GroupMember",
    "Meeting",
    "Notice",
    "NoticePreference",
    "NumberSequence",
    "Obligation",
    "PolicyRule",
    "Post",
    "Publicity",
    "Receipt",
    "Region",
    "RequestRecord",
    "Seat",
    "StoredFile",
    "TaskRun",
    "User",
    "Zone",
]
