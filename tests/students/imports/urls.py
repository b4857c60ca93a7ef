"""The addresses of the roster import beside all others."""

from django.urls import path

from config.urls import urlpatterns as others
from students.api import imports as api
from students.views import imports as pages

urlpatterns = [
    path("api/v1/imports/rosters/", api.Rosters.as_view(), name="api_imports"),
    path("api/v1/imports/rosters/<uuid:job_id>/", api.Roster.as_view(), name="api_import"),
    path("api/v1/imports/rosters/<uuid:job_id>/apply/", api.ApplyRoster.as_view()),
    path("api/v1/imports/rosters/<uuid:job_id>/undo/", api.UndoRoster.as_view()),
    path("imports/", pages.imports, name="imports"),
    path("imports/<uuid:job_id>/", pages.result, name="import_result"),
    path("imports/<uuid:job_id>/rows/", pages.rows, name="import_rows"),
    path("imports/<uuid:job_id>/progress/", pages.progress, name="import_progress"),
    path("imports/<uuid:job_id>/errors.xlsx", pages.error_file, name="import_errors"),
    path("imports/<uuid:job_id>/apply/", pages.apply, name="import_apply"),
    path("imports/<uuid:job_id>/undo/", pages.undo, name="import_undo"),
    path("roster-questions/", pages.questions, name="roster_questions"),
    *others,
]
