"""Who holds which post, and the end of a post."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import NotVisible
from agencies.models import Post
from agencies.rules.duties import Duty
from agencies.services import audit
from agencies.services import posts as services
from agencies.views.base import PageRequest, needs

MOST = 200


@needs(Duty.MANAGE_POSTS)
def posts(request: PageRequest) -> HttpResponse:
    """The posts in force, searched by agency or person."""
    q = request.GET.get("q", "").strip()
    rows = Post.objects.held_on(request.scope.on).filter(county_id=request.scope.county_id)
    if q:
        rows = rows.filter(agency__name__contains=q) | rows.filter(user__name__contains=q)
    rows = rows.select_related("user", "agency").order_by("agency__kind", "agency__name", "pk")
    found = list(rows[: MOST + 1])
    context = {"posts": found[:MOST], "q": q, "more": len(found) > MOST}
    return render(request, "agencies/posts.html", context)


@require_POST
@needs(Duty.MANAGE_POSTS)
def relieve(request: PageRequest, post_id: UUID) -> HttpResponse:
    """The post ends today; the seats that it held are empty from tomorrow."""
    post = (
        Post.objects.held_on(request.scope.on)
        .filter(public_id=post_id, county_id=request.scope.county_id)
        .first()
    )
    if post is None:
        raise NotVisible
    services.relieve(post, request.scope.on)
    audit.record(request.scope, "post.relieve", f"post:{post_id}", now=clock.now())
    messages.success(request, _("The post ends today."))
    return redirect("posts")
