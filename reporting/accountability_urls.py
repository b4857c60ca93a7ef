"""Addresses of accountability talks and circulars: pages, and the API below /api/v1/."""

from django.urls import path

from reporting.api import circulars as circulars_api
from reporting.api import talks as talks_api
from reporting.views import circulars, talks

urlpatterns = [
    path("talks/", talks.list_of, name="talks"),
    path("talks/new/", talks.call, name="talk_new"),
    path("talks/<uuid:talk_id>/", talks.show, name="talk"),
    path("talks/<uuid:talk_id>/<str:deed>/", talks.step, name="talk_step"),
    path("circulars/", circulars.list_of, name="circulars"),
    path("circulars/new/", circulars.new, name="circular_new"),
    path("circulars/<uuid:circular_id>/", circulars.show, name="circular"),
    path("circulars/<uuid:circular_id>/redraw/", circulars.redraw, name="circular_redraw"),
    path("circulars/<uuid:circular_id>/recipients/", circulars.address, name="circular_address"),
    path("circulars/<uuid:circular_id>/issue/", circulars.issue, name="circular_issue"),
    path("circulars/<uuid:circular_id>/drop/", circulars.drop, name="circular_drop"),
    path("circulars/<uuid:circular_id>/sign/", circulars.sign, name="circular_sign"),
]
api_urlpatterns = [
    path("talks/", talks_api.Talks.as_view(), name="api_talks"),
    path("talks/<uuid:talk_id>/", talks_api.OneTalk.as_view(), name="api_talk"),
    path("talks/<uuid:talk_id>/steps/", talks_api.TalkSteps.as_view(), name="api_talk_steps"),
    path("circulars/", circulars_api.Circulars.as_view(), name="api_circulars"),
    path("circulars/<uuid:circular_id>/", circulars_api.OneCircular.as_view(), name="api_circular"),
    path(
        "circulars/<uuid:circular_id>/redraw/",
        circulars_api.CircularRedraw.as_view(),
        name="api_circular_redraw",
    ),
    path(
        "circulars/<uuid:circular_id>/recipients/",
        circulars_api.CircularAddress.as_view(),
        name="api_circular_address",
    ),
    path(
        "circulars/<uuid:circular_id>/issue/",
        circulars_api.CircularIssue.as_view(),
        name="api_circular_issue",
    ),
    path(
        "circulars/<uuid:circular_id>/drop/",
        circulars_api.CircularDrop.as_view(),
        name="api_circular_drop",
    ),
    path(
        "circulars/<uuid:circular_id>/sign/",
        circulars_api.CircularSign.as_view(),
        name="api_circular_sign",
    ),
]
