"""Addresses of admission: entrants, notices, migrant families."""

from django.urls import path

from students.views import admission, catchments, migrants

urlpatterns = [
    path("", admission.entrants, name="admission"),
    path("zones/", catchments.zones, name="zones"),
    path("zones/<str:code>/<int:grade>/", catchments.change, name="zone_change"),
    path("migrants/", migrants.migrants, name="migrants"),
    path("migrants/<uuid:application_id>/", migrants.show, name="migrant"),
    path("notices/<uuid:notice_id>.pdf", admission.as_pdf, name="notice_pdf"),
    path("notices/<uuid:notice_id>/cancel/", admission.cancel, name="notice_cancel"),
    path("<str:code>/<year:year>/issue/", admission.issue, name="admission_issue"),
    path("<str:code>/<year:year>/notices/", admission.notices, name="admission_notices"),
    path("<str:code>/<year:year>/notices.pdf", admission.all_as_pdf, name="admission_pdf"),
    path("<str:code>/<year:year>/deliver/", admission.deliver, name="admission_deliver"),
]
