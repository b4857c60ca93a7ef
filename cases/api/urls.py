from django.urls import path

from cases.api import (
    aid,
    assistance,
    cases,
    children,
    comparison,
    inspections,
    ladder,
    outside,
    papers,
    payments,
    plans,
    poor,
    requests,
    team,
    tips,
    venues,
    visits,
)

urlpatterns = [
    path("students/", children.Children.as_view(), name="api_students"),
    path("students/<uuid:student_id>/", children.OneChild.as_view(), name="api_student"),
    path("students/<uuid:student_id>/aid/", aid.ChildAid.as_view(), name="api_child_aid"),
    path("aid/payments/", payments.PaymentLists.as_view(), name="api_payment_lists"),
    path(
        "aid/payments/<uuid:list_id>/",
        payments.OnePaymentList.as_view(),
        name="api_payment_list",
    ),
    path(
        "aid/payments/<uuid:list_id>/apply/",
        payments.ApplyPaymentList.as_view(),
        name="api_payment_list_apply",
    ),
    path(
        "aid/payments/<uuid:list_id>/take-back/",
        payments.TakeBackPaymentList.as_view(),
        name="api_payment_list_back",
    ),
    path("dropouts/poor/", poor.PoorDropouts.as_view(), name="api_poor_dropouts"),
    path("dropouts/poor/rows/", poor.PoorDropoutRows.as_view(), name="api_poor_rows"),
    path("comparisons/<uuid:list_id>/", comparison.Comparison.as_view(), name="api_comparison"),
    path(
        "comparisons/<uuid:list_id>/rows/",
        comparison.ComparisonRows.as_view(),
        name="api_comparison_rows",
    ),
    path(
        "comparisons/<uuid:list_id>/rows/<uuid:entry_id>/result/",
        comparison.ComparisonResult.as_view(),
        name="api_comparison_result",
    ),
    path(
        "comparisons/<uuid:list_id>/rows/<uuid:entry_id>/correction/",
        comparison.ComparisonCorrection.as_view(),
        name="api_comparison_correction",
    ),
    path(
        "comparisons/<uuid:list_id>/rows/<uuid:entry_id>/join/",
        comparison.ComparisonJoin.as_view(),
        name="api_comparison_join",
    ),
    path(
        "comparisons/<uuid:list_id>/rows/<uuid:entry_id>/withdraw/",
        comparison.ComparisonWithdraw.as_view(),
        name="api_comparison_withdraw",
    ),
    path("cases/", cases.Cases.as_view(), name="api_cases"),
    path("cases/<uuid:case_id>/", cases.OneCase.as_view(), name="api_case"),
    path("cases/<uuid:case_id>/team/", team.CaseTeam.as_view(), name="api_case_team"),
    path(
        "cases/<uuid:case_id>/team/history/",
        team.TeamHistory.as_view(),
        name="api_case_team_history",
    ),
    path("cases/<uuid:case_id>/catch-up/", team.CatchUp.as_view(), name="api_case_catch_up"),
    path("cases/<uuid:case_id>/plan/", plans.CasePlan.as_view(), name="api_case_plan"),
    path(
        "cases/<uuid:case_id>/plan/approve/",
        plans.PlanApproval.as_view(),
        name="api_case_plan_approve",
    ),
    path(
        "cases/<uuid:case_id>/plan/review/",
        plans.PlanReview.as_view(),
        name="api_case_plan_review",
    ),
    path(
        "cases/<uuid:case_id>/plan/measures/<uuid:measure_id>/done/",
        plans.MeasureDone.as_view(),
        name="api_measure_done",
    ),
    path(
        "cases/<uuid:case_id>/plan/measures/<uuid:measure_id>/drop/",
        plans.MeasureDrop.as_view(),
        name="api_measure_drop",
    ),
    path(
        "cases/<uuid:case_id>/assistance/",
        assistance.CaseAssistance.as_view(),
        name="api_case_assistance",
    ),
    path("causes/", plans.Causes.as_view(), name="api_causes"),
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
    path("cases/<uuid:case_id>/ladder/", ladder.CaseLadder.as_view(), name="api_case_ladder"),
    path(
        "cases/<uuid:case_id>/ladder/steps/",
        ladder.LadderSteps.as_view(),
        name="api_ladder_steps",
    ),
    path(
        "cases/<uuid:case_id>/ladder/steps/<uuid:step_id>/outcome/",
        ladder.StepOutcomes.as_view(),
        name="api_step_outcome",
    ),
    path(
        "cases/<uuid:case_id>/ladder/external/",
        ladder.ExternalPapers.as_view(),
        name="api_ladder_external",
    ),
    path(
        "cases/<uuid:case_id>/papers/<uuid:paper_id>/services/",
        ladder.PaperServices.as_view(),
        name="api_paper_services",
    ),
    path(
        "cases/<uuid:case_id>/services/<uuid:service_id>/receipt/",
        ladder.ServiceReceipt.as_view(),
        name="api_service_receipt",
    ),
    path("cases/<uuid:case_id>/papers/", papers.CasePapers.as_view(), name="api_case_papers"),
    path(
        "cases/<uuid:case_id>/files/<uuid:file_id>/",
        papers.CaseFile.as_view(),
        name="api_case_file",
    ),
    path("papers/kinds/", papers.PaperKinds.as_view(), name="api_paper_kinds"),
    path("tips/", tips.Tips.as_view(), name="api_tips"),
    path("tips/<uuid:tip_id>/", tips.OneTip.as_view(), name="api_tip"),
    path("tips/<uuid:tip_id>/contact/", tips.TipContact.as_view(), name="api_tip_contact"),
    path(
        "tips/<uuid:tip_id>/actions/<slug:action>/", tips.TipMove.as_view(), name="api_tip_action"
    ),
    path(
        "cases/<uuid:case_id>/requests/", requests.CaseRequests.as_view(), name="api_case_requests"
    ),
    path("requests/", requests.Requests.as_view(), name="api_requests"),
    path("requests/<uuid:request_id>/", requests.OneRequest.as_view(), name="api_request"),
    path(
        "requests/<uuid:request_id>/letter/",
        requests.RequestLetter.as_view(),
        name="api_request_letter",
    ),
    *(
        path(f"requests/<uuid:request_id>/{move}/", view.as_view(), name=f"api_request_{move}")
        for move, view in requests.MOVES.items()
    ),
    path("cases/<uuid:case_id>/outside/", outside.CaseOutside.as_view(), name="api_case_outside"),
    path(
        "outside/<uuid:notice_id>/reply/", outside.OutsideReply.as_view(), name="api_outside_reply"
    ),
    path(
        "outside/<uuid:notice_id>/confirmations/",
        outside.OutsideConfirmations.as_view(),
        name="api_outside_confirmations",
    ),
    path(
        "outside/<uuid:notice_id>/handover/",
        outside.OutsideHandover.as_view(),
        name="api_outside_handover",
    ),
    path("venues/", venues.Venues.as_view(), name="api_venues"),
    path("venues/<uuid:venue_id>/", venues.OneVenue.as_view(), name="api_venue"),
    path("inspections/", inspections.Inspections.as_view(), name="api_inspections"),
    path(
        "inspections/<uuid:inspection_id>/",
        inspections.OneInspection.as_view(),
        name="api_inspection",
    ),
    path(
        "inspections/<uuid:inspection_id>/hold/",
        inspections.InspectionHold.as_view(),
        name="api_inspection_hold",
    ),
    path(
        "inspections/<uuid:inspection_id>/report-decision/",
        inspections.InspectionReportDecision.as_view(),
        name="api_inspection_report_decision",
    ),
    path(
        "inspections/<uuid:inspection_id>/cancel/",
        inspections.InspectionCancel.as_view(),
        name="api_inspection_cancel",
    ),
    path(
        "inspections/<uuid:inspection_id>/close/",
        inspections.InspectionClose.as_view(),
        name="api_inspection_close",
    ),
    path(
        "inspections/<uuid:inspection_id>/findings/",
        inspections.InspectionFindings.as_view(),
        name="api_inspection_findings",
    ),
    path(
        "findings/<uuid:finding_id>/<slug:deed>/",
        inspections.FindingDeed.as_view(),
        name="api_finding_step",
    ),
    path(
        "inspections/<uuid:inspection_id>/children/",
        inspections.InspectionChildren.as_view(),
        name="api_inspection_children",
    ),
    path(
        "inspections/<uuid:inspection_id>/opinion/<slug:stage>/",
        inspections.OpinionStage.as_view(),
        name="api_opinion_step",
    ),
    path(
        "inspections/<uuid:inspection_id>/publications/",
        inspections.InspectionPublications.as_view(),
        name="api_inspection_publications",
    ),
    path(
        "publications/<uuid:publication_id>/withdraw/",
        inspections.PublicationWithdraw.as_view(),
        name="api_publication_withdraw",
    ),
]
