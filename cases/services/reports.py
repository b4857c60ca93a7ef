"""The reports on opening a case: to the bureau and to the townships of home and school (S1-57)."""

from datetime import datetime

from django.db import transaction

from agencies.access import require
from agencies.errors import NotVisible
from agencies.models import Agency
from agencies.queries.responsible import bureau, townships_of
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.scope import Scope
from cases.models import Case, CaseReport
from cases.services import duties

Role = CaseReport.Role


def send(case: Case, now: datetime) -> list[CaseReport]:
    """Send the reports of the current episode; each recipient has a receipt of its own."""
    on = now.astimezone(CHINA).date()
    recipients: dict[int, tuple[Role, Agency]] = {}
    places = [(Role.HOME_TOWNSHIP, case.household.region)]
    if case.school:
        places.append((Role.SCHOOL_TOWNSHIP, case.school.region))
    office = bureau(case.county_id, on)
    recipients[office.pk] = (Role.BUREAU, office)
    for role, region in places:
        for township in townships_of(region, on):
            recipients.setdefault(township.pk, (role, township))
    duties.owe_signatures(case, (agency for _role, agency in recipients.values()), on, now)
    return CaseReport.objects.bulk_create(
        [
            CaseReport(episode=case.episode, role=role, recipient=agency, sent_at=now)
            for role, agency in recipients.values()
        ]
    )


@transaction.atomic
def acknowledge(scope: Scope, case: Case, role: str, now: datetime) -> CaseReport:
    """A person of the recipient signs for the report; the first signature stands."""
    post = require(scope, Duty.RECEIVE_REPORT)
    report = (
        CaseReport.objects.filter(
            episode=case.current_id, role=role, recipient_id__in=scope.agency_ids
        )
        .select_for_update()
        .first()
    )
    if report is None:
        raise NotVisible
    if report.received_at is None:
        report.received_at, report.received_by_id = now, post.id
        report.save(update_fields=["received_at", "received_by"])
        duties.signed(case, report.recipient_id, now)
    return report
