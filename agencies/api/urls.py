from django.urls import path

from agencies.api import notices, obligations, session

urlpatterns = [
    path("tokens/", session.Tokens.as_view(), name="api_tokens"),
    path("me/", session.Me.as_view(), name="api_me"),
    path("obligations/", obligations.Obligations.as_view(), name="api_obligations"),
    path("notices/", notices.Notices.as_view(), name="api_notices"),
    path("notices/read/", notices.NoticesRead.as_view(), name="api_notices_read"),
]
