from django.urls import path

from cases.views import actions, case, child, team, tip_queue, tips, visits, worklist

urlpatterns = [
    path("cases/", worklist.show, name="worklist"),
    path("cases/<uuid:case_id>/", case.show, name="case"),
    path("cases/<uuid:case_id>/print/", case.printed, name="case_print"),
    path(
        "cases/<uuid:case_id>/reports/<slug:role>/received/",
        case.acknowledge,
        name="case_acknowledge",
    ),
    path("cases/<uuid:case_id>/team/", team.change, name="case_team"),
    path("cases/<uuid:case_id>/team/history/", team.history, name="case_team_history"),
    path("cases/<uuid:case_id>/catch-up/", team.arrange, name="case_catch_up"),
    path("cases/<uuid:case_id>/visit/", visits.visit, name="case_visit"),
    path("cases/<uuid:case_id>/actions/<slug:action>/", actions.act, name="case_action"),
    path("students/<uuid:student_id>/", child.show, name="student"),
    path("students/<uuid:student_id>/open-case/", actions.open_case, name="case_open"),
    path("tips/", tips.write, name="tips"),
    path("tips/status/", tips.status, name="tip_status"),
    path("tips/queue/", tip_queue.queue, name="tip_queue"),
    path("tips/queue/set-aside/", tip_queue.set_aside, name="tips_set_aside"),
    path("tips/queue/<uuid:tip_id>/", tip_queue.one, name="tip"),
    path("tips/queue/<uuid:tip_id>/contact/", tip_queue.contact, name="tip_contact"),
    path("tips/queue/<uuid:tip_id>/link/", tip_queue.link, name="tip_link"),
    path("tips/queue/<uuid:tip_id>/<slug:action>/", tip_queue.act, name="tip_act"),
]
