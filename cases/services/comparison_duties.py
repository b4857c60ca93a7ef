"""What the comparison of a register asks for: a result for every row, then what the result needs.

Both follow from rows, in any order and any number of times. Only the newest register is checked;
what an older one still asked for falls away with it.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_noop

from agencies.models import Agency, Obligation
from agencies.queries.calendars import working_calendar
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import AgencyKind
from agencies.rules.obligations import ObligationKind
from agencies.services import obligations
from agencies.services.obligations import Owed
from cases.queries import comparison
from cases.rules.comparison import FOLLOWED_BY, stands
from students.models import EnrollmentRecord, PersonEntry, PersonList
from students.rules.person_list import ListKind, Result
from students.services.owed import raise_each

CHECK, FOLLOW = "list_check", "list_follow"
DIFFERS = ":differs"  # ends the key of a fault that is a name or number: mended when both agree
NEWER = gettext_noop("a newer register was applied")
TAKEN_BACK = gettext_noop("the list was taken back")
OTHER_RESULT = gettext_noop("the row has another result")
State = PersonList.State
READ = Q(change__in=[c for c in PersonEntry.Change.values if c != PersonEntry.Change.GONE])


@transaction.atomic
def follow(batch: PersonList, today: date, now: datetime) -> int:
    """Raise and meet what this register asks for. Returns how many duties changed."""
    raised = _raise_again(batch) + _raise_checks(batch, today, now)
    return raised + _end_checks(batch, now) + _meet_follows(today, now)


def end_of_taken_back(now: datetime) -> int:
    """Nobody owes anything more for the rows of a register that was taken back."""
    owed = Obligation.objects.open().filter(kind=ObligationKind.LIST_CHECK)
    of_list = {row.pk: row.key.split(":")[1] for row in owed}
    undone = PersonList.objects.filter(public_id__in=of_list.values(), state=State.UNDONE)
    gone = {str(public_id) for public_id in undone.values_list("public_id", flat=True)}
    pks = [pk for pk, list_id in of_list.items() if list_id in gone]
    return obligations.waive(pks, TAKEN_BACK, now) if pks else 0


def _raise_again(batch: PersonList) -> int:
    """This is the newest register, so what fell away for a newer one, taken back since, is owed."""
    fell_away = Obligation.objects.filter(
        county_id=batch.county_id, key__startswith=_key(batch, ""), waived_because=NEWER
    )
    return obligations.reinstate(fell_away.values_list("pk", flat=True))


def _by_township(rows: Iterable[PersonEntry]) -> dict[str, tuple[int, datetime | None]]:
    """path of the township -> (rows without a result, moment of the last result)."""
    grouped = rows.order_by().values_list(Left("region__path", comparison.TOWNSHIP))  # type: ignore[attr-defined]
    found = grouped.annotate(left=Count("pk", filter=Q(result="")), last=Max("checked_at"))
    return {path or "": (left, last) for path, left, last in found}


def _key(batch: PersonList, path: str) -> str:
    return f"{CHECK}:{batch.public_id}:{path}"


def _raise_checks(batch: PersonList, today: date, now: datetime) -> int:
    """Each township owes a result for its rows; the bureau for those whose place nobody knows."""
    by_path = _by_township(batch.entries.filter(READ))
    wanted = [path for path, (left, _last) in by_path.items() if left]
    raised = Obligation.objects.filter(
        county_id=batch.county_id, key__in=[_key(batch, path) for path in wanted]
    )
    missing = {_key(batch, path): path for path in wanted}
    for key in raised.values_list("key", flat=True):
        del missing[key]
    if not missing:
        return 0
    office = bureau(batch.county_id, today)
    halls = {
        one.region.path: one
        for one in Agency.objects.on(today)
        .filter(county_id=batch.county_id, kind=AgencyKind.TOWNSHIP)
        .select_related("region")
    }
    begins = (batch.applied_at or now).astimezone(CHINA).date()
    duties = [
        Owed(
            kind=ObligationKind.LIST_CHECK,
            key=key,
            subject=f"{halls[path].region.name if path in halls else office.name} {batch.as_of}",
            owed_by=halls.get(path, office),
            owed_to=office,
            starts_on=begins,
            region_path=path or office.region.path,
            href=f"/lists/{batch.public_id}/comparison/",
        )
        for key, path in missing.items()
    ]
    return raise_each(batch.county_id, duties, working_calendar(), now)


def _end_checks(batch: PersonList, now: datetime) -> int:
    """Met at the moment of the last result; of an older register nobody owes anything more."""
    owed = Obligation.objects.open().filter(
        county_id=batch.county_id, kind=ObligationKind.LIST_CHECK
    )
    mine = _key(batch, "")
    old = list(owed.exclude(key__startswith=mine).values_list("pk", flat=True))
    ended = obligations.waive(old, NEWER, now) if old else 0
    by_path = _by_township(batch.entries.filter(READ))
    met = {}
    for row in owed.filter(key__startswith=mine):
        left, last = by_path.get(row.key.removeprefix(mine), (0, None))
        if not left:
            met[row.pk] = last or now
    return ended + obligations.fulfil_at(met)


def after(entry: PersonEntry, today: date, now: datetime) -> None:
    """A result was given: what it needs is owed, what another result had needed is not."""
    batch = entry.batch
    mine = f"{FOLLOW}:{entry.public_id}:"
    key = mine + entry.result + (DIFFERS if _differs(entry) else "")
    owed = Obligation.objects.open().filter(county_id=batch.county_id, key__startswith=mine)
    old = list(owed.exclude(key=key).values_list("pk", flat=True))
    if old:
        obligations.waive(old, OTHER_RESULT, now)
    if entry.result not in FOLLOWED_BY or _stands([entry.pk], today):
        return
    office = bureau(batch.county_id, today)
    duty = Owed(
        kind=ObligationKind.LIST_FOLLOW,
        key=key,
        # The row, never the child: the police find it in their own list.
        subject=f"{batch.as_of} #{entry.number}",
        owed_by=_answers(entry, office, today),
        owed_to=office,
        starts_on=today,
        region_path=entry.region.path if entry.region else office.region.path,
        href=f"/lists/{batch.public_id}/comparison/{entry.public_id}/",
    )
    raise_each(batch.county_id, [duty], working_calendar(), now)


def corrected(entry: PersonEntry, now: datetime) -> None:
    """The provider has put its register right: it owes nothing more for the row."""
    mine = f"{FOLLOW}:{entry.public_id}:"
    owed = Obligation.objects.open().filter(county_id=entry.batch.county_id, key__startswith=mine)
    obligations.fulfil(owed.values_list("pk", flat=True), now)


def _differs(entry: PersonEntry) -> bool:
    """Whether the fault of the register is a name or number that is not the one on record."""
    child = entry.student
    if child is None or entry.result != Result.REGISTER_ERROR:
        return False
    return (child.name, child.id_number or "") != (entry.name, entry.id_number)


def _answers(entry: PersonEntry, office: Agency, today: date) -> Agency:
    """Who follows the result up: police, bureau, or for a child that cannot attend its school."""
    kind = FOLLOWED_BY[Result(entry.result)]
    if kind is AgencyKind.POLICE:
        return entry.batch.provider
    if kind is AgencyKind.BUREAU:
        return office
    stay = EnrollmentRecord.objects.on(today).filter(student=entry.student_id)
    if found := stay.select_related("school__region").first():
        return found.school
    path = entry.region.path[: comparison.TOWNSHIP] if entry.region else "-"
    halls = Agency.objects.on(today).filter(kind=AgencyKind.TOWNSHIP, region__path=path)
    return halls.select_related("region").first() or office


def _meet_follows(today: date, now: datetime) -> int:
    """Follow-ups whose fact stands by now are met."""
    owed = Obligation.objects.open().filter(kind=ObligationKind.LIST_FOLLOW)
    by_entry = {row.key.split(":")[1]: row.pk for row in owed}
    if not by_entry:
        return 0
    differed = [row.key.split(":")[1] for row in owed if row.key.endswith(DIFFERS)]
    rows = dict(PersonEntry.objects.filter(public_id__in=by_entry).values_list("pk", "public_id"))
    done = _stands(rows, today) | _agree(differed)
    return obligations.fulfil((by_entry[str(rows[pk])] for pk in done), now)


def _agree(entry_ids: Iterable[str]) -> set[int]:
    """The rows that say what the record of their child says by now: the fault is mended."""
    rows = PersonEntry.objects.filter(public_id__in=list(entry_ids))
    same = rows.filter(name=F("student__name"), id_number=F("student__id_number"))
    return set(same.values_list("pk", flat=True))


def _stands(entry_ids: Iterable[int], today: date) -> set[int]:
    """The rows of which our records, or the next register, say what their result says."""
    rows = PersonEntry.objects.filter(pk__in=list(entry_ids)).select_related("batch")
    cohorts = {}
    found = set()
    for row in comparison.with_facts(rows, today):
        county = row.batch.county_id
        if county not in cohorts:
            cohorts[county] = comparison.cohort_of(county, today)
        if stands(Result(row.result), comparison.facts(row, today, cohorts[county])):
            found.add(row.pk)
    corrected = PersonEntry.objects.filter(
        previous__in=[row.pk for row in rows if row.result == Result.REGISTER_ERROR],
        change__in=(PersonEntry.Change.CHANGED, PersonEntry.Change.GONE),
        batch__kind=ListKind.REGISTER,
        batch__state=PersonList.State.APPLIED,
    )
    return found | {pk for pk in corrected.values_list("previous", flat=True) if pk}
