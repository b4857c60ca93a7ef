"""Questions to the bureau about visits: what is behind each, and the answer it was given."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.errors import DomainError, Reason, Text
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.views.base import PageRequest, needs
from cases.forms import AnswerForm
from cases.queries import signals
from cases.queries.signals import Asked
from cases.rules.signals import SignalKind
from cases.services import signals as service
from cases.services.signals import Told

REFUSED, MOST = 422, 100
# What can stand behind it without anybody having made anything up.
PERHAPS: dict[SignalKind, Text] = {
    SignalKind.MANY: _("Perhaps one gathering was written down door by door, or the time is off."),
    SignalKind.SAME_TEXT: _("Perhaps one message went to several homes, or a text was copied."),
    SignalKind.TWO_PLACES: _("Perhaps the homes stand close together, or the time is off."),
    SignalKind.SAME_PHOTO: _("Perhaps one photo shows several children, or a file was mixed up."),
}


@needs(Duty.SEE_SIGNALS)
def show(request: PageRequest) -> HttpResponse:
    """What is open comes first; what was answered is folded away."""
    now = clock.now()
    reasons: Sequence[Reason] = ()
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.answer(request.scope, Told(**form.cleaned_data), now)
            return redirect("questions")
        except DomainError as refused:
            reasons = refused.reasons or [Reason("gone", _("This question has changed meanwhile."))]
    elif wrong := form.errors.get("kind") or form.errors.get("visits"):
        reasons = [Reason("question", str(wrong[0]))]  # of hidden fields nobody sees the error
    found = signals.asked(request.scope, now)
    waiting = [one for one in found if one.answer is None]
    audit.record(request.scope, "signals.read", "visits", now=now, shown=len(found))
    context = {
        "waiting": [_shown(one, form) for one in waiting[:MOST]],
        "answered": [_shown(one, form) for one in found if one.answer][:MOST],
        "more": len(waiting) > MOST,
        "reasons": reasons,
    }
    status = REFUSED if reasons or form.errors else 200
    return render(request, "cases/questions.html", context, status=status)


def _shown(one: Asked, sent: AnswerForm) -> dict[str, object]:
    """The form stays as it was typed at the question for which it was sent."""
    ids = ",".join(map(str, one.visit_ids))
    mine = sent.data.get("kind") == one.kind and sent.data.get("visits") == ids
    kept = one.answer
    initial = {
        "kind": one.kind,
        "visits": ids,
        "answer": kept.answer if kept else None,
        "reason": kept.reason if kept else "",
    }
    return {
        "label": one.kind.label,
        "perhaps": PERHAPS[one.kind],
        "visits": one.visits,
        "answer": kept,
        "form": sent
        if mine
        else AnswerForm(initial=initial, auto_id=f"id_{one.kind}_{ids[:36]}_%s"),
    }
