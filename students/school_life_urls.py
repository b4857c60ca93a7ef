"""Addresses of what schools do with families."""

from django.urls import path

from students.views import school_life

urlpatterns = [
    path("", school_life.overview, name="school_life"),
    path("<str:code>/", school_life.show, name="school_life_of"),
    path("<str:code>/seats/", school_life.seat, name="committee_seat"),
    path("<str:code>/seats/<uuid:seat_id>/end/", school_life.end_seat, name="committee_seat_end"),
    path("<str:code>/events/", school_life.hold, name="school_event"),
    path(
        "<str:code>/events/<uuid:event_id>/take-back/",
        school_life.take_back,
        name="school_event_back",
    ),
]
