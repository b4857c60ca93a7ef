"""How an opinion stands, as its rules see it."""

from cases.models import Inspection, Opinion
from cases.rules.opinions import Known


def known(row: Inspection, opinion: Opinion) -> Known:
    return Known(
        held_until=row.held_until or row.planned_on,
        drafted_on=opinion.drafted_on,
        reply_by=opinion.reply_by,
        replied_on=opinion.replied_on,
        issued_on=opinion.issued_on,
        review_by=opinion.review_by,
        reported_on=opinion.reported_on,
        asked_on=opinion.asked_on,
        reviewed_on=opinion.reviewed_on,
    )
