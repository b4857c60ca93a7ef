"""Addresses of the yearly assessment: pages, and the API below /api/v1/."""

from django.urls import path

from reporting.api import assessment as api
from reporting.views import assessment, assessment_sheets

ITEM = "assessments/<uuid:sheet_id>/items/<int:number>"

urlpatterns = [
    path("assessments/", assessment.list_of, name="assessments"),
    path("assessments/draw/", assessment.draw, name="assessment_draw"),
    path("assessments/scheme/<str:kind>/<int:year>/", assessment.scheme, name="assessment_scheme"),
    path("assessments/<uuid:sheet_id>/", assessment_sheets.show, name="assessment"),
    path("assessments/<uuid:sheet_id>/redraw/", assessment_sheets.redraw, name="assessment_redraw"),
    path("assessments/<uuid:sheet_id>/points/", assessment_sheets.give, name="assessment_points"),
    path("assessments/<uuid:sheet_id>/send/", assessment_sheets.send, name="assessment_send"),
    path("assessments/<uuid:sheet_id>/accept/", assessment_sheets.accept, name="assessment_accept"),
    path("assessments/<uuid:sheet_id>/sign/", assessment_sheets.sign, name="assessment_sign"),
    path("assessments/<uuid:sheet_id>/pdf/", assessment_sheets.as_pdf, name="assessment_pdf"),
    path(f"{ITEM}/", assessment_sheets.item, name="assessment_item"),
    path(f"{ITEM}/appeal/", assessment_sheets.appeal, name="assessment_appeal"),
    path(f"{ITEM}/answer/", assessment_sheets.answer, name="assessment_answer"),
]
api_urlpatterns = [
    path("assessment-schemes/", api.AssessmentSchemes.as_view(), name="api_assessment_schemes"),
    path("assessments/", api.Assessments.as_view(), name="api_assessments"),
    path("assessments/<uuid:sheet_id>/", api.OneAssessment.as_view(), name="api_assessment"),
    path(
        "assessments/<uuid:sheet_id>/redraw/",
        api.AssessmentRedraw.as_view(),
        name="api_assessment_redraw",
    ),
    path(
        "assessments/<uuid:sheet_id>/points/",
        api.AssessmentPoints.as_view(),
        name="api_assessment_points",
    ),
    path(
        "assessments/<uuid:sheet_id>/send/",
        api.AssessmentSend.as_view(),
        name="api_assessment_send",
    ),
    path(
        "assessments/<uuid:sheet_id>/accept/",
        api.AssessmentAccept.as_view(),
        name="api_assessment_accept",
    ),
    path(
        "assessments/<uuid:sheet_id>/sign/",
        api.AssessmentSign.as_view(),
        name="api_assessment_sign",
    ),
    path(
        "assessments/<uuid:sheet_id>/appeals/",
        api.AssessmentAppeals.as_view(),
        name="api_assessment_appeals",
    ),
    path(
        "assessments/<uuid:sheet_id>/answers/",
        api.AssessmentAnswers.as_view(),
        name="api_assessment_answers",
    ),
]
