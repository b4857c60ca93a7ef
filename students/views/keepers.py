"""Who keeps the restricted ledgers of an agency: its leader names them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import NotPossible
from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs
from students.ledger_forms import KeeperForm
from students.queries import ledgers as queries
from students.rules.ledgers import Ledger
from students.services import ledgers


@needs(Duty.NAME_KEEPERS)
def keepers(request: PageRequest) -> HttpResponse:
    """The keepers, and a form for one more."""
    scope = request.scope
    form = KeeperForm(request.POST or None, posts=queries.can_be_named(scope))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            ledgers.name_keeper(scope, given["post"], Ledger(given["ledger"]), clock.now())
        except NotPossible as refused:
            form.add_error("post", str(refused.reasons[0].text))
        else:
            messages.success(request, _("The keeper is named."))
            return redirect("ledger_keepers")
    context = {
        "form": form,
        "rows": queries.keepers(scope),
        "keeps": bool(queries.kept_by(scope)),
    }
    status = 422 if form.errors else 200
    return render(request, "students/ledger_keepers.html", context, status=status)


@require_POST
@needs(Duty.NAME_KEEPERS)
def end(request: PageRequest, keeper_id: UUID) -> HttpResponse:
    """The post keeps the ledger no more."""
    ledgers.end_keeper(request.scope, keeper_id, clock.now())
    messages.success(request, _("The post keeps the ledger no more."))
    return redirect("ledger_keepers")
