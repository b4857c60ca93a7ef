from django.urls import path

from agencies import converters  # noqa: F401 registers <day:...>
from students.views import (
    changes,
    classes,
    contacts,
    imports,
    person_review,
    roll,
    roster,
    term_dates,
    terms,
    transfers,
)

urlpatterns = [
    path("roll/", roll.today, name="roll_today"),
    path("rolls/", roll.roll_days, name="roll_days"),
    path("classes/<uuid:class_id>/", roster.class_list, name="class_list"),
    path("classes/<uuid:class_id>/roll/<day:day>/", roll.roll, name="roll"),
    path("classes/<uuid:class_id>/roll/<day:day>/print/", roll.roll_print, name="roll_print"),
    path("classes/<uuid:class_id>/teacher/", classes.class_teacher, name="class_teacher"),
    path("terms/", terms.terms, name="terms"),
    path("terms/closed-days/", terms.close_day, name="close_day"),
    path("terms/<uuid:term_id>/dates/", term_dates.move, name="term_dates"),
    path("students/", roster.student_list, name="student_list"),
    path("students/<uuid:student_id>/change/", changes.change, name="student_change"),
    path("students/<uuid:student_id>/placement/", changes.placement, name="student_placement"),
    path(
        "students/<uuid:student_id>/placements/<uuid:placement_id>/returned/",
        changes.returned,
        name="placement_returned",
    ),
    path("students/<uuid:student_id>/contact/", contacts.contact, name="student_contact"),
    path(
        "students/<uuid:student_id>/transfers/<uuid:transfer_id>/confirm/",
        contacts.confirm_transfer,
        name="transfer_confirm",
    ),
    path("students/<uuid:student_id>/transfer/", transfers.apply, name="transfer_apply"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<uuid:application_id>/", transfers.show, name="transfer"),
    path("transfers/<uuid:application_id>/<str:action>/", transfers.act, name="transfer_act"),
    path("lists/<uuid:list_id>/same-child/", person_review.review, name="person_review"),
    path(
        "lists/<uuid:list_id>/same-child/<uuid:entry_id>/",
        person_review.decide,
        name="person_review_decide",
    ),
    path(
        "lists/<uuid:list_id>/same-child/<uuid:entry_id>/separate/",
        person_review.separate,
        name="person_review_separate",
    ),
    path("imports/", imports.imports, name="imports"),
    path("roster-questions/", imports.questions, name="roster_questions"),
    path("imports/<uuid:job_id>/", imports.result, name="import_result"),
    path("imports/<uuid:job_id>/rows/", imports.rows, name="import_rows"),
    path("imports/<uuid:job_id>/progress/", imports.progress, name="import_progress"),
    path("imports/<uuid:job_id>/errors.xlsx", imports.error_file, name="import_errors"),
    path("imports/<uuid:job_id>/apply/", imports.apply, name="import_apply"),
    path("imports/<uuid:job_id>/undo/", imports.undo, name="import_undo"),
]
