"""What each lawful placement asks for: who decides, whose proof, how long, what else (rule 7).

Sources: 义务教育法 11 (deferral and suspension: township or bureau); 残疾人教育条例
17, 20; 预防未成年人犯罪法 43-47; law.md 2.5, 2.6, 2.9.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from agencies.rules.deadlines import plus_months
from agencies.rules.duties import AgencyKind
from students.rules.enrollment import PlacementKind

DAY = timedelta(days=1)


class Issuer(TextChoices):
    """Who issued the proof."""

    HOSPITAL = "hospital", _("hospital of the county or above")
    DISABILITY = "disability", _("county expert committee for the education of disabled children")
    SPECIALISED = "specialised", _("county steering committee for specialised education")
    SCHOOL = "school", _("school that takes the child")
    BORDER = "border", _("exit and entry administration")


class Incapacity(TextChoices):
    """失能原因 of the record of children who cannot attend (forms.md 3.4)."""

    ILLNESS = "illness", _("A serious illness")
    DISABILITY = "disability", _("B severe disability")
    MENTAL = "mental", _("C mental illness")


BUREAU = frozenset({AgencyKind.BUREAU})
EITHER = frozenset({AgencyKind.TOWNSHIP, AgencyKind.BUREAU})


@dataclass(frozen=True)
class KindRule:
    """One row. decides: bodies of which one decides; none: the school records it with its proof,
    or, for a child on no roster, the bureau decides.

    months: the longest, one renewal at a time. enrolled: True, only a child on a roster; False,
    only one that has not entered; None, either. fitness: after illness the return needs a proof
    that the child is fit for school (law.md 2.6).
    """

    decides: frozenset[AgencyKind]
    issuers: frozenset[Issuer]
    proof: Promise
    months: int = 12
    enrolled: bool | None = None
    fitness: bool = False

    def needs_decision(self, *, enrolled: bool) -> bool:
        return bool(self.decides) or not enrolled


KINDS: dict[PlacementKind, KindRule] = {
    PlacementKind.DEFERRAL: KindRule(
        EITHER, frozenset({Issuer.HOSPITAL, Issuer.DISABILITY}),
        _("opinion of a hospital of the county or above, or of the expert committee, that advises"
          " a later entry"),
        enrolled=False,
    ),
    PlacementKind.SUSPENSION: KindRule(
        EITHER, frozenset({Issuer.HOSPITAL}),
        _("certificate of a hospital of the county or above, with the months of rest it advises"),
        enrolled=True,
        fitness=True,
    ),
    PlacementKind.HOME_TEACHING: KindRule(
        BUREAU, frozenset({Issuer.DISABILITY}),
        _("assessment of the expert committee: cannot attend, can be taught at home"),
        enrolled=True,
    ),
    PlacementKind.SPECIAL_SCHOOL: KindRule(
        BUREAU, frozenset({Issuer.DISABILITY}),
        _("assessment of the expert committee, and the place in the special school"),
    ),
    PlacementKind.SPECIALISED_SCHOOL: KindRule(
        BUREAU, frozenset({Issuer.SPECIALISED}),
        _("assessment of the steering committee; the record stays with the school of origin"),
    ),
    PlacementKind.VOCATIONAL: KindRule(
        BUREAU, frozenset({Issuer.SCHOOL}),
        _("confirmation of the vocational school; the record stays with the school of origin"),
        enrolled=True,
    ),
    PlacementKind.ABROAD: KindRule(
        BUREAU, frozenset({Issuer.BORDER, Issuer.SCHOOL}),
        _("record of the exit, or the enrolment of the school abroad"),
    ),
    PlacementKind.HOSPITAL: KindRule(
        frozenset(), frozenset({Issuer.HOSPITAL}), _("admission to a hospital"), fitness=True,
    ),
    PlacementKind.ELSEWHERE: KindRule(
        frozenset(), frozenset({Issuer.SCHOOL}),
        _("confirmation of the school elsewhere, anew each term"),
    ),
}  # fmt: skip

# What people say of a child that is in none of these, and why it does not count.
REFUSED: dict[str, Promise] = {
    "home_study": _(
        "Studying at home does not replace school (S1-38): the child is out of school, open a case."
    ),
    "private_classics": _(
        "A private classics school or reading class is no school (S1-40): open a case."
    ),
    "unconfirmed_elsewhere": _(
        "“Said to be elsewhere” is no proof (rule 7): get the confirmation of the school there, or"
        " open a case."
    ),
}


@dataclass(frozen=True)
class Asked:
    """An application as the rule sees it. Days: both included. months: of rest, as certified."""

    kind: str
    starts_on: date
    ends_on: date
    proof: str
    applicant: str = ""
    reason: str = ""
    issuer: str = ""
    issued_by: str = ""
    months: int | None = None
    due_entry: date | None = None


@dataclass(frozen=True)
class Known:
    """What the registers say of the child.

    enrolled: on a roster on the first day. transfer: sent elsewhere and not confirmed.
    running: first and last days of its placements without return, with their kinds.
    """

    enrolled: bool
    transfer: bool = False
    running: tuple[tuple[str, date, date], ...] = ()


@dataclass(frozen=True)
class Limits:
    """Values of the county: months of rest that a suspension needs, its longest chain in months,
    calendar days before the end of a deferral by which its renewal is asked for."""

    rest_months: int
    chain_months: int
    renew_days: int


@dataclass(frozen=True)
class Standing:
    """problems: why it cannot be asked for. late: a renewal asked for after its day."""

    problems: list[Reason] = field(default_factory=list)
    late: bool = False


def rule_of(kind: str) -> KindRule | None:
    """The row of a kind; None for what is no lawful placement."""
    return KINDS.get(PlacementKind(kind)) if kind in set(PlacementKind) else None


def why_refused(kind: str) -> Reason:
    """Why a word is no lawful placement."""
    text = REFUSED.get(kind, _("This is no lawful reason not to be in school."))
    return Reason("not_lawful", text, "/kind")


def judge(asked: Asked, known: Known, limits: Limits, today: date) -> Standing:
    """Whether this may be asked for today; every reason at once."""
    rule = rule_of(asked.kind)
    if rule is None:
        return Standing([why_refused(asked.kind)])
    problems = [*_days(asked, rule, known), *_place(asked, rule, known)]
    if not asked.proof.strip():
        problems.insert(0, Reason("no_proof", _("A placement needs a proof."), "/proof"))
    if asked.kind == PlacementKind.SUSPENSION:
        problems += _suspension(asked, known, limits)
    return Standing(problems, _late(asked, known, limits, today))


def missing(asked: Asked) -> list[Reason]:
    """What the form still lacks: it may be completed until the decision, not after it."""
    wanted: list[tuple[str, object, Promise]] = [
        ("applicant", asked.applicant.strip(), _("Say who applies: the guardian's name.")),
        ("reason", asked.reason.strip(), _("A reason in writing is missing.")),
        ("issuer", asked.issuer, _("Say who issued the proof.")),
        (
            "issued_by",
            asked.issued_by.strip(),
            _("Say which hospital, committee or school issued it."),
        ),
    ]
    if asked.kind == PlacementKind.SUSPENSION:
        wanted.append(("months", asked.months, _("Say how many months of rest are certified.")))
    if asked.kind == PlacementKind.DEFERRAL:
        text = _("Say when the child should have entered school.")
        wanted.append(("due_entry", asked.due_entry, text))
    return [Reason(name, text, f"/{name}") for name, value, text in wanted if not value]


def _days(asked: Asked, rule: KindRule, known: Known) -> list[Reason]:
    found = []
    if asked.ends_on < asked.starts_on:
        text = _("The last day lies before the first.")
        found.append(Reason("ends_before_start", text, "/ends_on"))
    if asked.ends_on >= plus_months(asked.starts_on, rule.months):
        text = _("A placement lasts a year at most; it can be renewed.")
        found.append(Reason("too_long", text, "/ends_on"))
    if any(a <= asked.ends_on and asked.starts_on <= b for _kind, a, b in known.running):
        text = _("There is already a placement in this period.")
        found.append(Reason("overlap", text, "/starts_on"))
    return found


def _place(asked: Asked, rule: KindRule, known: Known) -> list[Reason]:
    found = []
    if asked.issuer and asked.issuer not in rule.issuers:
        text = _("For this reason the proof comes from: %(who)s.")
        who = "、".join(str(one.label) for one in Issuer if one in rule.issuers)
        found.append(Reason("issuer", text % {"who": who}, "/issuer"))
    if rule.enrolled is True and not known.enrolled:
        text = _("The child is on no roster: it is enrolled first, or its entry is deferred.")
        found.append(Reason("not_enrolled", text, "/kind"))
    if rule.enrolled is False and known.enrolled:
        text = _("The child is on a roster: after its entry a suspension is asked for.")
        found.append(Reason("enrolled", text, "/kind"))
    return found


def _suspension(asked: Asked, known: Known, limits: Limits) -> list[Reason]:
    found = []
    if asked.months is not None and asked.months < limits.rest_months:
        text = _("A suspension needs a certificate of at least %(months)s months of rest.")
        found.append(Reason("rest", text % {"months": limits.rest_months}, "/months"))
    if known.transfer:
        text = _("The child is being transferred: no suspension until the other side confirms.")
        found.append(Reason("transfer", text, "/kind"))
    first = chain_start(known, PlacementKind.SUSPENSION, asked.starts_on)
    if asked.ends_on >= plus_months(first, limits.chain_months):
        text = _("With its renewals a suspension lasts %(months)s months at most.")
        found.append(Reason("chain", text % {"months": limits.chain_months}, "/ends_on"))
    return found


def chain_start(known: Known, kind: str, starts_on: date) -> date:
    """The first day of the placements of a kind that this one would follow without a gap."""
    first, ends = starts_on, {last: start for of, start, last in known.running if of == kind}
    while (before := ends.get(first - DAY)) is not None:
        first = before
    return first


def _late(asked: Asked, known: Known, limits: Limits, today: date) -> bool:
    """A renewal of a deferral asked for later than the set days before its end (law.md 2.5)."""
    if asked.kind != PlacementKind.DEFERRAL:
        return False
    last = asked.starts_on - DAY
    renews = any(kind == asked.kind and end == last for kind, _first, end in known.running)
    return renews and today > last - timedelta(days=limits.renew_days)
