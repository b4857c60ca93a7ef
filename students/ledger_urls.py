"""Addresses of the restricted ledgers. There is no API for them, on purpose."""

from django.urls import path

from students.views import keepers, ledgers

urlpatterns = [
    path("", ledgers.own, name="ledgers"),
    path("keepers/", keepers.keepers, name="ledger_keepers"),
    path("keepers/<uuid:keeper_id>/end/", keepers.end, name="ledger_keeper_end"),
    path("<str:ledger>/", ledgers.children, name="ledger"),
    path("<str:ledger>/figures/", ledgers.figures, name="ledger_figures"),
    path("<str:ledger>/<uuid:student_id>/", ledgers.child, name="ledger_child"),
    path("<str:ledger>/<uuid:student_id>/write/", ledgers.write, name="ledger_write"),
]
