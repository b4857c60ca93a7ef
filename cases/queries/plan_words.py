"""Plan and help on the timeline: what the events of both are called, and what they say."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.rules import masking
from cases.rules.assistance import AssistanceKind
from cases.rules.plan import Effect

TITLES: dict[str, str | Promise] = {
    "plan_written": gettext_lazy("Plan written"),
    "plan_approved": gettext_lazy("Plan approved"),
    "plan_reviewed": gettext_lazy("Plan reviewed"),
    "measure_done": gettext_lazy("Measure carried out"),
    "measure_dropped": gettext_lazy("Measure dropped"),
    "assistance": gettext_lazy("Help given"),
    "assistance_ended": gettext_lazy("Help ended"),
    "assistance_taken_back": gettext_lazy("Record of help taken back"),
}


def said(action: str, detail: dict[str, Any]) -> list[str]:
    """The detail of an event of a plan or of help in words; nothing for any other event."""
    if action not in TITLES:
        return []
    return [masking.free_text(text) for text in _words(action, detail) if text]


def _words(action: str, detail: dict[str, Any]) -> Iterator[str]:
    if action == "plan_written":
        number = detail["causes"]
        yield ngettext("%(n)s cause", "%(n)s causes", number) % {"n": number}
    elif action == "plan_approved":
        yield from (cause["name"] for cause in detail["plan"]["causes"])
    elif action == "plan_reviewed":
        yield from (_result(one) for one in detail["effects"])
        yield _("next review on %(day)s") % {"day": detail["next_on"]}
    elif action.startswith("measure"):
        yield _result(detail)
    else:
        yield str(AssistanceKind(detail["kind"]).label)
        yield detail["giver"]
        if detail["amount"]:
            yield _("%(amount)s yuan") % {"amount": f"{Decimal(detail['amount']):,}"}


def _result(one: dict[str, Any]) -> str:
    effect = Effect(one["effect"]).label if one.get("effect") else ""
    return f"{one['what']} · {effect}" if effect else one["what"]
