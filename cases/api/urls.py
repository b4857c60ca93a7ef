from django.urls import path

from cases.api import cases, children, team, tips, visits

urlpatterns = [
    path("students/", children.Children.as_view(), name="api_students"),
    path("students/<uuid:student_id>/", children.OneChild.as_view(), name="api_student"),
    path("cases/", cases.Cases.as_view(), name="api_cases"),
    path("cases/<uuid:case_id>/", cases.OneCase.as_view(), name="api_case"),
    path("cases/<uuid:case_id>/team/", team.CaseTeam.as_view(), name="api_case_team"),
    path(
        "cases/<uuid:case_id>/team/history/",
        team.TeamHistory.as_view(),
        name="api_case_team_history",
    ),
    path("cases/<uuid:case_id>/catch-up/", team.CatchUp.as_view(), name="api_case_catch_up"),
    path("cases/<uuid:case_id>/visits/", visits.Visits.as_view(), name="api_case_visits"),
    path(
        "cases/<uuid:case_id>/visits/<uuid:visit_id>/photos/",
        visits.VisitPhotos.as_view(),
        name="api_visit_photos",
    ),
    path(
        "cases/<uuid:case_id>/actions/<slug:action>/",
        visits.CaseAction.as_view(),
        name="api_case_action",
    ),
    path("tips/", tips.Tips.as_view(), name="api_tips"),
    path("tips/<uuid:tip_id>/", tips.OneTip.as_view(), name="api_tip"),
    path("tips/<uuid:tip_id>/contact/", tips.TipContact.as_view(), name="api_tip_contact"),
    path(
        "tips/<uuid:tip_id>/actions/<slug:action>/", tips.TipMove.as_view(), name="api_tip_action"
    ),
]
