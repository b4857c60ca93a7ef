"""/metrics: the gauges and a few counts as Prometheus text; nothing of any person."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from agencies import clock
from agencies.models import Delivery, Obligation, TaskRun
from config.gauges import gauges


class Counts(Collector):
    """One reading of everything, made when it is asked for."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self._gauges()
        yield self._obligations()
        yield self._deliveries()
        yield from self._tasks()

    def _gauges(self) -> Iterator[GaugeMetricFamily]:
        value = GaugeMetricFamily("nol_gauge", "What is watched", labels=["name", "unit"])
        in_order = GaugeMetricFamily("nol_gauge_ok", "1: within its limit", labels=["name"])
        for gauge in gauges(self.now):
            if gauge.value is not None:
                value.add_metric([gauge.name, gauge.unit], gauge.value)
            in_order.add_metric([gauge.name], float(gauge.ok))
        yield value
        yield in_order

    def _obligations(self) -> GaugeMetricFamily:
        found = GaugeMetricFamily("nol_obligations", "Open obligations", labels=["kind", "state"])
        late = Q(pk__in=Obligation.objects.overdue(self.now).values("pk"))
        rows = Obligation.objects.open().values("kind")
        for row in rows.annotate(n=Count("pk"), late=Count("pk", filter=late)).order_by("kind"):
            found.add_metric([row["kind"], "overdue"], row["late"])
            found.add_metric([row["kind"], "open"], row["n"] - row["late"])
        return found

    def _deliveries(self) -> GaugeMetricFamily:
        found = GaugeMetricFamily("nol_messages", "Messages", labels=["channel", "state"])
        rows = Delivery.objects.values("channel", "state").annotate(n=Count("pk"))
        for row in rows.order_by("channel", "state"):
            found.add_metric([row["channel"], row["state"]], row["n"])
        return found

    def _tasks(self) -> Iterator[GaugeMetricFamily]:
        success = GaugeMetricFamily("nol_task_success_time", "Last success", labels=["task"])
        seconds = GaugeMetricFamily("nol_task_seconds", "How long it took", labels=["task"])
        failures = GaugeMetricFamily("nol_task_failures", "Failures since then", labels=["task"])
        for run in TaskRun.objects.order_by("name"):
            if run.succeeded_at:
                success.add_metric([run.name], run.succeeded_at.timestamp())
            seconds.add_metric([run.name], run.seconds)
            failures.add_metric([run.name], run.failures)
        yield from (success, seconds, failures)


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """For who brings the bearer token, or asks from an address of the settings. Else 404."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Counts(clock.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    """What a proxy passes on comes from anywhere: then only the token counts."""
    given = request.headers.get("Authorization", "")
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(given, f"Bearer {token}"):
        return True
    passed_on = "X-Forwarded-For" in request.headers or "X-Forwarded-Proto" in request.headers
    return not passed_on and request.META.get("REMOTE_ADDR") in settings.METRICS_ALLOW
