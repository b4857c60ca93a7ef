"""Addresses of the rates and of the alerts: pages, and the API below /api/v1/."""

from django.urls import path

from reporting.api import alerts as alerts_api
from reporting.api import rate_check, rate_entries
from reporting.api import rates as rates_api
from reporting.views import alerts, rates
from reporting.views import rate_entries as entry_pages

urlpatterns = [
    path("rates/", rates.show, name="rates"),
    path("rates/children/", rates.children, name="rate_children"),
    path("rates/parts/", rates.parts, name="rate_parts"),
    path("rates/entries/", entry_pages.show, name="rate_entries"),
    path("rates/entries/values/", entry_pages.enter, name="rate_enter"),
    path("rates/entries/targets/", entry_pages.set_target, name="rate_target"),
    path("rates/entries/values/<uuid:entry_id>/", entry_pages.take_out_value, name="value_out"),
    path("rates/entries/targets/<uuid:entry_id>/", entry_pages.take_out_target, name="target_out"),
    path("alerts/", alerts.list_of, name="alerts"),
    path("alerts/<uuid:alert_id>/", alerts.show, name="alert"),
]
api_urlpatterns = [
    path("rates/", rates_api.Rates.as_view(), name="api_rates"),
    path("rates/children/", rates_api.RateChildren.as_view(), name="api_rate_children"),
    path("rates/parts/", rates_api.RateParts.as_view(), name="api_rate_parts"),
    path("rates/check/", rate_check.RateCheck.as_view(), name="api_rate_check"),
    path("rates/values/", rate_entries.YearlyValues.as_view(), name="api_yearly_values"),
    path(
        "rates/values/<uuid:entry_id>/take-out/",
        rate_entries.TakeOutValue.as_view(),
        name="api_value_take_out",
    ),
    path("rates/targets/", rate_entries.RateTargets.as_view(), name="api_rate_targets"),
    path(
        "rates/targets/<uuid:entry_id>/take-out/",
        rate_entries.TakeOutTarget.as_view(),
        name="api_target_take_out",
    ),
    path("alerts/", alerts_api.Alerts.as_view(), name="api_alerts"),
    path("alerts/<uuid:alert_id>/", alerts_api.OneAlert.as_view(), name="api_alert"),
]
