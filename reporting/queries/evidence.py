"""The evidence catalogue: which rows show that an agency has done its duty, counted in a period.

A profile names an entry (agencies/rules/profile.py). Each is one line: words, model, the way from
the row to the agency, the day that counts, and which rows are meant. Adding evidence is adding one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, DateTimeField, Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Commitment, Decision, Meeting, Publicity, Zone
from agencies.rules.commitments import CommitmentKind
from agencies.rules.conferences import DecisionState
from agencies.rules.deadlines import CHINA
from cases.models import (
    AidRecord,
    Assistance,
    AttendanceConfirmation,
    CaseEvent,
    CasePaper,
    CaseReport,
    FindingStep,
    Inspection,
    LegalStep,
    Measure,
    OutsideNotice,
    PaperService,
    Plan,
    Publication,
    RequestStep,
    TeamSeat,
    TipStep,
    Visit,
)
from reporting.models import (
    Circular,
    ConsistencyFinding,
    Filing,
    Sheet,
    SystemMark,
    Talk,
    Target,
)
from reporting.rules.areas import AreaKind
from reporting.rules.filings import FilingKind
from reporting.rules.talks import Outcome
from students.models import (
    AdmissionNotice,
    Carer,
    Catchment,
    CommitteeSeat,
    EnrollmentChange,
    FocusTag,
    GuardianContact,
    HomeSession,
    MigrantApplication,
    PersonEntry,
    PersonList,
    PlacementApplication,
    QualityVisit,
    Roll,
    RosterMove,
    SchoolEvent,
    ScreeningResult,
    ScreeningRound,
    Transfer,
)
from students.rules.contact import Channel
from students.rules.school_life import EventKind

NEXT = timedelta(days=1)
EVERY = Q()


@dataclass(frozen=True)
class Evidence:
    """One entry. agency: the path from the row to the agency; day: the field of its day."""

    label: Promise
    model: type[Model]
    agency: str
    day: str
    only: Q = EVERY

    def counts(self, agency_ids: Collection[int], first: date, last: date) -> dict[int, int]:
        """Rows of each agency in the period, both days included; one query, none are left out."""
        rows = self.model._default_manager.filter(
            self.only, _within(self.model, self.day, first, last)
        ).filter(**{f"{self.agency}__in": agency_ids})
        found = rows.order_by().values_list(self.agency).annotate(number=Count("pk"))
        return dict(found)


def _within(model: type[Model], day: str, first: date, last: date) -> Q:
    """A moment belongs to its day in China."""
    if isinstance(model._meta.get_field(day), DateTimeField):
        begin = datetime.combine(first, time.min, CHINA)
        end = datetime.combine(last + NEXT, time.min, CHINA)
        return Q(**{f"{day}__gte": begin, f"{day}__lt": end})
    return Q(**{f"{day}__gte": first, f"{day}__lte": last})


def _filings(*kinds: FilingKind) -> Q:
    return Q(kind__in=kinds)


def _filed(kind: CommitmentKind) -> Q:
    return Q(kind=kind, cancelled_on=None)


CATALOGUE: dict[str, Evidence] = {
    "rolls": Evidence(_("rolls called"), Roll, "school_class__school", "day"),
    "contacts": Evidence(_("contacts with guardians"), GuardianContact, "by__agency", "on"),
    "census_signed": Evidence(
        _("full checks signed"), Filing, "agency", "submitted_at", _filings(FilingKind.CENSUS)
    ),
    "term_reports_sent": Evidence(
        _("term reports sent"), Filing, "agency", "submitted_at", _filings(FilingKind.TERM_REPORT)
    ),
    "periodic_reports": Evidence(
        _("monthly and quarterly reports"), Filing, "agency", "submitted_at",
        ~_filings(FilingKind.CENSUS, FilingKind.TERM_REPORT),
    ),
    "enrollment_changes": Evidence(
        _("changes of enrollment"), EnrollmentChange, "by__agency", "on"
    ),
    "transfers": Evidence(_("transfers asked for"), Transfer, "school", "asked_on"),
    "school_visits": Evidence(
        _("home visits by the school"),
        GuardianContact, "by__agency", "on", Q(channel=Channel.VISIT),
    ),
    "committee_seats": Evidence(
        _("parents in the committee of the school"), CommitteeSeat, "school", "starts_on"
    ),
    "committee_meetings": Evidence(
        _("meetings of the parents' committee"),
        SchoolEvent, "school", "on", Q(kind=EventKind.MEETING, taken_back_at=None),
    ),
    "left_behind_activities": Evidence(
        _("activities for left-behind children"),
        SchoolEvent, "school", "on", Q(kind=EventKind.LEFT_BEHIND, taken_back_at=None),
    ),
    "catchments": Evidence(_("zones of schools"), Catchment, "school", "starts_on"),
    "notices_delivered": Evidence(
        _("admission notices delivered"), AdmissionNotice, "delivered_by__agency", "delivered_on"
    ),
    "migrants_decided": Evidence(
        _("applications of migrant children decided"),
        MigrantApplication, "decided_by__agency", "decided_on",
    ),
    "placements_decided": Evidence(
        _("applications for lawful absence decided"),
        PlacementApplication, "decided_by__agency", "decided_at",
    ),
    "home_sessions": Evidence(_("sessions of home teaching"), HomeSession, "plan__school", "day"),
    "quality_visits": Evidence(_("visits to home teaching"), QualityVisit, "by__agency", "on"),
    "roster_moves": Evidence(
        _("promotions and mergers of classes"), RosterMove, "prepared_by__agency", "prepared_at"
    ),
    "focus_tags": Evidence(
        _("children put into a focus group"), FocusTag, "by__agency", "starts_on"
    ),
    "lists_given": Evidence(_("lists handed over"), PersonList, "provider", "applied_at"),
    "lists_applied": Evidence(
        _("lists compared"), PersonList, "confirmed_by__agency", "applied_at"
    ),
    "entries_checked": Evidence(
        _("rows of the register checked"), PersonEntry, "checked_by__agency", "checked_at"
    ),
    "screening_rounds": Evidence(
        _("rounds of screening"), ScreeningRound, "opened_by__agency", "opened_at"
    ),
    "screened": Evidence(_("answers of a screening"), ScreeningResult, "by__agency", "at"),
    "case_reports_sent": Evidence(
        _("reports on cases sent"), CaseReport, "episode__case__school", "sent_at"
    ),
    "case_reports_received": Evidence(
        _("reports on cases signed for"), CaseReport, "recipient", "received_at"
    ),
    "case_work": Evidence(_("entries in cases"), CaseEvent, "by__agency", "on"),
    "seats": Evidence(_("seats of teams filled"), TeamSeat, "post__agency", "since"),
    "zones": Evidence(_("areas and schools answered for"), Zone, "post__agency", "starts_on"),
    "visits": Evidence(_("home visits"), Visit, "recorded_by__agency", "at"),
    "plans": Evidence(_("plans written"), Plan, "written_by__agency", "written_at"),
    "measures": Evidence(_("measures carried out"), Measure, "done_by__agency", "done_on"),
    "aid": Evidence(
        _("aid given to children"), AidRecord, "giver", "recorded_at", Q(taken_back_at=None)
    ),
    "carers": Evidence(
        _("carers of left-behind children on record"), Carer, "by__agency", "recorded_at"
    ),
    "assistance": Evidence(_("help given"), Assistance, "giver", "recorded_at"),
    "help_answered": Evidence(_("steps on requests"), RequestStep, "by__agency", "at"),
    "legal_steps": Evidence(_("legal steps taken"), LegalStep, "by__agency", "taken_on"),
    "papers": Evidence(_("papers issued"), CasePaper, "agency", "issued_on"),
    "papers_served": Evidence(_("papers served"), PaperService, "served_by__agency", "served_on"),
    "outside_notices": Evidence(
        _("notices to other counties"), OutsideNotice, "by__agency", "sent_on"
    ),
    "archives_handed": Evidence(
        _("electronic records handed over"), OutsideNotice, "by__agency", "archive_handed_on"
    ),
    "outside_confirmed": Evidence(
        _("attendance elsewhere confirmed"),
        AttendanceConfirmation, "recorded_by__agency", "recorded_at",
    ),
    "tips_handled": Evidence(_("steps on tips"), TipStep, "by__agency", "at"),
    "findings_cleared": Evidence(
        _("records put right"), ConsistencyFinding, "closed_by__agency", "closed_on"
    ),
    "system_marks": Evidence(
        _("marks in the national system"), SystemMark, "by__agency", "marked_on"
    ),
    "inspections": Evidence(_("inspections held"), Inspection, "lead", "held_on"),
    "findings_handled": Evidence(_("steps on findings"), FindingStep, "body", "on"),
    "results_published": Evidence(
        _("results published"), Publication, "by__agency", "published_on"
    ),
    "letters_signed": Evidence(
        _("responsibility letters signed"),
        Commitment, "agency", "signed_on", _filed(CommitmentKind.LETTER),
    ),
    "leading_groups": Evidence(
        _("leading groups set up"),
        Commitment, "agency", "signed_on", _filed(CommitmentKind.GROUP),
    ),
    "work_plans": Evidence(
        _("work plans"), Commitment, "agency", "signed_on", _filed(CommitmentKind.PLAN)
    ),
    "village_rules": Evidence(
        _("village rules on file"),
        Commitment, "agency", "signed_on", _filed(CommitmentKind.RULES),
    ),
    "publicity": Evidence(
        _("acts of publicity"), Publicity, "agency", "on", Q(cancelled_on=None)
    ),
    "meetings_held": Evidence(
        _("joint conferences held"), Meeting, "conference__host", "held_on"
    ),
    "decisions_done": Evidence(
        _("decisions carried out"), Decision, "owner", "ended_on", Q(state=DecisionState.DONE)
    ),
    "talks_held": Evidence(_("accountability talks held"), Talk, "by_agency", "held_on"),
    "held_responsible": Evidence(
        _("talks that ended with somebody held responsible by a paper"),
        Talk, "by_agency", "held_on", Q(outcome=Outcome.RESPONSIBLE),
    ),
    "circulars_issued": Evidence(_("circulars issued"), Circular, "issued_by__agency", "issued_on"),
    "townships_assessed": Evidence(
        _("assessment sheets of townships signed"),
        Sheet, "signed_by__agency", "signed_on", Q(kind=AreaKind.TOWNSHIP),
    ),
    "schools_assessed": Evidence(
        _("assessment sheets of schools signed"),
        Sheet, "signed_by__agency", "signed_on", Q(kind=AreaKind.SCHOOL),
    ),
    "targets_set": Evidence(_("targets set"), Target, "set_by__agency", "set_on"),
}  # fmt: skip
