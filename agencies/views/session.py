"""Language, and the first page of each person."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from agencies.rules.duties import Duty
from agencies.views.base import PageRequest, needs

A_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
@needs(None)
def language(request: PageRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to the page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response


class Login(LoginView):
    """Log in; a demonstration shows its accounts, which are invented like everybody in it."""

    redirect_authenticated_user = True
    duty = None

    def get_form(self, form_class: type[AuthenticationForm] | None = None) -> AuthenticationForm:
        """The model's field has no name in two languages: Django would show "Username"."""
        form = super().get_form(form_class)
        form.fields["username"].label = _("User name")
        return form

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), "accounts": demo_accounts()}


def demo_accounts() -> list[dict[str, str]]:
    """The logins that the demonstration wrote down, or none."""
    file = settings.DEMO_ACCOUNTS_FILE
    if file is None or not file.exists():
        return []
    return json.loads(file.read_text(encoding="utf-8"))["accounts"]


@needs(None)
def home(request: PageRequest) -> HttpResponse:
    """A class teacher's home is today's roll; that of other agencies, what they were asked;
    everybody else's is the work list."""
    scope = request.scope
    if scope.class_post_ids and scope.may(Duty.TAKE_ROLL):
        return redirect("roll_today")
    if scope.may(Duty.ANSWER_REQUEST):
        return redirect("requests")
    if scope.may(Duty.SEE_CASES):
        return redirect("worklist")
    return render(request, "agencies/home.html", {})
