"""Addresses of the board: pages, and the API below /api/v1/."""

from django.urls import path

from agencies import converters  # noqa: F401 registers <day:...>
from reporting import (
    accountability_urls,
    assessment_urls,
    conference_urls,
    duty_urls,
    rate_urls,
)
from reporting.api import attendance as attendance_api
from reporting.api import balance as balance_api
from reporting.api import census, dashboard, periodic, progress, records, term_report
from reporting.views import attendance, balance, board, filings
from reporting.views import census as census_pages
from reporting.views import periodic as periodic_pages
from reporting.views import progress as progress_pages
from reporting.views import records as record_pages
from reporting.views import term_report as report_pages

CENSUS = "census/<str:term>/schools/<str:code>"
TERM_REPORT = "term-reports/<str:term>/schools/<str:code>"
PERIODIC = "periodic/<str:kind>/<day:last>/<str:code>"

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/list/", board.board_list, name="board_list"),
    path("board/<str:kind>/<str:key>/", board.board_area, name="board_area"),
    path("balance/", balance.show, name="balance"),
    path("balance/names/", balance.names, name="balance_names"),
    path("balance/flow/", balance.flow, name="balance_flow"),
    path("balance/moved/", balance.moved, name="balance_moved"),
    path("census/", census_pages.own, name="census_own"),
    path("terms/<uuid:term_id>/census/<str:code>/", census_pages.show, name="census"),
    path("terms/<uuid:term_id>/census/<str:code>/class/", census_pages.arrive, name="census_class"),
    path("terms/<uuid:term_id>/census/<str:code>/sign/", census_pages.submit, name="census_sign"),
    path("terms/<uuid:term_id>/no-zone/", census_pages.no_zone, name="census_no_zone"),
    path("terms/<uuid:term_id>/report/<str:code>/", report_pages.show, name="term_report"),
    path(
        "terms/<uuid:term_id>/report/<str:code>/receive/",
        report_pages.receive,
        name="receive_report",
    ),
    path("terms/<uuid:term_id>/progress/", progress_pages.show, name="term_progress"),
    path("terms/<uuid:term_id>/remind/", progress_pages.remind, name="term_remind"),
    path("periodic/<str:kind>/<day:last>/<str:code>/", periodic_pages.show, name="periodic"),
    path("records/", record_pages.findings, name="records"),
    path("records/attendance/", attendance.show, name="records_attendance"),
    path("records/list.xlsx", record_pages.export, name="records_export"),
    path("records/<uuid:finding_id>/", record_pages.show, name="record"),
    path("records/<uuid:finding_id>/explain/", record_pages.explain, name="record_explain"),
    path("records/<uuid:finding_id>/mark/", record_pages.mark, name="record_mark"),
    path("filings/", filings.list_of, name="filings"),
    path("filings/<uuid:filing_id>/", filings.one, name="filing"),
    path("filings/<uuid:filing_id>/pdf/", filings.as_pdf, name="filing_pdf"),
    path("filings/<uuid:filing_id>/xlsx/", filings.as_workbook, name="filing_xlsx"),
    path("filings/<uuid:filing_id>/slips/", filings.slip, name="filing_slip"),
    path("filings/<uuid:filing_id>/decide/", filings.decide, name="filing_decide"),
    *duty_urls.urlpatterns,
    *rate_urls.urlpatterns,
    *accountability_urls.urlpatterns,
    *assessment_urls.urlpatterns,
    *conference_urls.urlpatterns,
]
api_urlpatterns = [
    *rate_urls.api_urlpatterns,
    *accountability_urls.api_urlpatterns,
    *assessment_urls.api_urlpatterns,
    *conference_urls.api_urlpatterns,
    *duty_urls.api_urlpatterns,
    path("dashboard/", dashboard.Dashboard.as_view(), name="api_dashboard"),
    path("dashboard/rows/", dashboard.DashboardRows.as_view(), name="api_dashboard_rows"),
    path("balance/", balance_api.BalanceView.as_view(), name="api_balance"),
    path("balance/names/", balance_api.BalanceNames.as_view(), name="api_balance_names"),
    path("balance/flow/", balance_api.BalanceFlow.as_view(), name="api_balance_flow"),
    path("records/", records.RecordFindings.as_view(), name="api_records"),
    path(
        "records/attendance/",
        attendance_api.AttendanceComparison.as_view(),
        name="api_attendance_comparison",
    ),
    path(
        "records/attendance/names/",
        attendance_api.AttendanceNames.as_view(),
        name="api_attendance_names",
    ),
    path(
        "records/<uuid:finding_id>/explain/",
        records.ExplainRecord.as_view(),
        name="api_record_explain",
    ),
    path("records/<uuid:finding_id>/mark/", records.MarkRecord.as_view(), name="api_record_mark"),
    path(f"{CENSUS}/", census.Census.as_view(), name="api_census"),
    path(f"{CENSUS}/submit/", census.CensusSubmit.as_view(), name="api_census_submit"),
    path(f"{CENSUS}/confirm/", census.CensusConfirm.as_view(), name="api_census_confirm"),
    path(f"{CENSUS}/send-back/", census.CensusSendBack.as_view(), name="api_census_send_back"),
    path(f"{CENSUS}/slips/", census.CensusSlips.as_view(), name="api_census_slips"),
    path("terms/<str:term>/progress/", progress.TermProgress.as_view(), name="api_term_progress"),
    path(f"{PERIODIC}/", periodic.Periodic.as_view(), name="api_periodic"),
    path(f"{PERIODIC}/sign/", periodic.PeriodicSign.as_view(), name="api_sign_periodic"),
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
