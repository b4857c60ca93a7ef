from django.urls import path

from cases.views import actions, case, child, worklist

urlpatterns = [
    path("cases/", worklist.show, name="worklist"),
    path("cases/<uuid:case_id>/", case.show, name="case"),
    path("cases/<uuid:case_id>/print/", case.printed, name="case_print"),
    path(
        "cases/<uuid:case_id>/reports/<slug:role>/received/",
        case.acknowledge,
        name="case_acknowledge",
    ),
    path("cases/<uuid:case_id>/team/", actions.team, name="case_team"),
    path("cases/<uuid:case_id>/visit/", actions.visit, name="case_visit"),
    path("cases/<uuid:case_id>/actions/<slug:action>/", actions.act, name="case_action"),
    path("students/<uuid:student_id>/", child.show, name="student"),
    path("students/<uuid:student_id>/open-case/", actions.open_case, name="case_open"),
]
