"""Admission: notices made with numbers without gaps and delivered; migrant families answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency, Region
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.duties import Duty, Reach
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations, sequences
from agencies.services.obligations import Owed
from students.models import AdmissionNotice, MigrantApplication, Student
from students.queries import admission as queries
from students.queries.admission import Entry
from students.rules.admission import (
    ENTRY_GRADES,
    Outcome,
    Paper,
    deliver_until,
    missing_papers,
    notice_number,
)
from students.services.owed import raise_each, subject_of

SEQUENCE = "admission"


def school_post(scope: Scope, school_id: int) -> HeldPost:
    """The post that admits at this school: its own leader's, or one of the bureau."""
    for post in scope.posts:
        if Duty.ADMIT in post.duties and (
            post.reach is Reach.COUNTY or post.agency_id == school_id
        ):
            return post
    raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))


@transaction.atomic
def issue(scope: Scope, school: Agency, year: int, now: datetime) -> int:
    """A notice for every entrant of the school who has none. Returns how many were made.

    Their delivery is owed by the set number of days before the opening day. Safe to repeat.
    """
    post = school_post(scope, school.pk)
    Agency.objects.select_for_update(no_key=True).get(pk=school.pk)
    opening = queries.entry(scope.county_id, year)
    wanted: list[tuple[int, Student]] = []
    for grade in ENTRY_GRADES:
        rows = queries.without_notice(queries.entrants(opening, grade, school), year)
        wanted += [(grade, child) for child in rows.prefetch_related("guardians")]
    if not wanted:
        return 0
    last = sequences.take(scope.county_id, SEQUENCE, year, school.pk, len(wanted))
    first = last - len(wanted) + 1
    made = AdmissionNotice.objects.bulk_create(
        AdmissionNotice(
            county_id=scope.county_id,
            student=child,
            school=school,
            school_year=year,
            grade=grade,
            number=number,
            first=first,
            facts=_facts(child, school, opening, grade, number, scope.on),
            village_id=child.household.region_id,
            issued_on=scope.on,
            issued_by_id=post.id,
        )
        for number, (grade, child) in enumerate(wanted, first)
    )
    _owe_delivery(made[0], opening, now)
    subject = f"school:{school.public_id}"
    audit.record(scope, "admission.issue", subject, now=now, post=post, made=len(made), year=year)
    return len(made)


def _facts(
    child: Student, school: Agency, opening: Entry, grade: int, number: int, on: date
) -> dict[str, object]:
    adults = sorted(child.guardians.all(), key=lambda one: one.order)
    return {
        "number": notice_number(opening.year, number),
        "child": child.name,
        "sex": "男" if child.sex == Student.Sex.MALE else "女",
        "born_on": child.born_on.isoformat(),
        "guardian": adults[0].name if adults else "",
        "home": child.household.region.name + " " + child.household.address,
        "school": school.name,
        "grade": grade,
        "year": opening.year,
        "opens_on": opening.opens_on.isoformat(),
        "issued_on": on.isoformat(),
    }


def _owe_delivery(notice: AdmissionNotice, opening: Entry, now: datetime) -> None:
    school, on = notice.school, notice.issued_on
    days = in_force(notice.county_id, on).number(Key.NOTICE_DELIVER_DAYS)
    owed = Owed(
        kind=ObligationKind.NOTICE_DELIVER,
        key=notice.key,
        subject=subject_of(school),
        owed_by=school,
        owed_to=bureau(notice.county_id, on),
        starts_on=on,
        due_on=deliver_until(opening.opens_on, days, on),
        region_path=school.region.path,
        href=f"/admission/{school.code}/{notice.school_year}/notices/",
    )
    raise_each(notice.county_id, [owed], working_calendar(), now)


@transaction.atomic
def deliver(
    scope: Scope,
    school: Agency,
    on: date,
    receivers: Mapping[str, str],
    now: datetime,
) -> int:
    """Notices were handed over. receivers: public id of the notice -> name of who took it.

    Returns how many were not delivered before. Raises NotPermitted and RuleBroken.
    """
    post = school_post(scope, school.pk)
    rows = list(
        AdmissionNotice.objects.select_for_update(of=("self",))
        .select_related("school")
        .filter(school=school, public_id__in=list(receivers), delivered_on__isnull=True)
        .standing()
    )
    if problems := _delivery_problems(rows, on, receivers, scope.on):
        raise RuleBroken(*problems)
    for row in rows:
        row.delivered_on, row.delivered_by_id = on, post.id
        row.receiver = receivers[str(row.public_id)].strip()
    AdmissionNotice.objects.bulk_update(rows, ["delivered_on", "delivered_by", "receiver"])
    _meet(rows, now)
    subject = f"school:{school.public_id}"
    audit.record(scope, "admission.deliver", subject, now=now, post=post, delivered=len(rows))
    return len(rows)


def _delivery_problems(
    rows: list[AdmissionNotice], on: date, receivers: Mapping[str, str], today: date
) -> list[Reason]:
    found = []
    if on > today:
        found.append(Reason("future", _("This day is still to come."), "/on"))
    if any(on < row.issued_on for row in rows):
        text = _("A notice was made on a later day.")
        found.append(Reason("before_issue", text, "/on"))
    if not receivers or not all(name.strip() for name in receivers.values()):
        found.append(Reason("receiver", _("Say who took the notice."), "/receiver"))
    return found


def _meet(rows: list[AdmissionNotice], now: datetime) -> None:
    """The delivery of those that were made together is met with the last of them."""
    for row in {row.key: row for row in rows}.values():
        same = AdmissionNotice.objects.standing().filter(
            school=row.school, school_year=row.school_year, first=row.first
        )
        if not same.exists():
            why = gettext_noop("the notices were cancelled")
            obligations.waive_keys(row.county_id, [row.key], why, now)
        elif not same.filter(delivered_on__isnull=True).exists():
            obligations.fulfil_keys(row.county_id, [row.key], now)


@transaction.atomic
def cancel(scope: Scope, notice_id: UUID | str, because: str, now: datetime) -> AdmissionNotice:
    """A wrong notice holds no more; its number is not used again. `issue` makes the next one.

    Raises NotVisible, NotPermitted, NotPossible (cancelled already), RuleBroken (no reason).
    """
    row = queries.notice_for(scope, notice_id)
    post = school_post(scope, row.school_id)
    row = AdmissionNotice.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.cancelled_on is not None:
        raise NotPossible(Reason("cancelled", _("This notice is cancelled already.")))
    if not because.strip():
        text = _("A reason in writing is missing.")
        raise RuleBroken(Reason("because", text, "/because"))
    row.cancelled_on, row.cancelled_by_id = scope.on, post.id
    row.cancelled_because = because.strip()
    row.save(update_fields=["cancelled_on", "cancelled_by", "cancelled_because"])
    _meet([row], now)
    subject = f"notice:{row.public_id}"
    audit.record(scope, "admission.cancel", subject, now=now, post=post)
    return row


@dataclass(frozen=True)
class Asked:
    """What a migrant family asks for, and the documents that are asked of it."""

    name: str
    born_on: date
    guardian: str
    phone: str
    lives_in: Region
    home: str
    grade: int
    asked: list[str]
    given: list[str]
    on: date


@transaction.atomic
def apply(scope: Scope, sent: Asked, now: datetime) -> MigrantApplication:
    """Write an application down; the bureau decides within the set days.

    Raises NotPermitted, RuleBroken, and NotPossible while one for the same child (name, date of
    birth and guardian) waits: one child is answered once.
    """
    post = scope.post_for(Duty.ADMIT)
    if post is None:
        raise NotPermitted(Reason("duty", _("None of your posts carries this duty.")))
    if sent.on > scope.on:
        raise RuleBroken(Reason("future", _("This day is still to come."), "/on"))
    same: dict[str, object] = {
        "name": sent.name.strip(),
        "born_on": sent.born_on,
        "guardian": sent.guardian.strip(),
    }
    _none_waits(scope.county_id, same)
    row = MigrantApplication.objects.create(
        county_id=scope.county_id,
        **same,
        phone=sent.phone.strip(),
        lives_in=sent.lives_in,
        home=sent.home.strip(),
        grade=sent.grade,
        asked=[paper for paper in Paper.values if paper in sent.asked],
        given=[paper for paper in Paper.values if paper in sent.given],
        asked_on=sent.on,
        recorded_by_id=post.id,
    )
    office = bureau(scope.county_id, scope.on)
    owed = Owed(
        kind=ObligationKind.MIGRANT,
        key=row.key,
        subject=sent.lives_in.name,
        owed_by=office,
        owed_to=office,
        starts_on=sent.on,
        region_path=sent.lives_in.path,
        href=f"/admission/migrants/{row.public_id}/",
    )
    raise_each(scope.county_id, [owed], working_calendar(), now)
    audit.record(scope, "migrant.apply", f"migrant:{row.public_id}", now=now, post=post)
    return row


def _none_waits(county_id: int, same: dict[str, object]) -> None:
    """Two who write at once come one after the other: the county is locked."""
    Region.objects.select_for_update(no_key=True).get(pk=county_id)
    rows = MigrantApplication.objects.filter(county_id=county_id, **same, outcome=Outcome.WAITING)
    if waits := rows.select_related("recorded_by__agency").order_by("pk").first():
        text = _("An application of %(day)s for this child waits, written down by %(body)s.")
        body = waits.recorded_by.agency.name
        words = str(text) % {"day": waits.asked_on.isoformat(), "body": body}
        raise NotPossible(Reason("waits", words, "/name"))


@dataclass(frozen=True)
class Decision:
    """school: where the child enters; without one it is refused, because."""

    given: list[str]
    school: Agency | None = None
    because: str = ""


@transaction.atomic
def decide(
    scope: Scope, row: MigrantApplication, decision: Decision, now: datetime
) -> MigrantApplication:
    """A school, or a refusal with its reason. Missing documents are no reason to wait longer.

    Raises NotPermitted (the bureau decides), NotPossible (decided already) and RuleBroken.
    """
    post = next(
        (p for p in scope.posts if Duty.ADMIT in p.duties and p.reach is Reach.COUNTY), None
    )
    if post is None:
        raise NotPermitted(Reason("bureau", _("The bureau decides.")))
    row = MigrantApplication.objects.select_for_update().get(pk=row.pk)
    if row.outcome != Outcome.WAITING:
        raise NotPossible(Reason("decided", _("This application is decided already.")))
    row.given = [paper for paper in row.asked if paper in decision.given]
    if decision.school is None and not decision.because.strip():
        text = _("Choose a school, or give the reason of the refusal.")
        raise RuleBroken(Reason("because", text, "/because"))
    if decision.school and missing_papers(row.asked, row.given) and not decision.because.strip():
        text = _("Documents are missing: say why the child is admitted without them.")
        raise RuleBroken(Reason("papers", text, "/because"))
    row.outcome = Outcome.PLACED if decision.school else Outcome.REFUSED
    row.school, row.because = decision.school, decision.because.strip()
    row.decided_on, row.decided_by_id = scope.on, post.id
    row.save()
    obligations.fulfil_keys(row.county_id, [row.key], now)
    audit.record(scope, "migrant.decide", f"migrant:{row.public_id}", now=now, post=post)
    return row
