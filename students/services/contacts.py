"""Contact with the guardian of an absent child (S1-22), owed from the first day of a run.

A run of unexcused absence that is going on makes two duties of its school: a contact on the first
day, and an answer (what was found out) once the run has the set length. There is one of each for a
run, even if a roll that comes in later moves its first day.

What does not flood: only runs of the present term that began within RECENT. A run whose first day
was called more than BACKDATED later (a week of rolls entered at once, an import) gets no contact
duty, since the same day is over; its answer is counted from the day on which the roll came in.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.documents.pictures import JPEG, Photo
from agencies.errors import Reason, RuleBroken
from agencies.models import Agency, StoredFile
from agencies.queries.calendars import working_calendar
from agencies.queries.policy import in_force
from agencies.queries.responsible import bureau
from agencies.rules.deadlines import CHINA
from agencies.rules.duties import Duty
from agencies.rules.obligations import ObligationKind
from agencies.rules.policy import Key
from agencies.rules.scope import HeldPost, Scope
from agencies.services import audit, obligations, stored_files
from agencies.services.obligations import Owed
from agencies.services.stored_files import Content
from students.access import school_post
from students.models import AbsenceRun, EnrollmentRecord, GuardianContact, Student, Term
from students.queries.contact_duties import (
    PREFIX,
    Ground,
    OpenDuty,
    RunToday,
    ground_of,
    open_duties,
    runs_of,
)
from students.rules.contact import AtHome, Channel, Reached, home_problems, is_answer
from students.services import left_behind
from students.services.owed import raise_each, subject_of

RECENT = timedelta(days=30)
BACKDATED = timedelta(days=3)


@dataclass(frozen=True)
class Given:
    """A contact as it was sent. on: the day of absence that it is about; None: the day of `at`.

    with_whom, signed_by, unsigned_because, photo: of a visit at home (rules/contact.py).
    """

    at: datetime
    channel: str
    reached: str
    answer: str = ""
    on: date | None = None
    with_whom: str = ""
    signed_by: str = ""
    unsigned_because: str = ""
    photo: Photo | None = None

    @property
    def at_home(self) -> AtHome:
        return AtHome(
            self.with_whom.strip(),
            self.signed_by.strip(),
            self.unsigned_because.strip(),
            has_photo=self.photo is not None,
        )


@transaction.atomic
def record(scope: Scope, student: Student, given: Given, now: datetime) -> GuardianContact:
    """Write a contact into the log and meet the duties of the present run with it.

    Any try meets the duty of the first day; the answer needs somebody reached and words. Late or
    not is fixed by the moment of recording (rule 4). Raises NotPermitted (not the own class or
    school) and RuleBroken (dates, words that are none).
    """
    post = school_post(scope, student, Duty.CONTACT_GUARDIAN)
    on = given.on or given.at.astimezone(CHINA).date()
    if problems := _problems(given, on, now):
        raise RuleBroken(*problems)
    home, photo = given.at_home, given.photo
    made = GuardianContact.objects.create(
        county_id=student.county_id,
        student=student,
        with_whom=home.with_whom,
        signed_by=home.signed_by,
        unsigned_because=home.unsigned_because,
        photo=_kept(student, given.at, photo.full, "", post, now) if photo else None,
        thumbnail=_kept(student, given.at, photo.small, "-小", post, now) if photo else None,
        on=on,
        at=given.at,
        channel=given.channel,
        reached=given.reached,
        answer=given.answer.strip(),
        by_id=post.id,
        recorded_at=now,
    )
    owed = open_duties(str(student.public_id))
    obligations.fulfil([one.pk for one in owed if _meets(made, one)], now)
    left_behind.contacted(made, now)
    subject = f"student:{student.public_id}"
    audit.record(scope, "contact.record", subject, now=now, post=post, channel=given.channel)
    return made


def _kept(
    student: Student, at: datetime, data: bytes, size: str, post: HeldPost, now: datetime
) -> StoredFile:
    content = Content(f"家访{at.astimezone(CHINA).date()}{size}.jpg", JPEG, data)
    return stored_files.store(student.county_id, content, post.id, now)


def _problems(given: Given, on: date, now: datetime) -> list[Reason]:
    found = list(home_problems(given.channel, given.reached, given.at_home))
    if given.channel not in set(Channel):
        found.append(Reason("channel", _("There is no such way of contact."), "/channel"))
    if given.reached not in set(Reached):
        found.append(Reason("reached", _("Say who was reached."), "/reached"))
    if given.at > now:
        found.append(Reason("future", _("A contact cannot lie in the future."), "/at"))
    elif now - given.at > RECENT:
        found.append(Reason("too_old", _("This contact lies too far back."), "/at"))
    if on > given.at.astimezone(CHINA).date():
        text = _("The contact lies before the day of absence.")
        found.append(Reason("before_absence", text, "/at"))
    return found


def _meets(contact: GuardianContact, owed: OpenDuty) -> bool:
    """It is about this run, and for an answer it says something."""
    if contact.on < owed.run_from:
        return False
    tried = owed.kind == ObligationKind.CONTACT
    return tried or is_answer(contact.reached, contact.answer)


def raise_due(now: datetime) -> int:
    """Raise what the runs going on ask for, and end what is over. Safe to repeat.

    Set-based over each county in term. Returns how many duties were raised or ended.
    """
    today = now.astimezone(CHINA).date()
    raised = sum(
        _raise(term, today, now)
        for term in Term.objects.filter(starts_on__lte=today, ends_on__gte=today)
    )
    return raised + follow(now)


def _raise(term: Term, today: date, now: datetime) -> int:
    after = in_force(term.county_id, today).number(Key.ANSWER_AFTER_DAYS)
    wanted = [
        (run, kind, day)
        for run in runs_of(term, today, today - RECENT, after)
        for kind, day in _asked(run)
    ]
    if not wanted:
        return 0
    office = bureau(term.county_id, today)
    stays = EnrollmentRecord.objects.select_related("school__region", "school_class").in_bulk(
        {run.stay_id for run, _kind, _day in wanted}
    )
    duties = [_owed(run, kind, day, stays[run.stay_id], office) for run, kind, day in wanted]
    return raise_each(term.county_id, duties, working_calendar(), now)


def _asked(run: RunToday) -> Iterator[tuple[ObligationKind, date]]:
    """What is still to be raised for a run, and from which day it is counted."""
    if not run.contact_raised and _day(run.called_at) - run.starts_on <= BACKDATED:
        yield ObligationKind.CONTACT, run.starts_on
    if run.reached_on and run.reached_at and not run.answer_raised:
        known_on = _day(run.reached_at)
        in_time = known_on - run.reached_on <= BACKDATED
        yield ObligationKind.ANSWER, run.reached_on if in_time else known_on


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def _owed(
    run: RunToday, kind: ObligationKind, day: date, stay: EnrollmentRecord, office: Agency
) -> Owed:
    return Owed(
        kind=kind,
        key=f"{PREFIX[kind]}:{run.student}:{run.starts_on}",
        subject=subject_of(stay.school, stay.school_class),
        owed_by=stay.school,
        owed_to=stay.school if kind == ObligationKind.CONTACT else office,
        starts_on=day,
        region_path=stay.school.region.path,
        href=f"/students/{run.student}/contact/",
    )


@transaction.atomic
def follow(now: datetime) -> int:
    """End open duties: met by a contact of the log, else waived when the run is over.

    A contact may be older than its duty (the sweep came later): it counts from when it was
    recorded. Returns how many have ended.
    """
    today = now.astimezone(CHINA).date()
    duties = open_duties()
    if not duties:
        return 0
    ground = ground_of(duties, today)
    after = {
        county: in_force(county, today).number(Key.ANSWER_AFTER_DAYS)
        for county in {owed.county_id for owed in duties}
    }
    met: dict[int, datetime] = {}
    over: dict[str, list[int]] = defaultdict(list)
    for owed in duties:
        run = ground.run_of(owed)
        if run and (moment := _met_at(owed, run, ground)):
            met[owed.pk] = moment
        elif why := _why_over(owed, run, ground, today, after[owed.county_id]):
            over[why].append(owed.pk)
    waived = sum(obligations.waive(pks, why, now) for why, pks in over.items())
    return waived + obligations.fulfil_at(met)


def _met_at(owed: OpenDuty, run: AbsenceRun, ground: Ground) -> datetime | None:
    for contact in ground.contacts.get(owed.student, ()):
        if _meets(contact, owed) and (run.ended_on is None or contact.on <= run.ended_on):
            return contact.recorded_at
    return None


def _why_over(
    owed: OpenDuty, run: AbsenceRun | None, ground: Ground, today: date, after: int
) -> str:
    """The reason why a duty has fallen away; nothing while it stands."""
    if run is None:
        return gettext_noop("the roll shows no such absence any more")
    if run.ended_on and run.ended_on <= today:
        return gettext_noop("the absence has ended")
    if owed.kind == ObligationKind.ANSWER and run.days < after:
        return gettext_noop("the roll shows a shorter absence")
    if owed.student not in ground.enrolled:
        return gettext_noop("the child is on no roster any more")
    return gettext_noop("the term has ended") if run.term.ends_on < today else ""
