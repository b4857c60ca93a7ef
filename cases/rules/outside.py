"""外联保学 (S1-55, S1-60…62): why another county is written to, and what its answers must hold."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason, Text

DAY = timedelta(days=1)


class Why(TextChoices):
    IS_THERE = "is_there", _("the child is there now")
    REGISTERED = "registered", _("the child is registered there")


CLAUSES = {Why.IS_THERE: "S1-55", Why.REGISTERED: "S1-60"}
TITLES: dict[str, Text] = {
    "outside_sent": _("Notice sent to another county"),
    "outside_replied": _("The other county replied"),
    "outside_confirmed": _("Attendance in another county confirmed"),
    "outside_archive": _("Electronic archive handed over"),
}
# What a notice asks for unless something else is typed: it is printed, so it is Chinese.
PROPOSED = {
    Why.IS_THERE: "请协助核实该生现住址和就读情况，帮助其就近入学，并将结果函复我局。",
    Why.REGISTERED: "请按户籍所在地职责将该生纳入控辍保学工作台账，"
    "配合做好劝返复学工作，并将情况函复我局。",
}
ARCHIVE = "电子学籍档案"
MISSING_AUTHORITY = _("Say which authority is written to.")


def problems_with_notice(authority: str, sent_on: date, since: date, today: date) -> list[Reason]:
    """since: the day on which the case, in its present episode, was opened."""
    found = []
    if not authority.strip():
        found.append(Reason("authority", MISSING_AUTHORITY, "/authority"))
    found += _day(sent_on, since, today, "/sent_on", _("This day lies before the case."))
    return found


def problems_with_reply(text: str, replied_on: date, sent_on: date, today: date) -> list[Reason]:
    found = []
    if not text.strip():
        found.append(Reason("reply", _("Say what the other authority replied."), "/text"))
    before = _("The reply lies before the notice.")
    return found + _day(replied_on, sent_on, today, "/on", before)


def problems_with_handover(why: Why, handed_on: date, sent_on: date, today: date) -> list[Reason]:
    """The electronic archive goes to where the child is registered (S1-61), nowhere else."""
    found = []
    if why is not Why.REGISTERED:
        text = _("The archive is handed to the authority where the child is registered.")
        found.append(Reason("not_registered_there", text))
    before = _("The hand-over lies before the notice.")
    return found + _day(handed_on, sent_on, today, "/on", before)


@dataclass(frozen=True)
class TermDays:
    """First and last day of the term that is confirmed."""

    starts_on: date
    ends_on: date


def problems_with_confirmation(
    school_name: str, proof: str, since: date, term: TermDays, today: date
) -> list[Reason]:
    """The child attends there in this term since this day: the school and a proof are named."""
    found = []
    if not school_name.strip():
        found.append(Reason("school", _("Say which school the child attends."), "/school_name"))
    if not proof.strip():
        found.append(Reason("no_proof", _("A confirmation needs a proof."), "/proof"))
    if not term.starts_on <= since <= term.ends_on:
        text = _("This day lies outside the term, which runs from %(first)s to %(last)s.")
        words = text % {"first": term.starts_on, "last": term.ends_on}
        found.append(Reason("outside_term", words, "/since"))
    elif since > today:
        found.append(Reason("future", _("This day is still to come."), "/since"))
    return found


def first_day(since: date, covered_until: date | None, last_term_ended: date | None) -> date:
    """The first day that the confirmation explains; it renews one that reached the vacation.

    covered_until: the last day of the one before; last_term_ended: of the county's last term. Who
    attends there in both terms was not lost in the vacation, and the other county may open on
    another day: nothing stays open between the two. A gap within a term stays one.
    """
    if covered_until is None or last_term_ended is None:
        return since
    return covered_until + DAY if last_term_ended <= covered_until < since else since


def _day(day: date, first: date, today: date, pointer: str, before: Text) -> list[Reason]:
    if day > today:
        return [Reason("future", _("This day is still to come."), pointer)]
    return [Reason("before", before, pointer)] if day < first else []
