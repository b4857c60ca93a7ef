from agencies.models.agency import Agency
from agencies.models.audit import AuditEvent
from agencies.models.calendar import CalendarDay, CalendarYear
from agencies.models.obligation import Obligation
from agencies.models.policy import PolicyRule
from agencies.models.post import Post
from agencies.models.region import Region
from agencies.models.request_record import RequestRecord
from agencies.models.sequence import NumberSequence
from agencies.models.task_run import TaskRun
from agencies.models.user import ApiToken, User
from agencies.models.zone import Zone

__all__ = [
    "Agency",
    "ApiToken",
    "AuditEvent",
    "CalendarDay",
    "CalendarYear",
    "NumberSequence",
    "Obligation",
    "PolicyRule",
    "Post",
    "Region",
    "RequestRecord",
    "TaskRun",
    "User",
    "Zone",
]
