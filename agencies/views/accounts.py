"""A new post, with a new account where the person has none; and one's own password."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from agencies import clock
from agencies.errors import DomainError, Reason
from agencies.forms import PostForm
from agencies.rules.duties import Duty
from agencies.services import accounts, audit
from agencies.services.accounts import NewPost
from agencies.views.base import PageRequest, needs

REFUSED = 422


@needs(Duty.MANAGE_POSTS)
def post_new(request: PageRequest) -> HttpResponse:
    """Appoint a person. The password of a new account is on the answer and nowhere else."""
    form = PostForm(request.POST or None, initial={"starts_on": request.scope.on})
    reasons: Sequence[Reason] = ()
    if request.method == "POST" and form.is_valid():
        try:
            post, password = accounts.enter(
                request.scope, NewPost(**form.cleaned_data), clock.now()
            )
            if password:
                made = {"post": post, "password": password}
                return render(request, "agencies/account_made.html", made)
            messages.success(request, _("The post is entered."))
            return redirect("posts")
        except DomainError as refused:
            reasons = refused.reasons
    status = REFUSED if reasons or form.errors else 200
    context = {"form": form, "reasons": reasons}
    return render(request, "agencies/post_form.html", context, status=status)


class PasswordChange(PasswordChangeView):
    """Everybody changes the own password, knowing the old one."""

    duty = None
    request: PageRequest
    success_url = reverse_lazy("home")
    template_name = "registration/password_change.html"

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        scope = self.request.scope
        audit.record(scope, "password.change", f"user:{form.user.public_id}", now=clock.now())
        messages.success(self.request, _("The password is changed."))
        return response

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=REFUSED)
