"""Requests to other agencies (转介、协办): what may be asked of whom, and what they get to see.

Sources: wencheng-2019 一(三) S1-23…29, 三(二) S1-58; 禁止使用童工规定 (令364) art 2, 6; rule 10.
A body learns of the child what its matter needs and no more (未成年人网络保护条例 36).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.errors import Reason, Text
from agencies.rules.duties import AgencyKind
from cases.rules.two_tests import Referral


class RequestState(TextChoices):
    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    ANSWERED = "answered", _("answered")
    DONE = "done", pgettext_lazy("request", "done")
    WITHDRAWN = "withdrawn", _("withdrawn")


# What stands on the timeline of the case when a request comes into a state.
TITLES: dict[str, Text] = {
    "help_asked": _("Another body was asked for help"),
    "help_accepted": _("The other body accepted the request"),
    "help_refused": _("The other body refused the request"),
    "help_answered": _("The other body answered"),
    "help_done": _("Request to another body settled"),
    "help_withdrawn": _("Request to another body withdrawn"),
}


class Matter(TextChoices):
    LEGAL_AID = "legal_aid", _("legal publicity and legal aid")
    AID = "aid", _("aid for a household in need")
    CHILD_LABOUR = "child_labour", _("illegal hiring of a child")
    SEARCH = "search", _("search for a child")
    DISABILITY = "disability", _("assessment and aid for a disabled child")
    ILLNESS = "illness", _("medical opinion and treatment")
    WOMEN = "women", _("protection of a girl, early marriage")
    LICENCE = "licence", _("a business that breaks the law")
    VENUE = "venue", _("a venue or institution that holds children")


class Shared(TextChoices):
    """A field of the child that another body may be given."""

    NAME = "name", _("name")
    SEX = "sex", _("sex")
    AGE = "age", _("age")
    BORN_ON = "born_on", _("born on")
    ID_NUMBER = "id_number", _("ID number")
    HOME = "home", _("home")
    GUARDIAN = "guardian", _("guardian")
    GUARDIAN_PHONE = "guardian_phone", _("phone of the guardian")
    SCHOOL = "school", _("school and class")
    ABSENT_SINCE = "absent_since", _("out of school since")


class Particular(TextChoices):
    """What the asking body adds. difficulty and condition are health: only where it is needed."""

    EMPLOYER = "employer", _("employer")
    PLACE = "place", _("place")
    WORK = "work", _("work that the child does")
    LAST_SEEN = "last_seen", _("last seen: when, where, with whom")
    DIFFICULTY = "difficulty", _("what is known of the disability")
    CONDITION = "condition", _("what is known of the illness")
    BUSINESS = "business", _("business or institution")
    EARLIER_ORDER = "earlier_order", _("earlier order: number and day")


class Outcome(TextChoices):
    """What came of it, as the asked body answers."""

    LEGAL_AID_GIVEN = "legal_aid_given", _("legal aid given")
    TAUGHT = "taught", _("the guardians were instructed in the law")
    AID_GRANTED = "aid_granted", _("aid granted")
    ORDER_ISSUED = "order_issued", _("order issued to send the child back")
    SENT_BACK = "sent_back", _("the child was sent back")
    FINED = "fined", _("employer fined")
    FOUND = "found", _("found")
    NOT_FOUND = "not_found", _("not found")
    REGISTERED = "registered", _("registered as disabled")
    ASSESSED = "assessed", _("assessed, opinion given")
    TREATED = "treated", _("in treatment")
    PROTECTED = "protected", _("protected and counselled")
    RECTIFIED = "rectified", _("ordered to put it right")
    LICENCE_REVOKED = "licence_revoked", _("licence revoked")
    REGISTRATION_REVOKED = "registration_revoked", _("registration of the institution revoked")
    NO_GROUNDS = "no_grounds", _("looked into, no grounds")


@dataclass(frozen=True)
class Result:
    """clause: what it rests on; number: a paper has to be named; day: a day has to be named."""

    clause: str
    number: bool = False
    day: bool = False


RESULTS: dict[Outcome, Result] = {
    Outcome.LEGAL_AID_GIVEN: Result("S1-27", number=True),
    Outcome.TAUGHT: Result("S1-27"),
    Outcome.AID_GRANTED: Result("S1-25"),
    Outcome.ORDER_ISSUED: Result("S1-28", number=True),
    Outcome.SENT_BACK: Result("S1-28", day=True),
    Outcome.FINED: Result("S1-28", number=True),
    Outcome.FOUND: Result("S1-58", day=True),
    Outcome.NOT_FOUND: Result("S1-58"),
    Outcome.REGISTERED: Result("S1-26"),
    Outcome.ASSESSED: Result("S1-26"),
    Outcome.TREATED: Result("S1-37"),
    Outcome.PROTECTED: Result("S1-43"),
    Outcome.RECTIFIED: Result("S1-24", number=True),
    Outcome.LICENCE_REVOKED: Result("S1-29", number=True),
    Outcome.REGISTRATION_REVOKED: Result("S1-29", number=True),
    Outcome.NO_GROUNDS: Result(""),
}


@dataclass(frozen=True)
class Kind:
    """One matter: who can be asked, what they are given, what must or may be added, results."""

    to: frozenset[AgencyKind]
    clause: str
    shares: tuple[Shared, ...]
    must: tuple[Particular, ...] = ()
    may: tuple[Particular, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


K, P, S, O = AgencyKind, Particular, Shared, Outcome  # noqa: E741 the table is read by column

PERSON = (S.NAME, S.SEX, S.BORN_ON)
CONTACT = (S.HOME, S.GUARDIAN, S.GUARDIAN_PHONE)

MATTERS: dict[Matter, Kind] = {
    Matter.LEGAL_AID: Kind(
        frozenset({K.JUSTICE}), "S1-27", (S.NAME, S.AGE, *CONTACT, S.ABSENT_SINCE),
        outcomes=(O.LEGAL_AID_GIVEN, O.TAUGHT),
    ),
    # Aid is granted by ID number; why the child is out of school is nothing to it.
    Matter.AID: Kind(
        frozenset({K.CIVIL_AFFAIRS, K.POVERTY, K.FINANCE}), "S1-25",
        (*PERSON, S.ID_NUMBER, *CONTACT), outcomes=(O.AID_GRANTED,),
    ),
    # The age has to be proved against the employer.
    Matter.CHILD_LABOUR: Kind(
        frozenset({K.LABOUR, K.POLICE}), "S1-28", (*PERSON, S.ID_NUMBER, S.GUARDIAN, S.SCHOOL),
        must=(P.EMPLOYER, P.PLACE), may=(P.WORK,),
        outcomes=(O.ORDER_ISSUED, O.SENT_BACK, O.FINED, O.NOT_FOUND),
    ),
    Matter.SEARCH: Kind(
        frozenset({K.POLICE}), "S1-58", (*PERSON, S.ID_NUMBER, *CONTACT, S.SCHOOL, S.ABSENT_SINCE),
        must=(P.LAST_SEEN,), outcomes=(O.FOUND, O.NOT_FOUND),
    ),
    Matter.DISABILITY: Kind(
        frozenset({K.DISABLED}), "S1-26", (*PERSON, S.ID_NUMBER, *CONTACT),
        must=(P.DIFFICULTY,), outcomes=(O.REGISTERED, O.ASSESSED, O.AID_GRANTED),
    ),
    Matter.ILLNESS: Kind(
        frozenset({K.HEALTH}), "S1-37", (*PERSON, *CONTACT),
        must=(P.CONDITION,), outcomes=(O.ASSESSED, O.TREATED),
    ),
    Matter.WOMEN: Kind(
        frozenset({K.WOMEN, K.POLICE}), "S1-43", (S.NAME, S.AGE, *CONTACT),
        outcomes=(O.PROTECTED, O.FOUND, O.NOT_FOUND),
    ),
    # Against a business, not about the child: nothing by which it could be found.
    Matter.LICENCE: Kind(
        frozenset({K.MARKET, K.CIVIL_AFFAIRS}), "S1-29", (S.AGE,),
        must=(P.BUSINESS, P.PLACE), may=(P.EARLIER_ORDER,),
        outcomes=(O.RECTIFIED, O.LICENCE_REVOKED, O.REGISTRATION_REVOKED),
    ),
    Matter.VENUE: Kind(
        frozenset({K.POLICE, K.CULTURE, K.MARKET, K.CIVIL_AFFAIRS}), "S1-24",
        (S.NAME, S.SEX, S.AGE),
        must=(P.BUSINESS, P.PLACE), outcomes=(O.FOUND, O.NOT_FOUND, O.RECTIFIED),
    ),
}  # fmt: skip


def results_of(matter: Matter) -> tuple[Outcome, ...]:
    """What can come of a matter; that there were no grounds, of each."""
    return (*MATTERS[matter].outcomes, Outcome.NO_GROUNDS)


def matters_for(kind: AgencyKind | str) -> list[Matter]:
    """What a body of this kind can be asked for."""
    return [matter for matter, row in MATTERS.items() if kind in row.to]


def problems_with_asking(
    matter: Matter, kind: AgencyKind | str, asked: str, given: Mapping[str, str]
) -> list[Reason]:
    """Why this cannot be asked of a body of this kind: each with the field that it lies in."""
    row = MATTERS[matter]
    found = []
    if kind not in row.to:
        names = "、".join(str(AgencyKind(one).label) for one in AgencyKind if one in row.to)
        text = _("This body is not the one for “%(matter)s”: ask %(bodies)s.")
        words = text % {"matter": matter.label, "bodies": names}
        found.append(Reason("wrong_kind", words, "/to"))
    if not asked.strip():
        found.append(Reason("asked", _("Say what the other body is asked to do."), "/asked"))
    for one in row.must:
        if not given.get(one, "").strip():
            words = _("Missing: %(what)s.") % {"what": one.label}
            found.append(Reason("missing", words, f"/particulars/{one}"))
    for name in set(given) - {*row.must, *row.may}:
        words = _("This is not part of “%(matter)s”.") % {"matter": matter.label}
        found.append(Reason("not_asked_for", words, f"/particulars/{name}"))
    return found


def age_problem(matter: Matter, referrals: Collection[Referral]) -> Reason | None:
    """The ban on child labour ends with 16; schooling may go on, by way of the case itself."""
    if matter is not Matter.CHILD_LABOUR or Referral.LABOUR in referrals:
        return None
    text: Text = _("The child is 16 or older: hiring it is not illegal.")
    if Referral.SCHOOLING in referrals:
        text = _(
            "The child is 16 or older: hiring it is not illegal. It still has to complete"
            " compulsory education: go on with the case and its legal steps."
        )
    return Reason("old_enough_to_work", text, "/matter")


class Move(TextChoices):
    ACCEPT = "accept", _("Accept")
    REFUSE = "refuse", _("Refuse")
    ANSWER = "answer", _("Answer")
    DONE = "done", _("Settled")
    WITHDRAW = "withdraw", _("Withdraw the request")


@dataclass(frozen=True)
class Step:
    """theirs: done by the asked body; else by the one that asked."""

    sources: frozenset[RequestState]
    target: RequestState
    theirs: bool


STEPS: dict[Move, Step] = {
    Move.ACCEPT: Step(frozenset({RequestState.ASKED}), RequestState.ACCEPTED, theirs=True),
    Move.REFUSE: Step(frozenset({RequestState.ASKED}), RequestState.REFUSED, theirs=True),
    Move.ANSWER: Step(frozenset({RequestState.ACCEPTED}), RequestState.ANSWERED, theirs=True),
    Move.DONE: Step(frozenset({RequestState.ANSWERED}), RequestState.DONE, theirs=False),
    Move.WITHDRAW: Step(
        frozenset({RequestState.ASKED, RequestState.ACCEPTED, RequestState.ANSWERED}),
        RequestState.WITHDRAWN,
        theirs=False,
    ),
}
LIVE = frozenset({RequestState.ASKED, RequestState.ACCEPTED, RequestState.ANSWERED})
WAITS_FOR_THEM = frozenset({RequestState.ASKED, RequestState.ACCEPTED})


def why_not(state: RequestState, move: Move, *, over: bool) -> Reason | None:
    """Why a request in this state cannot take the step. over: its case, or its episode, ended."""
    if over:
        text = _("The case has ended, and the request with it.")
        return Reason("ended", text)
    if state not in STEPS[move].sources:
        text = _("Not possible while the request is: %(state)s.")
        return Reason("state", text % {"state": state.label})
    return None


def possible(state: RequestState, *, theirs: bool, over: bool) -> list[Move]:
    """The steps that one of the two sides can take now."""
    return [
        move
        for move, step in STEPS.items()
        if step.theirs is theirs and why_not(state, move, over=over) is None
    ]


def problem_with_words(move: Move, text: str) -> Reason | None:
    """Whoever refuses or withdraws says why."""
    if move in (Move.REFUSE, Move.WITHDRAW) and not text.strip():
        return Reason("reason", _("A reason in writing is missing."), "/text")
    return None


@dataclass(frozen=True)
class Answer:
    """What came of it. paper_number: of the order or decision; day: sent back or found on."""

    outcome: str
    paper_number: str = ""
    day: date | None = None


def problems_with_answer(
    matter: Matter, answer: Answer, asked_on: date, today: date
) -> list[Reason]:
    if answer.outcome not in results_of(matter):
        return [Reason("outcome", _("This is no outcome of this matter."), "/outcome")]
    outcome = Outcome(answer.outcome)
    found = []
    if RESULTS[outcome].number and not answer.paper_number.strip():
        text = _("“%(outcome)s” needs the number of the paper.") % {"outcome": outcome.label}
        found.append(Reason("number", text, "/paper_number"))
    if RESULTS[outcome].day and answer.day is None:
        text = _("“%(outcome)s” needs the day.") % {"outcome": outcome.label}
        found.append(Reason("day", text, "/day"))
    if answer.day and answer.day > today:
        found.append(Reason("future", _("This day is still to come."), "/day"))
    if answer.day and answer.day < asked_on:
        found.append(Reason("before", _("This day lies before the request."), "/day"))
    return found


def only(names: Iterable[Shared], values: Mapping[str, str]) -> dict[str, str]:
    """Of what is known of the child, only these, and only what is there."""
    return {name.value: values[name] for name in names if values.get(name)}
