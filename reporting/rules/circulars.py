"""Circulars (通报): figures of units drawn from the rows, frozen at issue.

Sources: wencheng-2019 四(二) S1-69; qinshui-2020 四3 S2-50. A draft whose figures changed after
they were drawn is drawn again before it is issued. Units stand in the official order: no ranking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.errors import Reason

CLAUSE = "S1-69"
Row = Mapping[str, object]
TOLD = ("numerator", "denominator", "line", "above")  # a line that moved makes the text wrong too


class CircularState(TextChoices):
    DRAFT = "draft", pgettext_lazy("circular", "draft")
    ISSUED = "issued", pgettext_lazy("circular", "issued")
    DROPPED = "dropped", pgettext_lazy("circular", "dropped")


class RecipientGroup(TextChoices):
    """Many recipients as one choice. units: the bodies of the units whose figures stand in it."""

    TOWNSHIPS = "townships", _("all townships")
    SCHOOLS = "schools", _("all schools")
    UNITS = "units", _("those whose figures stand in it")


@dataclass(frozen=True)
class Difference:
    """A figure that was drawn and is another one now. None: it was not there, or is no more."""

    name: str
    stage: str
    drawn: Row | None
    now: Row | None


def differences(drawn: Sequence[Row], now: Sequence[Row]) -> list[Difference]:
    """What changed in heads or against the line, in the order drawn, then what is new."""
    then, today = _by_unit(drawn), _by_unit(now)
    return [
        Difference(
            name=_name(then, today, key), stage=key[2], drawn=then.get(key), now=today.get(key)
        )
        for key in [*then, *(key for key in today if key not in then)]
        if _told(then.get(key)) != _told(today.get(key))
    ]


Key = tuple[str, str, str]


def _by_unit(rows: Sequence[Row]) -> dict[Key, Row]:
    return {(str(row["unit"]), str(row["key"]), str(row["stage"])): row for row in rows}


def _name(then: dict[Key, Row], today: dict[Key, Row], key: Key) -> str:
    return str((then.get(key) or today[key])["name"])


def _told(row: Row | None) -> tuple[object, ...] | None:
    return None if row is None else tuple(row[name] for name in TOLD)


def problems(title: str, text: str, units: int, recipients: int) -> list[Reason]:
    found = []
    for value, pointer in ((title, "/title"), (text, "/text")):
        if not value.strip():
            found.append(Reason("missing", _("This is missing."), pointer))
    if not units:
        found.append(Reason("units", _("Choose the units of which it tells."), "/units"))
    if not recipients:
        found.append(Reason("recipients", _("There is nobody to send it to."), "/recipients"))
    return found


def changed(count: int) -> Reason:
    text = _(
        "Figures have changed since they were drawn: %(count)s. Draw them again, and read the"
        " text once more."
    )
    return Reason("changed", text % {"count": count}, "/figures")
