"""Addresses of the duties by clause."""

from django.urls import path

from reporting.views import agency_duties

urlpatterns = [
    path("agencies/duties/", agency_duties.own, name="own_duties"),
    path("agencies/<uuid:agency_id>/duties/", agency_duties.of_agency, name="agency_duties"),
    path("clauses/", agency_duties.clauses, name="clauses"),
    path("clauses/new/", agency_duties.new, name="clause_new"),
    path("clauses/<str:code>/", agency_duties.clause, name="clause"),
    path("clauses/<str:code>/end/", agency_duties.end, name="clause_end"),
]
