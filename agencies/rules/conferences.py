"""The joint conference (联席会议): its members, meetings, agenda and decisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.errors import Reason


class SeatRole(TextChoices):
    CONVENER = "convener", _("convener")
    DEPUTY = "deputy", _("deputy convener")
    MEMBER = "member", _("member body")
    OFFICE = "office", _("office of the conference")


class MeetingState(TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held, minutes not signed")
    SIGNED = "signed", _("minutes signed")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")


class Presence(TextChoices):
    PRESENT = "present", pgettext_lazy("meeting", "present")
    SUBSTITUTE = "substitute", _("somebody else came")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


THERE = frozenset({Presence.PRESENT, Presence.SUBSTITUTE})


class Source(TextChoices):
    """Where a point of the agenda comes from, in the order in which the meeting takes them."""

    DECISIONS = "decisions", _("decisions of earlier meetings not carried out")
    DONE = "done", _("decisions carried out since the last meeting")
    LATE = "late", _("deadlines that have passed")
    UNACCOUNTED = "unaccounted", _("children whose whereabouts are not known")
    ALERTS = "alerts", _("alerts that are open")
    OWN = "own", _("further points")


class DecisionState(TextChoices):
    OPEN = "open", _("to be carried out")
    DONE = "done", _("carried out")
    WITHDRAWN = "withdrawn", pgettext_lazy("meeting", "withdrawn")


@dataclass(frozen=True)
class Point:
    """One point of the agenda. lines: what is meant, and how it stands; no names of children."""

    source: Source
    title: str
    lines: tuple[tuple[str, str], ...] = ()


def problems_with_holding(
    on: date,
    today: date,
    seats: frozenset[int],
    presence: Mapping[int, str],
    who: Mapping[int, str],
) -> list[Reason]:
    """seats: of the members on the day; presence: what is said of each; who: came instead."""
    found = []
    if on > today:
        found.append(Reason("held_on", _("This day has not come yet."), "/held_on"))
    if not seats:
        text = _("The conference had no member on this day: name its members first.")
        found.append(Reason("members", text, "/attendance"))
    if set(presence) != seats or not set(presence.values()) <= set(Presence.values):
        text = _("Say of each member whether it was there.")
        found.append(Reason("attendance", text, "/attendance"))
    elif not THERE & set(presence.values()):
        text = _("Nobody was there: then the conference was not held.")
        found.append(Reason("nobody", text, "/attendance"))
    for seat, said in presence.items():
        if said == Presence.SUBSTITUTE and not who.get(seat, "").strip():
            found.append(Reason("who", _("Say who came instead."), f"/who-{seat}"))
    return found


def problems_with_decision(text: str, held_on: date, due_on: date) -> list[Reason]:
    found = []
    if not text.strip():
        found.append(Reason("text", _("Say what was decided."), "/text"))
    if due_on <= held_on:
        words = _("The last day has to lie after the meeting.")
        found.append(Reason("due_on", words, "/due_on"))
    return found
