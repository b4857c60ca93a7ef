"""The way through the product: the pages a person may open, the daily ones first."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.rules.duties import Duty
from agencies.rules.scope import Scope

# The words, the route, and the duty that shows it. The first group stands in the bar itself.
Entry = tuple[Promise, str, Duty]
DAILY: tuple[Entry, ...] = (
    (_("Roll"), "roll_today", Duty.TAKE_ROLL),
    (_("Requests"), "requests", Duty.ANSWER_REQUEST),
    (_("Work list"), "worklist", Duty.SEE_CASES),
    (_("Duties"), "duties", Duty.SEE_DUTIES),
    (_("Our board"), "own_board", Duty.SEE_DUTIES),
    (_("Tips"), "tip_queue", Duty.TRIAGE_TIPS),
    (_("Term start"), "census_own", Duty.ANSWER_CENSUS),
    (_("Students"), "student_list", Duty.SEE_STUDENTS),
    (_("Balance"), "balance", Duty.SEE_BALANCE),
    (_("Board"), "board", Duty.SEE_BOARD),
)
GROUPS: tuple[tuple[Promise, tuple[Entry, ...]], ...] = (
    (
        _("Children"),
        (
            (_("Roster import"), "imports", Duty.IMPORT_ROSTER),
            (_("Comparison of the register"), "comparisons", Duty.CHECK_LIST),
            (_("Transfers"), "transfers", Duty.CONFIRM_TRANSFER),
            (_("Promotion and mergers"), "moves", Duty.MOVE_ROSTERS),
            (_("Admission"), "admission", Duty.ADMIT),
            (_("Records that do not fit"), "records", Duty.CLEAR_RECORDS),
            (_("Lists of other agencies"), "person_lists", Duty.IMPORT_LIST),
            (_("Screening"), "screenings", Duty.SCREEN),
            (_("Focus groups"), "focus", Duty.TAG_FOCUS),
            (_("Left-behind children"), "left_behind", Duty.SEE_STUDENTS),
            (_("Aid to children"), "aid", Duty.RECORD_ASSISTANCE),
            (_("Schools and families"), "school_life", Duty.SEE_STUDENTS),
            (_("Lawful placements"), "away", Duty.ASK_PLACEMENT),
            (_("Home teaching"), "home_plans", Duty.TEACH_AT_HOME),
        ),
    ),
    (
        _("Bodies"),
        (
            (_("Reports"), "filings", Duty.SEE_FILINGS),
            (pgettext_lazy("assistance", "Help"), "assistance", Duty.RECORD_ASSISTANCE),
            (_("Other bodies"), "requests_figures", Duty.REMIND),
            (_("Other counties"), "outside", Duty.LIAISE_OUTSIDE),
            (_("Responsibility"), "responsibility", Duty.KEEP_RESPONSIBILITY),
            (_("Inspections"), "inspections", Duty.SEE_INSPECTIONS),
            (_("Places to inspect"), "venues", Duty.INSPECT),
        ),
    ),
    (
        _("Accountability"),
        (
            (_("Duties by clause"), "clauses", Duty.SEE_DUTIES),
            (_("Joint conference"), "conferences", Duty.SEE_CONFERENCES),
            (_("Rates"), "rates", Duty.SEE_RATES),
            (_("Alerts"), "alerts", Duty.SEE_RATES),
            (_("Accountability talks"), "talks", Duty.SEE_RATES),
            (_("Circulars"), "circulars", Duty.SEE_CIRCULARS),
            (_("Yearly assessment"), "assessments", Duty.SEE_ASSESSMENTS),
        ),
    ),
    (
        _("Settings"),
        (
            (_("Terms"), "terms", Duty.MANAGE_TERMS),
            (_("Calendar"), "calendar", Duty.MANAGE_CALENDAR),
            (_("Rules"), "policy", Duty.MANAGE_POLICY),
            (_("Causes"), "causes", Duty.MANAGE_LISTS),
            (_("Legal ladder"), "ladder_list", Duty.MANAGE_LISTS),
            (_("Word templates"), "word_templates", Duty.MANAGE_TEMPLATES),
            (_("Posts"), "posts", Duty.MANAGE_POSTS),
            (_("Restricted ledgers"), "ledger_keepers", Duty.NAME_KEEPERS),
            (_("Channels"), "channels", Duty.MANAGE_CHANNELS),
            (_("Status"), "status", Duty.SEE_STATUS),
        ),
    ),
)
# The three comparisons (四查三比对) stand side by side above each of their pages.
COMPARISONS: tuple[Entry, ...] = (
    (_("Register × enrollment"), "comparisons", Duty.CHECK_LIST),
    (_("Enrollment × attendance"), "records_attendance", Duty.CLEAR_RECORDS),
    (_("Dropouts × poor households"), "poor_dropouts", Duty.TAG_FOCUS),
)
MOST_IN_THE_BAR = 9  # whoever has no more pages than that needs no groups


@dataclass(frozen=True)
class Link:
    label: Promise
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    label: Promise
    links: tuple[Link, ...]

    @property
    def is_current(self) -> bool:
        return any(link.is_current for link in self.links)


@dataclass(frozen=True)
class Navigation:
    """links: the bar. groups: what opens from it. tabs: the pages beside this one."""

    links: tuple[Link, ...]
    groups: tuple[Group, ...]
    tabs: tuple[Link, ...] = ()


NOWHERE = Navigation((), ())


def of(scope: Scope, path: str) -> Navigation:
    """The pages of this person; path: where it is now."""
    links = _links(DAILY, scope, path)
    groups = tuple(
        Group(label, found) for label, entries in GROUPS if (found := _links(entries, scope, path))
    )
    tabs = _links(COMPARISONS, scope, path)
    tabs = tabs if any(link.is_current for link in tabs) else ()
    if len(links) + sum(len(group.links) for group in groups) <= MOST_IN_THE_BAR:
        return Navigation(links + tuple(link for group in groups for link in group.links), (), tabs)
    return Navigation(links, groups, tabs)


def _links(entries: tuple[Entry, ...], scope: Scope, path: str) -> tuple[Link, ...]:
    found = []
    for label, route, duty in entries:
        if scope.may(duty):
            url = reverse(route)
            found.append(Link(label, url, path.startswith(url) or route == _section(path)))
    return tuple(found)


def _section(path: str) -> str:
    """The roll of a class belongs to the roll, a check to the term start, the rows of a register to
    their comparison, the board of any body to the own one, whatever the address.
    """
    if "/census/" in path:
        return "census_own"
    if "/comparison/" in path:
        return "comparisons"
    if path.startswith("/agencies/") and "/board" in path:
        return "own_board"
    return "roll_today" if "/roll/" in path else ""
