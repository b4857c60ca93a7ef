"""Addresses of the duties by clause."""

from django.urls import path

from reporting.api import agency_board as api
from reporting.views import agency_board, agency_duties

urlpatterns = [
    path("agencies/duties/", agency_duties.own, name="own_duties"),
    path("agencies/<uuid:agency_id>/duties/", agency_duties.of_agency, name="agency_duties"),
    path("agencies/board/", agency_board.own, name="own_board"),
    path("agencies/boards/", agency_board.list_of, name="agency_boards"),
    path("agencies/<uuid:agency_id>/board/", agency_board.one, name="agency_board"),
    path("clauses/", agency_duties.clauses, name="clauses"),
    path("clauses/new/", agency_duties.new, name="clause_new"),
    path("clauses/<str:code>/", agency_duties.clause, name="clause"),
    path("clauses/<str:code>/end/", agency_duties.end, name="clause_end"),
]
api_urlpatterns = [
    path("agencies/boards/", api.AgencyBoards.as_view(), name="api_agency_boards"),
    path("agencies/<uuid:agency_id>/board/", api.AgencyBoard.as_view(), name="api_agency_board"),
    path(
        "agencies/<uuid:agency_id>/board/rows/",
        api.AgencyBoardRows.as_view(),
        name="api_agency_board_rows",
    ),
]
