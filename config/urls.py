"""All addresses: pages of the four apps, the API below /api/v1/, health."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from agencies.api import urls as agencies_api
from cases.api import urls as cases_api
from config import health, problems, schema  # noqa: F401 the schema module registers itself
from config.demo_clock import demo_clock
from config.metrics import metrics
from reporting.urls import api_urlpatterns as reporting_api
from students.api import urls as students_api

api = [
    *agencies_api.urlpatterns,
    *students_api.urlpatterns,
    *cases_api.urlpatterns,
    *reporting_api,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    re_path("^(?P<path>.*)$", login_not_required(problems.not_found)),
]

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("health/status", health.work, name="health_status"),
    path("metrics", metrics, name="metrics"),
    path("status/", health.status, name="status"),
    path("status/letters/<uuid:delivery_id>/", health.letter, name="dead_letter"),
    path("demo/clock/", demo_clock, name="demo_clock"),
    path("api/v1/", include(api)),
    path("", include("agencies.urls")),
    path("", include("students.urls")),
    path("", include("cases.urls")),
    path("", include("reporting.urls")),
]

handler500 = "config.unavailable.failed"
