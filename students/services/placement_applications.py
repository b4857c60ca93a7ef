"""Applications for lawful absence: asked, completed, decided by another person (S1-37, rule 7).

义务教育法 11: township or bureau approve deferral and suspension; the bureau approves the
rest of the table (rules/placement_kinds.py). An approval makes the placement.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.documents.pictures import PDF, Scan
from agencies.errors import NotPermitted, NotPossible, Reason, RuleBroken
from agencies.models import Agency, StoredFile
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau, townships_of
from agencies.rules.duties import AgencyKind
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations, stored_files
from agencies.services.obligations import Ground, Owed
from agencies.services.stored_files import Content
from students.access import application_for, asking_post, deciding_post
from students.models import EnrollmentRecord, PlacementApplication, Student
from students.queries.placements import known_of, limits_of
from students.rules.enrollment import PlacementFacts
from students.rules.placement_kinds import Asked, judge, missing, rule_of
from students.services import placement_duties, placements
from students.services.owed import subject_of

State = PlacementApplication.State


@dataclass(frozen=True)
class Sent:
    """An application as it was typed. to: kind of the body that is asked, "" for the usual one.

    whole: every field of the form is wanted now, not only by the decision.
    """

    asked: Asked
    phone: str = ""
    incapacity: str = ""
    opinion: str = ""
    to: str = ""
    scan: Scan | None = None
    whole: bool = False


@transaction.atomic
def ask(scope: Scope, student: Student, sent: Sent, now: datetime) -> PlacementApplication:
    """Ask for a lawful absence; the decision on it is owed from now on.

    Raises NotPermitted, NotPossible (one waits already), RuleBroken with every reason.
    """
    post = asking_post(scope, student)
    Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    if PlacementApplication.objects.waiting().filter(student=student).exists():
        text = _("An application for this child waits for its decision already.")
        raise NotPossible(Reason("waits", text))
    row = PlacementApplication(
        county_id=student.county_id, student=student, asked_by_id=post.id, asked_on=scope.on
    )
    _fill(row, sent, post, now)
    obligations.raise_all(row.county_id, [_owed(row, scope)], _ground(row, now))
    _noted(scope, row, "ask", post, now)
    return row


@transaction.atomic
def complete(
    scope: Scope, application_id: object, sent: Sent, now: datetime
) -> PlacementApplication:
    """Correct or complete what was asked; a scan that came before stays. Raises as `ask`."""
    row = _waiting(scope, application_id)
    post = asking_post(scope, row.student)
    _fill(row, sent, post, now)
    _noted(scope, row, "complete", post, now)
    return row


def _fill(row: PlacementApplication, sent: Sent, post: HeldPost, now: datetime) -> None:
    asked, rule = sent.asked, rule_of(sent.asked.kind)
    known = known_of(row.student, asked.starts_on)
    standing = judge(asked, known, limits_of(row.county_id, row.asked_on), row.asked_on)
    problems = [*standing.problems, *(missing(asked) if sent.whole else [])]
    if sent.whole and sent.scan is None and row.file_id is None:
        problems.append(Reason("no_file", _("Attach the scanned proof."), "/file"))
    if rule is not None and not rule.needs_decision(enrolled=known.enrolled):
        text = _("The school records this itself, with its proof.")
        problems.append(Reason("no_decision", text, "/kind"))
    if problems:
        raise RuleBroken(*problems)
    for name, value in vars(asked).items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.phone, row.incapacity = sent.phone.strip(), sent.incapacity
    row.opinion, row.late = sent.opinion.strip(), standing.late
    row.to = _body(row, sent.to)
    if sent.scan:
        row.file = _stored(row, sent.scan, post, now)
    row.save()


def _body(row: PlacementApplication, wanted: str) -> Agency:
    """The township of the home where the law lets it decide and it is wanted, else the bureau."""
    rule = rule_of(row.kind)
    township = AgencyKind.TOWNSHIP
    if rule and township in rule.decides and wanted in ("", township):
        found = townships_of(row.student.household.region, row.asked_on).first()
        if found is not None:
            return found
    return bureau(row.county_id, row.asked_on)


def _stored(row: PlacementApplication, scan: Scan, post: HeldPost, now: datetime) -> StoredFile:
    ending = "pdf" if scan.media_type == PDF else "jpg"
    content = Content(f"证明材料{row.asked_on}.{ending}", scan.media_type, scan.data)
    return stored_files.store(row.county_id, content, post.id, now)


def _owed(row: PlacementApplication, scope: Scope) -> Owed:
    stay = (
        EnrollmentRecord.objects.on(scope.on)
        .select_related("school", "school_class")
        .filter(student=row.student)
        .first()
    )
    subject = subject_of(stay.school, stay.school_class) if stay else row.to.name
    return Owed(
        kind=ObligationKind.PLACEMENT_DECIDE,
        key=row.key,
        subject=subject,
        owed_by=row.to,
        owed_to=bureau(row.county_id, scope.on),
        starts_on=row.asked_on,
        region_path=row.student.household.region.path,
        href=f"/placements/applications/{row.public_id}/",
    )


def _ground(row: PlacementApplication, now: datetime) -> Ground:
    return Ground(in_force(row.county_id, row.asked_on), working_calendar(), now)


@transaction.atomic
def approve(
    scope: Scope, application_id: object, answer: str, now: datetime
) -> PlacementApplication:
    """Approved: the placement begins, the duty is met.

    Raises NotVisible, NotPermitted (who asked does not decide), NotPossible (decided already),
    RuleBroken with what the form still lacks, or with what has changed since it was asked for.
    """
    row = _waiting(scope, application_id)
    post = _decider(scope, row)
    limits = limits_of(row.county_id, row.asked_on)
    known = known_of(row.student, row.starts_on)
    problems = [*missing(row.asked), *judge(row.asked, known, limits, row.asked_on).problems]
    if row.file_id is None:
        problems.append(Reason("no_file", _("Attach the scanned proof."), "/file"))
    if problems:
        raise RuleBroken(*problems)
    facts = PlacementFacts(row.kind, row.starts_on, row.ends_on, row.proof)
    row.placement = placements.approve(row.student, facts, post, scope.on)
    _decide(scope, row, State.APPROVED, answer, post, now)
    placement_duties.follow(now, row.student)
    return row


@transaction.atomic
def refuse(
    scope: Scope, application_id: object, answer: str, now: datetime
) -> PlacementApplication:
    """Refused, with the reason in writing. Raises as `approve`."""
    row = _waiting(scope, application_id)
    post = _decider(scope, row)
    if not answer.strip():
        raise RuleBroken(Reason("answer", _("A reason in writing is missing."), "/answer"))
    _decide(scope, row, State.REFUSED, answer, post, now)
    return row


@transaction.atomic
def withdraw(scope: Scope, application_id: object, now: datetime) -> PlacementApplication:
    """Taken back by the body that asked; nothing is owed any more."""
    row = _waiting(scope, application_id)
    post = next((one for one in scope.posts if one.agency_id == row.asked_by.agency_id), None)
    if post is None:
        text = _("Only the body that asked takes the application back.")
        raise NotPermitted(Reason("not_yours", text))
    row.state, row.decided_by_id, row.decided_at = State.WITHDRAWN, post.id, now
    row.save(update_fields=["state", "decided_by", "decided_at"])
    obligations.waive_keys(row.county_id, [row.key], gettext_noop("application withdrawn"), now)
    _noted(scope, row, "withdraw", post, now)
    return row


def _waiting(scope: Scope, application_id: object) -> PlacementApplication:
    row = application_for(scope, str(application_id), lock=True)
    if row.state != State.ASKED:
        raise NotPossible(Reason("decided", _("This application is decided already.")))
    return row


def _decider(scope: Scope, row: PlacementApplication) -> HeldPost:
    post = deciding_post(scope, row)
    if post is None:
        text = _("The body that was asked decides, or the bureau.")
        raise NotPermitted(Reason("not_yours", text))
    if row.asked_by.user_id == scope.user_id:
        text = _("Another person than the one who asked decides.")
        raise NotPermitted(Reason("second_person", text))
    return post


def _decide(
    scope: Scope, row: PlacementApplication, state: str, answer: str, post: HeldPost, now: datetime
) -> None:
    row.state, row.answer = state, answer.strip()[:300]
    row.decided_by_id, row.decided_at = post.id, now
    row.save()
    obligations.fulfil_keys(row.county_id, [row.key], now)
    _noted(scope, row, state, post, now)


def _noted(
    scope: Scope, row: PlacementApplication, verb: str, post: HeldPost, now: datetime
) -> None:
    subject, ident = f"student:{row.student.public_id}", str(row.public_id)
    audit.record(scope, f"placement.{verb}", subject, now=now, post=post, application=ident)
