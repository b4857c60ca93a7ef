"""Aid in the demonstration: a payment list of civil affairs, taken in and applied by the bureau."""

from datetime import date, datetime, timedelta

from agencies.demo import County, acting
from agencies.rules.duties import AgencyKind, Position
from cases.imports import payments as imports
from cases.rules.assistance import AssistanceKind
from cases.services import payments
from cases.services.payments import Said
from students.models import FocusTag
from students.rules.focus import FocusGroup

PAID, AMOUNT, MOST = timedelta(days=9), "625.00", 40
HEADINGS = "序号,姓名,身份证号,金额"
STRANGER = "{},查无此人,,625.00"  # a row that stays out: without a number it means nobody


def tell(county: County, today: date, now: datetime) -> dict[str, int]:
    """For children of poor households; a row without a number is left out, with its reason."""
    giver = county.at[AgencyKind.CIVIL_AFFAIRS, county.region.path]
    poor = FocusTag.objects.on(today).filter(county=county.region, group=FocusGroup.POOR)
    paid = poor.exclude(student__id_number=None).order_by("pk")
    children = paid.values_list("student__name", "student__id_number")[:MOST]
    rows = [f"{nth},{name},{number},{AMOUNT}" for nth, (name, number) in enumerate(children, 1)]
    text = "\n".join([HEADINGS, *rows, STRANGER.format(len(rows) + 1)])
    staff = acting(county.post(county.bureau, Position.BUREAU_STAFF), today)
    what = "困难学生生活补助〔演示〕"
    said = Said(str(giver.public_id), AssistanceKind.MONEY, what, today - PAID)
    kept = imports.receive(staff, said, "困难学生生活补助发放表.csv", [text.encode()], now)
    return {"paid": payments.apply(staff, kept.public_id, now) if rows else 0}
