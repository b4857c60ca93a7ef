from django.urls import path

from agencies import converters  # noqa: F401 registers <day:...>
from students.api import (
    admission,
    catchments,
    classes,
    contacts,
    home_teaching,
    imports,
    left_behind,
    lists,
    moves,
    placements,
    school_life,
    screening,
    terms,
    transfers,
)

urlpatterns = [
    path("terms/", terms.Terms.as_view(), name="api_terms"),
    path("classes/", classes.Classes.as_view(), name="api_classes"),
    path("classes/<uuid:class_id>/roll/<day:day>/", classes.ClassRoll.as_view(), name="api_roll"),
    path(
        "students/<uuid:student_id>/placements/",
        placements.Placements.as_view(),
        name="api_placements",
    ),
    path(
        "placement-applications/",
        placements.PlacementApplications.as_view(),
        name="api_placement_applications",
    ),
    path(
        "placement-applications/<uuid:application_id>/",
        placements.PlacementApplicationView.as_view(),
        name="api_placement_application",
    ),
    path(
        "placement-applications/<uuid:application_id>/approve/",
        placements.ApprovePlacement.as_view(),
        name="api_placement_approve",
    ),
    path(
        "placement-applications/<uuid:application_id>/refuse/",
        placements.RefusePlacement.as_view(),
        name="api_placement_refuse",
    ),
    path(
        "students/<uuid:student_id>/home-teaching/",
        home_teaching.HomePlans.as_view(),
        name="api_home_plans",
    ),
    path(
        "home-teaching/<uuid:plan_id>/sessions/",
        home_teaching.HomeSessions.as_view(),
        name="api_home_sessions",
    ),
    path("left-behind/", left_behind.LeftBehind.as_view(), name="api_left_behind"),
    path("students/<uuid:student_id>/carer/", left_behind.CarerOf.as_view(), name="api_carer"),
    path("school-life/", school_life.SchoolLife.as_view(), name="api_school_life"),
    path(
        "school-life/<str:code>/committee/",
        school_life.Committee.as_view(),
        name="api_committee",
    ),
    path(
        "school-life/<str:code>/committee/<uuid:seat_id>/end/",
        school_life.LeaveCommittee.as_view(),
        name="api_committee_end",
    ),
    path(
        "school-life/<str:code>/events/",
        school_life.SchoolEvents.as_view(),
        name="api_school_events",
    ),
    path(
        "school-life/<str:code>/events/<uuid:event_id>/take-back/",
        school_life.TakeBackEvent.as_view(),
        name="api_school_event_back",
    ),
    path(
        "school-life/<str:code>/home-visits/",
        school_life.HomeVisits.as_view(),
        name="api_home_visits",
    ),
    path("students/<uuid:student_id>/contacts/", contacts.Contacts.as_view(), name="api_contacts"),
    path(
        "students/<uuid:student_id>/transfers/", transfers.Transfers.as_view(), name="api_transfers"
    ),
    path(
        "students/<uuid:student_id>/transfers/<uuid:transfer_id>/confirm/",
        transfers.ConfirmTransfer.as_view(),
        name="api_transfer_confirm",
    ),
    path(
        "home-teaching/<uuid:plan_id>/sessions/<uuid:session_id>/cancel/",
        home_teaching.CancelHomeSession.as_view(),
        name="api_home_session_cancel",
    ),
    path(
        "admission/notices/<uuid:notice_id>/cancel/",
        admission.CancelNotice.as_view(),
        name="api_notice_cancel",
    ),
    path(
        "admission/<str:code>/<year:year>/grades/<int:grade>/",
        admission.Entrants.as_view(),
        name="api_entrants",
    ),
    path(
        "admission/<str:code>/<year:year>/notices/",
        admission.AdmissionNotices.as_view(),
        name="api_notices",
    ),
    path(
        "admission/<str:code>/<year:year>/deliver/",
        admission.DeliverNotices.as_view(),
        name="api_notices_deliver",
    ),
    path("catchments/", catchments.Catchments.as_view(), name="api_catchments"),
    path("migrants/", admission.MigrantApplications.as_view(), name="api_migrants"),
    path(
        "migrants/<uuid:application_id>/decide/",
        admission.DecideMigrant.as_view(),
        name="api_migrant_decide",
    ),
    path("moves/", moves.RosterMoves.as_view(), name="api_moves"),
    path("moves/<uuid:move_id>/", moves.OneRosterMove.as_view(), name="api_move"),
    path("moves/<uuid:move_id>/<str:action>/", moves.RosterMoveAct.as_view(), name="api_move_act"),
    path("transfers/", transfers.TransferApplications.as_view(), name="api_transfer_applications"),
    path(
        "transfers/<uuid:application_id>/<str:action>/",
        transfers.TransferAct.as_view(),
        name="api_transfer_act",
    ),
    path("imports/lists/", lists.Lists.as_view(), name="api_lists"),
    path("imports/lists/<uuid:list_id>/", lists.OneList.as_view(), name="api_list"),
    path("imports/lists/<uuid:list_id>/apply/", lists.ApplyList.as_view(), name="api_list_apply"),
    path("imports/lists/<uuid:list_id>/undo/", lists.UndoList.as_view(), name="api_list_undo"),
    path("imports/lists/<uuid:list_id>/keep/", lists.KeepList.as_view(), name="api_list_keep"),
    path("imports/rosters/", imports.Rosters.as_view(), name="api_rosters"),
    path("imports/rosters/<uuid:job_id>/", imports.Roster.as_view(), name="api_roster"),
    path(
        "imports/rosters/<uuid:job_id>/apply/",
        imports.ApplyRoster.as_view(),
        name="api_roster_apply",
    ),
    path(
        "imports/rosters/<uuid:job_id>/undo/",
        imports.UndoRoster.as_view(),
        name="api_roster_undo",
    ),
    path("screenings/", screening.Screenings.as_view(), name="api_screenings"),
    path(
        "screenings/<uuid:round_id>/villages/<str:code>/",
        screening.ScreeningVillage.as_view(),
        name="api_screening_village",
    ),
    path(
        "screenings/<uuid:round_id>/results/",
        screening.ScreeningResults.as_view(),
        name="api_screening_results",
    ),
    path(
        "screenings/<uuid:round_id>/unknown/",
        screening.ScreeningStrangers.as_view(),
        name="api_screening_unknown",
    ),
]
