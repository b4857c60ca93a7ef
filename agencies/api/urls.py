from django.urls import path

from agencies.api import commitments, notices, obligation, obligations, session

urlpatterns = [
    path("tokens/", session.Tokens.as_view(), name="api_tokens"),
    path("me/", session.Me.as_view(), name="api_me"),
    path("obligations/", obligations.Obligations.as_view(), name="api_obligations"),
    path(
        "obligations/<uuid:obligation_id>/",
        obligation.OneObligation.as_view(),
        name="api_obligation",
    ),
    path(
        "obligations/<uuid:obligation_id>/extend/",
        obligation.ObligationExtend.as_view(),
        name="api_obligation_extend",
    ),
    path(
        "obligations/<uuid:obligation_id>/remind/",
        obligation.ObligationRemind.as_view(),
        name="api_obligation_remind",
    ),
    path(
        "obligations/<uuid:obligation_id>/receive/",
        obligation.ObligationReceive.as_view(),
        name="api_obligation_receive",
    ),
    path("notices/", notices.Notices.as_view(), name="api_notices"),
    path("notices/read/", notices.NoticesRead.as_view(), name="api_notices_read"),
    path("responsibility/", commitments.Responsibility.as_view(), name="api_responsibility"),
    path(
        "responsibility/<uuid:agency_id>/",
        commitments.ResponsibilityOf.as_view(),
        name="api_responsibility_of",
    ),
    path(
        "responsibility/<uuid:agency_id>/publicity/",
        commitments.PublicityOf.as_view(),
        name="api_publicity",
    ),
]
