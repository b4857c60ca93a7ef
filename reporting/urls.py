"""Addresses of the board: pages, and the API below /api/v1/."""

from django.urls import path

from reporting.api import dashboard
from reporting.views import board

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/list/", board.board_list, name="board_list"),
    path("board/<str:kind>/<str:key>/", board.board_area, name="board_area"),
]
api_urlpatterns = [
    path("dashboard/", dashboard.Dashboard.as_view(), name="api_dashboard"),
    path("dashboard/rows/", dashboard.DashboardRows.as_view(), name="api_dashboard_rows"),
]
