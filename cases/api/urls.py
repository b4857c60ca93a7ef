from django.urls import path

from cases.api import cases, children, visits

urlpatterns = [
    path("students/", children.Children.as_view(), name="api_students"),
    path("students/<uuid:student_id>/", children.OneChild.as_view(), name="api_student"),
    path("cases/", cases.Cases.as_view(), name="api_cases"),
    path("cases/<uuid:case_id>/", cases.OneCase.as_view(), name="api_case"),
    path("cases/<uuid:case_id>/team/", cases.CaseTeam.as_view(), name="api_case_team"),
    path("cases/<uuid:case_id>/visits/", visits.Visits.as_view(), name="api_case_visits"),
    path(
        "cases/<uuid:case_id>/actions/<slug:action>/",
        visits.CaseAction.as_view(),
        name="api_case_action",
    ),
]
