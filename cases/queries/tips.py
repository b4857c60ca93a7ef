"""Tips from the public: what the form offers, the list of the bureau, and what a case tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from agencies.access import require
from agencies.errors import NotVisible
from agencies.models import Agency, Region
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.standing import Standing, standing
from agencies.rules import masking
from agencies.rules.duties import AgencyKind, Duty
from agencies.rules.policy import Key
from agencies.rules.region_code import Level
from agencies.rules.scope import Scope
from cases.models import Tip, TipStep
from cases.rules.tips import WAITING, TipAction, TipKind, TipState, possible

PAGE, MOST = 50, 500  # a flood does not bury the list: the newest of each filter are shown
SHORT = 120  # characters of a text in the list


@dataclass(frozen=True)
class Here:
    """The county that takes tips: its bureau and number, and the places that can be chosen."""

    county: Region
    bureau: str
    phone: str
    townships: Sequence[tuple[Region, Sequence[Region]]]
    schools: Sequence[Agency]


@dataclass(frozen=True)
class Row:
    """A tip with its text masked. standing: of the bureau's duty to look into it."""

    tip: Tip
    kind: str
    state: str
    place: str
    text: str
    standing: Standing | None


@dataclass(frozen=True)
class TipPage:
    """One tip. where, reply and notes are masked like the text; has_contact: one is sealed."""

    row: Row
    where: str
    reply: str
    has_contact: bool
    steps: Sequence[TipStep]
    actions: Sequence[TipAction]


def counties(on: date) -> list[Region]:
    """Those that work with this server: one, as a rule."""
    bureaus = Agency.objects.on(on).filter(kind=AgencyKind.BUREAU)
    rows = Region.objects.on(on).filter(level=Level.COUNTY, pk__in=bureaus.values("county"))
    return list(rows.order_by("code"))


def here(county: Region, on: date) -> Here:
    """In four queries."""
    regions = Region.objects.on(on).filter(county=county).exclude(pk=county.pk).order_by("path")
    found: list[tuple[Region, list[Region]]] = []
    for region in regions:
        if region.level == Level.TOWNSHIP:
            found.append((region, []))
        elif found and region.path.startswith(found[-1][0].path):
            found[-1][1].append(region)
    agencies = Agency.objects.on(on).filter(county=county)
    return Here(
        county,
        agencies.filter(kind=AgencyKind.BUREAU).values_list("name", flat=True).first() or "",
        in_force(county.pk, on).text(Key.TIP_PHONE),
        found,
        list(agencies.schools().order_by("region__path", "name")),
    )


def tip_for(scope: Scope, tip_id: UUID | str, *, lock: bool = False) -> Tip:
    """A tip of the county, for the bureau only: whoever it speaks of may be anybody's neighbour.

    Raises NotPermitted, NotVisible.
    """
    require(scope, Duty.TRIAGE_TIPS)
    rows = Tip.objects.filter(county_id=scope.county_id, public_id=tip_id)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related("county", "region__parent", "school", "case", "obligation").first()
    if found is None:
        raise NotVisible
    return found


def rows_for(scope: Scope, state: str = "") -> QuerySet[Tip]:
    """The tips of the county, newest first: those of a state, or those that wait."""
    rows = Tip.objects.filter(county_id=scope.county_id)
    rows = rows.filter(state__in=[state] if state in TipState.values else WAITING)
    rows = rows.select_related("county", "region__parent", "school", "case", "obligation")
    return rows.order_by("-received_at", "-pk")


def shown(rows: Sequence[Tip], now: datetime) -> list[Row]:
    """As the list shows them."""
    calendar = working_calendar()
    return [
        Row(
            tip,
            str(TipKind(tip.kind).label),
            str(TipState(tip.state).label),
            _place(tip),
            masking.strangers_text(tip.what),
            standing(tip.obligation, calendar, now) if tip.obligation else None,
        )
        for tip in rows
    ]


def page_of(tip: Tip, now: datetime) -> TipPage:
    """One tip with what was done and what can be done."""
    steps = list(tip.steps.select_related("by__user", "by__agency").order_by("pk"))
    for step in steps:
        step.note = masking.strangers_text(step.note)
    return TipPage(
        shown([tip], now)[0],
        masking.strangers_text(tip.where),
        masking.strangers_text(tip.reply),
        bool(tip.contact),
        steps,
        possible(TipState(tip.state)),
    )


def _place(tip: Tip) -> str:
    """The chosen village with its township, and the chosen school."""
    region = tip.region
    above = region.parent.name if region and region.parent and region.parent.parent_id else ""
    named = [f"{above}{region.name}" if region else "", tip.school.name if tip.school else ""]
    return " · ".join(part for part in named if part)
