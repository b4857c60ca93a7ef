"""Service of papers: recorded once, its receipt attached once; the guardian's time runs from it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.access import require
from agencies.documents import pictures
from agencies.errors import NotPossible, NotVisible, Reason, RuleBroken
from agencies.models import Obligation, Post, StoredFile
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.rules.scope import HeldPost, Scope
from agencies.services import obligations, recompute, stored_files
from agencies.services.stored_files import Content
from cases import access
from cases.models import Case, CasePaper, LegalStep, PaperService
from cases.rules import ladder as rules
from cases.rules.ladder import FINAL
from cases.rules.papers import LADDER_KINDS
from cases.rules.service import Delivery, Method, counts_from, problems
from cases.rules.workflow import ENDED, OUT_OF_SCHOOL, State
from cases.services import duties, transition
from cases.services.duties import Own
from cases.services.transition import Act

RECEIPT_NAMES = {pictures.PDF: "送达回证.pdf", pictures.JPEG: "送达回证.jpg"}


@dataclass(frozen=True)
class Served:
    """A service as it was sent. served_by: public id of a post, empty for who records it.

    receipt: the bytes of the scan, if it is there already.
    """

    method: str
    served_on: date
    place: str = ""
    receiver: str = ""
    relation: str = ""
    witnesses: str = ""
    note: str = ""
    served_by: UUID | str = ""
    receipt: bytes = b""

    @property
    def delivery(self) -> Delivery:
        return Delivery(
            self.method, self.served_on, self.place, self.receiver, self.relation, self.witnesses,
            self.note,
        )  # fmt: skip


def key_of(row: CasePaper | LegalStep) -> str:
    """What tells the obligations of several papers or steps of one day apart."""
    return row.public_id.hex[-12:]


def owe(case: Case, paper: CasePaper, now: datetime) -> None:
    """A paper that was issued has to be served, by the body that issued it (S1-34)."""
    page = "ladder/" if paper.kind in LADDER_KINDS else "papers/"
    own = Own(key=key_of(paper), owed_by=paper.agency, page=page)
    duties.owe(case, ObligationKind.SERVE, paper.issued_on, now, **own)


@transaction.atomic
def serve(
    scope: Scope, case: Case, paper: CasePaper, served: Served, now: datetime
) -> PaperService:
    """Record how a paper was served, or that it was attempted in vain.

    The same again is one service; a receipt that comes only then is attached to it.
    Raises NotVisible, NotPermitted; NotPossible when it is served already or the case has ended;
    RuleBroken with every reason: a day before the paper's or to come, what the way of service has
    to say, a receipt that is no scan.
    """
    case = access.case_for(scope, case.public_id, lock=True)
    post = require(scope, Duty.SERVE_PAPER)
    if paper.case_id != case.pk:
        raise NotVisible
    if known := _known(paper, served, post):
        if not served.receipt or known.receipt_id:
            return known
        return attach_receipt(scope, case.public_id, known.public_id, served.receipt, now)
    if reasons := _refusals(case, paper):
        raise NotPossible(*reasons)
    if wrong := problems(served.delivery, paper.issued_on, scope.on):
        raise RuleBroken(*wrong)
    if served.receipt and served.method == Method.FAILED:
        text = _("An attempt in vain has no receipt.")
        raise RuleBroken(Reason("receipt", text, "/receipt"))
    service = PaperService.objects.create(
        paper=paper,
        method=served.method,
        served_on=served.served_on,
        place=served.place,
        receiver=served.receiver,
        relation=served.relation,
        witnesses=served.witnesses,
        note=served.note,
        served_by_id=_server(scope, served, post),
        recorded_by_id=post.id,
        recorded_at=now,
        receipt=_stored(case, served.receipt, post, now) if served.receipt else None,
    )
    if service.receipt:
        _start_clock(case, service, now)
    transition.touch(case)
    return service


@transaction.atomic
def attach_receipt(
    scope: Scope, case_id: UUID | str, service_id: UUID | str, data: bytes, now: datetime
) -> PaperService:
    """The signed receipt of a service that was recorded without it. From then on the time runs.

    Raises NotVisible, NotPermitted, NotPossible when it is there already or the attempt was in
    vain, RuleBroken when the bytes are no scan.
    """
    case = access.case_for(scope, case_id, lock=True)
    post = require(scope, Duty.SERVE_PAPER)
    service = (
        PaperService.objects.filter(paper__case=case, public_id=service_id)
        .select_related("paper")
        .first()
    )
    if service is None:
        raise NotVisible
    if service.receipt_id is not None:
        raise NotPossible(Reason("has_receipt", _("The receipt is attached already.")))
    if service.method == Method.FAILED:
        raise NotPossible(Reason("failed", _("An attempt in vain has no receipt.")))
    if reasons := _refusals(case, service.paper):
        raise NotPossible(*reasons)
    service.receipt = _stored(case, data, post, now)
    service.save(update_fields=["receipt"])
    _start_clock(case, service, now)
    transition.record(case, "receipt", Act(post, scope.on, now, service.paper.number))
    transition.touch(case)
    return service


def _known(paper: CasePaper, served: Served, post: HeldPost) -> PaperService | None:
    """The same sent twice is one service."""
    same = {"method": served.method, "served_on": served.served_on, "receiver": served.receiver}
    rows = paper.services.filter(recorded_by=post.id, note=served.note, **same)
    return rows.select_related("paper").first()


def _refusals(case: Case, paper: CasePaper) -> list[Reason]:
    found = []
    if State(case.state) in ENDED:
        text = _("Not possible while the case is: %(state)s.")
        found.append(Reason("state", text % {"state": State(case.state).label}))
    if paper.services.valid().filter(receipt__isnull=False).exists():
        found.append(Reason("served", _("This paper is served, with its receipt.")))
    return found


def _server(scope: Scope, served: Served, post: HeldPost) -> int:
    """Who served it: a post of the county, or who records it."""
    if not served.served_by:
        return post.id
    posts = Post.objects.held_on(served.served_on).filter(
        county_id=scope.county_id, public_id=served.served_by
    )
    found = posts.values_list("pk", flat=True).first()
    if found is None:
        raise RuleBroken(Reason("post", _("There is no such post."), "/served_by"))
    return found


def _stored(case: Case, data: bytes, post: HeldPost, now: datetime) -> StoredFile:
    scan = pictures.scan(data, "/receipt")
    content = Content(RECEIPT_NAMES[scan.media_type], scan.media_type, scan.data)
    return stored_files.store(case.county_id, content, post.id, now)


def _start_clock(case: Case, service: PaperService, now: datetime) -> None:
    """No receipt, no clock; with it, the period runs from the day that counts (rule 15)."""
    paper = service.paper
    obligations.fulfil(duties.open_of(case, (ObligationKind.SERVE,), key_of(paper)), now)
    step = LegalStep.objects.filter(paper=paper).select_related("by__agency", "case").first()
    if step is None or step.outcome in FINAL:
        return
    _date(step, service, working_calendar())
    if step.ends_on and State(case.state) in OUT_OF_SCHOOL:
        own = Own(key=key_of(step), owed_by=step.by.agency, page="ladder/")
        duties.owe(case, ObligationKind.NEXT_STEP, step.ends_on, now, **own)


def _date(step: LegalStep, service: PaperService, calendar: WorkingCalendar) -> bool:
    """The day that counts as the service, and the guardian's last day. Whether either moved."""
    before = (step.served_on, step.ends_on)
    notice = in_force(step.case.county_id, service.served_on).number(Key.NOTICE_DAYS)
    delivery = Delivery(service.method, service.served_on)
    step.served_on = counts_from(delivery, notice, calendar)
    if step.days:
        end = rules.end_of_period(step.served_on, step.days, step.counting, calendar)
        step.ends_on = end.on
    step.save(update_fields=["served_on", "ends_on"])
    return (step.served_on, step.ends_on) != before


def follow_calendar(today: date, now: datetime) -> int:
    """A year whose calendar comes late moves the last days that still run into it (rule 4).

    What has ended is never computed again. Returns how many moved.
    """
    running = LegalStep.objects.filter(ends_on__gte=today).exclude(outcome__in=FINAL)
    calendar = working_calendar()
    return sum(_follow(pk, calendar, now) for pk in running.values_list("pk", flat=True))


@transaction.atomic
def _follow(step_id: int, calendar: WorkingCalendar, now: datetime) -> bool:
    step = LegalStep.objects.select_for_update(of=("self",)).select_related("case").get(pk=step_id)
    service = (
        PaperService.objects.valid().filter(paper=step.paper_id, receipt__isnull=False).first()
    )
    if service is None or not _date(step, service, calendar) or step.ends_on is None:
        return False
    ids = duties.open_of(step.case, (ObligationKind.NEXT_STEP,), key_of(step))
    rows = Obligation.objects.filter(pk__in=ids).select_for_update(of=("self",))
    recompute.move(list(rows), now, step.ends_on)
    return True
