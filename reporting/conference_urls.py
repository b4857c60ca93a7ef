"""Addresses of joint conferences: pages, and the API below /api/v1/."""

from django.urls import path

from reporting.api import conferences as api
from reporting.views import conferences, meetings

urlpatterns = [
    path("conferences/", conferences.list_of, name="conferences"),
    path("conferences/new/", conferences.set_up, name="conference_new"),
    path("conferences/<uuid:conference_id>/", conferences.one, name="conference"),
    path("conferences/<uuid:conference_id>/seats/", conferences.fill_seat, name="seat_new"),
    path(
        "conferences/<uuid:conference_id>/seats/<uuid:seat_id>/end/",
        conferences.vacate_seat,
        name="seat_end",
    ),
    path("conferences/<uuid:conference_id>/plan/", conferences.plan, name="meeting_new"),
    path("meetings/<uuid:meeting_id>/", meetings.one, name="meeting"),
    path("meetings/<uuid:meeting_id>/pdf/", meetings.as_pdf, name="meeting_pdf"),
    path("meetings/<uuid:meeting_id>/points/", meetings.add_point, name="meeting_point"),
    path("meetings/<uuid:meeting_id>/hold/", meetings.hold, name="meeting_hold"),
    path("meetings/<uuid:meeting_id>/decisions/", meetings.decide, name="meeting_decide"),
    path("meetings/<uuid:meeting_id>/minutes/", meetings.write_minutes, name="meeting_minutes"),
    path("meetings/<uuid:meeting_id>/sign/", meetings.sign, name="meeting_sign"),
    path("meetings/<uuid:meeting_id>/move/", meetings.move, name="meeting_move"),
    path("meetings/<uuid:meeting_id>/cancel/", meetings.cancel, name="meeting_cancel"),
    path("decisions/<uuid:decision_id>/done/", meetings.carry_out, name="decision_done"),
    path("decisions/<uuid:decision_id>/withdraw/", meetings.withdraw, name="decision_withdraw"),
]
api_urlpatterns = [
    path("conferences/", api.Conferences.as_view(), name="api_conferences"),
    path(
        "conferences/<uuid:conference_id>/meetings/",
        api.ConferenceMeetings.as_view(),
        name="api_conference_meetings",
    ),
    path("meetings/<uuid:meeting_id>/", api.OneMeeting.as_view(), name="api_meeting"),
    path(
        "meetings/<uuid:meeting_id>/decisions/",
        api.MeetingDecisions.as_view(),
        name="api_meeting_decisions",
    ),
    path(
        "decisions/<uuid:decision_id>/done/",
        api.DecisionDone.as_view(),
        name="api_decision_done",
    ),
]
