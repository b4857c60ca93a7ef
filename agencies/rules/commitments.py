"""What a body puts in writing about its responsibility, and what publicity it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.errors import Reason
from agencies.rules.duties import AgencyKind

MOST_FILES = 9
MOST_COPIES = 20_000  # more households sign in no school
MOST_REACH = 5_000_000


class CommitmentKind(TextChoices):
    GROUP = "group", _("leading group")
    LETTER = "letter", _("responsibility letter")
    PLAN = "plan", _("work plan")
    RULES = "rules", _("village rules")


class Side(TextChoices):
    """The four sides of S1-10: whose responsibility a letter fixes."""

    GOVERNMENT = "government", _("government")
    DEPARTMENT = "department", _("department")
    SCHOOL = "school", _("school")
    PARENTS = "parents", _("parents")


class Role(TextChoices):
    """The chain of S1-66, from the first leader down."""

    FIRST = "first", _("first leader (head of the group)")
    IN_CHARGE = "in_charge", _("leader in charge (deputy head)")
    MEMBER = "member", _("member")
    OFFICE = "office", _("office of the group")


class Channel(TextChoices):
    MEETING = "meeting", _("lecture or meeting")
    STREET = "street", _("stand in the street or market")
    LEAFLET = "leaflet", _("leaflets and posters")
    BROADCAST = "broadcast", _("loudspeaker, radio or television")
    ONLINE = "online", _("online")
    DOOR = "door", _("from door to door")


class Statute(TextChoices):
    """The laws that S1-76 and S2-28 name, and what else the publicity is about."""

    COMPULSORY = "compulsory", _("Compulsory Education Law")
    EDUCATION = "education", _("Education Law")
    MINORS = "minors", _("Law on the Protection of Minors")
    PROVINCE = "province", _("regulations of the province on compulsory education")
    FAMILY = "family", _("Family Education Promotion Law")
    VALUE = "value", _("the value of study")


DEPARTMENTS = frozenset(AgencyKind) - {
    AgencyKind.BUREAU, AgencyKind.TOWNSHIP, AgencyKind.VILLAGE, AgencyKind.SCHOOL,
    AgencyKind.COUNTY,
}  # fmt: skip
LEADING = frozenset({AgencyKind.TOWNSHIP, AgencyKind.BUREAU, AgencyKind.SCHOOL})
# Which kinds of bodies owe which: what is missing elsewhere is no gap.
OWED_BY: dict[CommitmentKind, frozenset[AgencyKind]] = {
    CommitmentKind.GROUP: LEADING,  # S1-66, S2-20, S2-21
    CommitmentKind.LETTER: LEADING | DEPARTMENTS,  # S1-10
    CommitmentKind.PLAN: frozenset({AgencyKind.TOWNSHIP, AgencyKind.BUREAU}),  # S2-22
    CommitmentKind.RULES: frozenset({AgencyKind.VILLAGE}),  # S1-11
}
PUBLICITY_BY = LEADING | {AgencyKind.JUSTICE}  # S1-27, S1-76, S2-28, S2-36
YEARLY = frozenset({CommitmentKind.LETTER, CommitmentKind.PLAN})


@dataclass(frozen=True)
class Written:
    """A paper as it is filed. year: of a letter or plan, None of what stands until it is ended.

    copies: how many signed the same letter, as the households of a school do.
    """

    kind: CommitmentKind
    title: str
    signed_on: date
    year: int | None = None
    side: str = ""
    signer: str = ""
    copies: int = 1
    published_on: date | None = None
    published_where: str = ""


def problems(written: Written, body: AgencyKind, today: date) -> list[Reason]:
    """Everything that is missing or cannot be."""
    found = [reason for wrong, reason in _checks(written, body, today) if wrong]
    if written.kind is CommitmentKind.LETTER:
        found += _of_letter(written)
    if written.kind is CommitmentKind.PLAN:
        found += _of_plan(written, today)
    return found


def _checks(written: Written, body: AgencyKind, today: date) -> Sequence[tuple[bool, Reason]]:
    yearly = written.kind in YEARLY
    near = written.year is not None and abs(written.year - written.signed_on.year) > 1
    return (
        (written.kind is CommitmentKind.RULES and body is not AgencyKind.VILLAGE,
         Reason("kind", _("Village rules are those of a village."), "/kind")),
        (not written.title.strip(), Reason("title", _("The title is missing."), "/title")),
        (written.signed_on > today, _future("signed_on")),
        (yearly and written.year is None, Reason("year", _("For which year?"), "/year")),
        (not yearly and written.year is not None,
         Reason("year", _("This stands until it is ended, not for a year."), "/year")),
        (near, Reason("year", _("The year lies far from the day of signature."), "/year")),
    )  # fmt: skip


def _of_letter(written: Written) -> list[Reason]:
    found = []
    if written.side not in Side.values:
        found.append(Reason("side", _("Whose responsibility does it fix?"), "/side"))
    if not written.signer.strip():
        found.append(Reason("signer", _("Who signed it, in which post?"), "/signer"))
    if not 1 <= written.copies <= MOST_COPIES:
        found.append(Reason("copies", _("How many signed it cannot be right."), "/copies"))
    elif written.copies > 1 and written.side != Side.PARENTS:
        text = _("Only letters of parents are counted; others are filed one by one.")
        found.append(Reason("copies", text, "/copies"))
    return found


def _of_plan(written: Written, today: date) -> list[Reason]:
    on = written.published_on
    if on is None:
        missing = bool(written.published_where.strip())
        text = _("When was it published?")
        return [Reason("published_on", text, "/published_on")] if missing else []
    found = []
    if not written.published_where.strip():
        found.append(Reason("published_where", _("Where was it published?"), "/published_where"))
    if on < written.signed_on:
        text = _("It cannot be published before it is adopted.")
        found.append(Reason("published_on", text, "/published_on"))
    if on > today:
        found.append(_future("published_on"))
    return found


def publicity_problems(on: date, today: date, reach: int, statutes: Sequence[str]) -> list[Reason]:
    """What cannot be in an entry of the publicity log. reach: people, as the body counted them."""
    found = []
    if on > today:
        found.append(_future("on"))
    if not 0 <= reach <= MOST_REACH:
        found.append(Reason("reach", _("The number of people cannot be right."), "/reach"))
    if not statutes or not set(statutes) <= set(Statute.values):
        found.append(Reason("statutes", _("What was it about?"), "/statutes"))
    return found


def _future(field: str) -> Reason:
    return Reason(field, _("This day has not come yet."), f"/{field}")


def period_problem(starts_on: date, ends_on: date) -> list[Reason]:
    """Of a paper or a member: nothing ends before it begins."""
    text: Promise = _("The last day lies before the first.")
    return [Reason("ends_on", text, "/ends_on")] if ends_on < starts_on else []
