"""Addresses of the board: pages, and the API below /api/v1/."""

from django.urls import path

from reporting.api import dashboard, term_report
from reporting.views import board

TERM_REPORT = "term-reports/<str:term>/schools/<str:code>"

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/list/", board.board_list, name="board_list"),
    path("board/<str:kind>/<str:key>/", board.board_area, name="board_area"),
]
api_urlpatterns = [
    path("dashboard/", dashboard.Dashboard.as_view(), name="api_dashboard"),
    path("dashboard/rows/", dashboard.DashboardRows.as_view(), name="api_dashboard_rows"),
    path(f"{TERM_REPORT}/", term_report.TermReport.as_view(), name="api_term_report"),
    path(f"{TERM_REPORT}/send/", term_report.SendTermReport.as_view(), name="api_send_report"),
    path(
        f"{TERM_REPORT}/receive/",
        term_report.ReceiveTermReport.as_view(),
        name="api_receive_report",
    ),
    path(f"{TERM_REPORT}/pdf/", term_report.TermReportPdf.as_view(), name="api_report_pdf"),
    path(f"{TERM_REPORT}/xlsx/", term_report.TermReportWorkbook.as_view(), name="api_report_xlsx"),
]
