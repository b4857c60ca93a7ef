"""The trip sheet: the work list of some villages by household, to be taken along (S1-58, S1-64)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from agencies.rules import masking
from agencies.rules.calendar import WorkingCalendar
from agencies.rules.deadlines import CHINA
from agencies.rules.obligations import ObligationKind
from agencies.rules.scope import Scope
from agencies.rules.urgency import days_left
from cases.models import Case, Visit
from cases.rules.visits import Outcome, Place
from cases.rules.workflow import State
from students.models import Guardian, GuardianContact
from students.models.school_class import class_name
from students.rules.contact import Channel
from students.rules.identity import full_years

MOST = 200  # cases on one sheet: more is no trip
CODE = 12  # digits of a region code


@dataclass(frozen=True)
class Choice:
    """A village with open cases in the person's sight."""

    code: str
    name: str
    township: str
    homes: int


@dataclass(frozen=True)
class Child:
    """One child to be asked about. left: working days, negative when late; None: nothing owed."""

    case_id: str
    number: str
    name: str
    about: str
    state: str
    state_label: str
    out_since: date
    owed: str
    due_on: date | None
    left: int | None
    provisional: bool
    last_contact: str


@dataclass(frozen=True)
class Relative:
    name: str
    relation: str
    phone: str


@dataclass
class Home:
    """One door: who lives there. The children first due come first."""

    address: str
    village: str
    relatives: list[Relative] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)


def choices(scope: Scope) -> list[Choice]:
    """The villages to choose from, in the order of their codes."""
    rows = (
        Case.objects.visible_to(scope)
        .open()
        .order_by("household__region__code")
        .values_list(
            "household__region__code", "household__region__name", "household__region__parent__name"
        )
        .annotate(homes=Count("household", distinct=True))
    )
    return [Choice(code, name, township or "", homes) for code, name, township, homes in rows]


def chosen(wanted: Iterable[str], known: Iterable[Choice]) -> list[Choice]:
    """What was asked for: villages, or all those of a township. The only one there is, is meant."""
    known = list(known)
    starts = tuple(code[:9] if code.endswith("000") else code for code in wanted if _is_code(code))
    found = [one for one in known if starts and one.code.startswith(starts)]
    return known if len(known) == 1 else found


def _is_code(text: str) -> bool:
    return len(text) == CODE and text.isdecimal() and text.isascii()


def homes(
    scope: Scope,
    villages: Collection[Choice],
    now: datetime,
    calendar: WorkingCalendar,
    *,
    whole_numbers: bool = False,
) -> list[Home]:
    """The households of these villages, door by door. whole_numbers: telephones without masking."""
    cases = list(_cases(scope, villages)[:MOST])
    relatives = _relatives([case.student_id for case in cases], whole_numbers)
    found: dict[int, Home] = {}
    for case in cases:
        household = case.household
        home = found.setdefault(case.household_id, Home(household.address, household.region.name))
        home.children.append(_child(case, now, calendar))
        for one in relatives.get(case.student_id, []):
            if one not in home.relatives:
                home.relatives.append(one)
    return list(found.values())


def _cases(scope: Scope, villages: Collection[Choice]) -> QuerySet[Case]:
    visits = Visit.objects.filter(case=OuterRef("pk")).order_by("-at")
    calls = GuardianContact.objects.filter(student=OuterRef("student")).order_by("-at")
    last_visit = visits.values(last=JSONObject(at="at", how="place", outcome="outcome"))
    cases = Case.objects.visible_to(scope).open().with_next_due()
    return (
        cases.filter(household__region__code__in=[one.code for one in villages])
        .annotate(
            visited=Subquery(last_visit[:1]),
            called=Subquery(calls.values(last=JSONObject(at="at", how="channel"))[:1]),
        )
        .select_related("current", "student", "school", "school_class", "household__region")
        .order_by("household__region__code", "household__address", "household", F("due_at"), "pk")
    )


def _relatives(student_ids: Iterable[int], whole_numbers: bool) -> dict[int, list[Relative]]:
    found: dict[int, list[Relative]] = {}
    for row in Guardian.objects.filter(student__in=list(student_ids)).order_by("student", "order"):
        phone = row.phone if whole_numbers else masking.phone(row.phone)
        found.setdefault(row.student_id, []).append(Relative(row.name, row.relation, phone))
    return found


def _child(case: Case, now: datetime, calendar: WorkingCalendar) -> Child:
    student, grade = case.student, case.school_class
    age = full_years(student.born_on, now.astimezone(CHINA).date())
    about = [
        student.get_sex_display(),
        _("age %(years)s") % {"years": age},
        class_name(grade.grade, grade.number) if grade else "",
        case.school.name if case.school else "",
    ]
    return Child(
        case_id=str(case.public_id),
        number=case.number,
        name=student.name,
        about="　".join(filter(None, about)),
        state=case.state,
        state_label=str(State(case.state).label),
        out_since=case.episode.trigger_date,
        owed=str(ObligationKind(case.due_kind).label) if case.due_kind else "",
        due_on=case.due_on,
        left=days_left(calendar, case.due_on, case.due_at, now)
        if case.due_on and case.due_at
        else None,
        provisional=bool(case.due_provisional),
        last_contact=_last_contact(case),
    )


def _last_contact(case: Case) -> str:
    """The newer of the last visit and the last contact of the school, in words."""
    visited: dict[str, str] | None = getattr(case, "visited", None)
    called: dict[str, str] | None = getattr(case, "called", None)
    both = [one for one in (visited, called) if one]
    if not both:
        return ""
    last = max(both, key=lambda one: datetime.fromisoformat(one["at"]))
    day = datetime.fromisoformat(last["at"]).astimezone(CHINA).date()
    if last is visited:
        return f"{day} {Place(last['how']).label}：{Outcome(last['outcome']).label}"
    return f"{day} {Channel(last['how']).label}"
