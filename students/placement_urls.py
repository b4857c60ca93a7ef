"""Addresses of lawful absence and of teaching at home."""

from django.urls import path

from students.views import away, changes, home_teaching, placements

urlpatterns = [
    path("students/<uuid:student_id>/placement/", placements.placement, name="student_placement"),
    path(
        "students/<uuid:student_id>/placements/<uuid:placement_id>/returned/",
        changes.returned,
        name="placement_returned",
    ),
    path("placements/", away.away, name="away"),
    path("placements/print/", away.away_print, name="away_print"),
    path(
        "placements/applications/<uuid:application_id>/",
        placements.application,
        name="placement_application",
    ),
    path(
        "placements/applications/<uuid:application_id>/print/",
        placements.application_print,
        name="application_print",
    ),
    path(
        "placements/applications/<uuid:application_id>/complete/",
        placements.complete,
        name="application_complete",
    ),
    path(
        "placements/applications/<uuid:application_id>/withdraw/",
        placements.withdraw,
        name="application_withdraw",
    ),
    path(
        "placements/applications/<uuid:application_id>/file/",
        placements.application_file,
        name="application_file",
    ),
    path(
        "placements/applications/<uuid:application_id>/<slug:act>/",
        placements.decide,
        name="application_decide",
    ),
    path("students/<uuid:student_id>/home-teaching/", home_teaching.make, name="home_plan_make"),
    path("home-teaching/", home_teaching.plans, name="home_plans"),
    path("home-teaching/<uuid:plan_id>/", home_teaching.plan, name="home_plan"),
    path("home-teaching/<uuid:plan_id>/session/", home_teaching.session, name="home_session"),
    path(
        "home-teaching/<uuid:plan_id>/sessions/<uuid:session_id>/cancel/",
        home_teaching.cancel,
        name="home_session_cancel",
    ),
    path("home-teaching/<uuid:plan_id>/quality/", home_teaching.quality, name="home_quality"),
    path("home-teaching/<uuid:plan_id>/print/", home_teaching.log_print, name="home_log_print"),
    path(
        "home-teaching/<uuid:plan_id>/files/<uuid:file_id>/",
        home_teaching.home_file,
        name="home_file",
    ),
]
