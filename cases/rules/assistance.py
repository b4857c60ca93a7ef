"""Help that a household gets (S1-06, S1-25): kinds, and what a record of it has to say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.errors import Reason


class AssistanceKind(TextChoices):
    MONEY = "money", _("money")
    BOARDING = "boarding", _("boarding")
    MEALS = "meals", _("meals")
    TUTORING = "tutoring", _("tutoring")
    TRANSPORT = "transport", _("transport")
    CIVIL_AFFAIRS = "civil_affairs", _("aid by civil affairs")
    FINANCE = "finance", _("aid by finance")
    MATERIAL = "material", _("books, clothes and other things")
    COUNSELLING = "counselling", _("counselling")
    OTHER = "other", pgettext_lazy("assistance", "other help")


MOST = Decimal("9999999.99")


@dataclass(frozen=True)
class Given:
    """Help as somebody writes it down. giver: id of an agency, or giver_name of anybody else.

    amount: yuan, None where it is not money; ends_on: None while it goes on.
    """

    kind: str
    what: str
    starts_on: date
    giver: str = ""
    giver_name: str = ""
    amount: Decimal | None = None
    ends_on: date | None = None


def problems(given: Given) -> list[Reason]:
    """Every reason why this record says too little, or what cannot be."""
    return [*_who_and_what(given), *_amount(given), *_period(given.starts_on, given.ends_on)]


def _who_and_what(given: Given) -> Iterator[Reason]:
    if given.kind not in set(AssistanceKind):
        yield Reason("kind", _("There is no such kind of help."), "/kind")
    if not given.what.strip():
        yield Reason("what", _("Say what was given."), "/what")
    if bool(given.giver) is bool(given.giver_name.strip()):
        text = _("Name who gave it: an agency of the list, or somebody else by name.")
        yield Reason("giver", text, "/giver")


def _amount(given: Given) -> Iterator[Reason]:
    if given.amount is None:
        if given.kind == AssistanceKind.MONEY:
            yield Reason("amount", _("The amount of the money is missing."), "/amount")
    elif given.amount <= 0:
        yield Reason("amount", _("The amount must be more than 0 yuan."), "/amount")
    elif given.amount > MOST:
        yield Reason("amount", _("The amount is too large."), "/amount")


def _period(starts_on: date, ends_on: date | None) -> Iterator[Reason]:
    if ends_on is not None and ends_on < starts_on:
        yield Reason("ends_on", _("The last day lies before the first."), "/ends_on")


def end_problem(starts_on: date, ends_on: date) -> Reason | None:
    return next(_period(starts_on, ends_on), None)
