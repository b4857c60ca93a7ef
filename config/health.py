"""Liveness, readiness, and whether the work gets done: for machines, and a page for people."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error, connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from redis.exceptions import RedisError

from agencies import clock
from agencies.models import Delivery, DeliveryAttempt
from agencies.rules.duties import Duty
from agencies.services import dead_letters
from agencies.views.base import PageRequest, needs
from config.gauges import Gauge, gauges

MOST_LETTERS = 50


@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """503 with the names of what does not answer, and nothing more."""
    answers = {"database": _database(), "redis": _redis()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


@login_not_required
def work(request: HttpRequest) -> JsonResponse:
    """Every gauge with its value and limit; 503 when one is past it. For a watch from outside."""
    try:
        found = gauges(clock.now())
    except Error:
        return JsonResponse({"ok": False, "gauges": [], "database": False}, status=503)
    good = all(gauge.ok for gauge in found)
    body = {"ok": good, "gauges": [_shown(gauge) for gauge in found]}
    return JsonResponse(body, status=200 if good else 503)


def _shown(gauge: Gauge) -> dict[str, object]:
    return {
        "name": gauge.name,
        "value": gauge.value,
        "limit": gauge.limit,
        "unit": gauge.unit,
        "watched": gauge.watched,
        "ok": gauge.ok,
    }


@needs(Duty.SEE_STATUS)
def status(request: PageRequest) -> HttpResponse:
    """The same for people, and the messages that were given up."""
    found = gauges(clock.now())
    tasks = [gauge for gauge in found if gauge.name.startswith("task:")]
    context = {
        "gauges": [gauge for gauge in found if gauge not in tasks],
        "tasks": tasks,
        "good": all(gauge.ok for gauge in found),
        "letters": _letters(request.scope.county_id),
    }
    return render(request, "status.html", context)


def _letters(county_id: int) -> QuerySet[Delivery]:
    """The newest messages that were given up, with what the last try answered."""
    last = DeliveryAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    rows = Delivery.objects.filter(notice__county=county_id, state=Delivery.State.DEAD)
    rows = rows.select_related("notice", "user", "target__agency")
    return rows.annotate(said=Subquery(last.values("status")[:1])).order_by("-pk")[:MOST_LETTERS]


@require_POST
@needs(Duty.SEE_STATUS)
def letter(request: PageRequest, delivery_id: UUID) -> HttpResponse:
    """Try a message again, or set it aside."""
    if request.POST.get("act") == "again":
        dead_letters.try_again(request.scope, delivery_id, clock.now())
        messages.success(request, _("The message is tried again."))
    else:
        dead_letters.set_aside(request.scope, delivery_id, clock.now())
        messages.success(request, _("The message is set aside."))
    return redirect("status")


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT show_trgm('张三') <> '{}'")
            return bool(cursor.fetchone()[0])
    except Error:
        return False


def _redis() -> bool:
    try:
        cache.set("health", 1, 10)
        return cache.get("health") == 1
    except RedisError:
        return False
