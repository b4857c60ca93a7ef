from django.contrib.auth.views import LogoutView
from django.urls import path

from agencies.views import accounts, contact, inbox, posts, robots, session

urlpatterns = [
    path("", session.home, name="home"),
    path("login/", session.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", accounts.PasswordChange.as_view(), name="password_change"),
    path("language/", session.language, name="language"),
    path("posts/", posts.posts, name="posts"),
    path("posts/new/", accounts.post_new, name="post_new"),
    path("posts/<uuid:post_id>/relieve/", posts.relieve, name="relieve"),
    path("inbox/", inbox.show, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/settings/", contact.settings, name="inbox_settings"),
    path("inbox/test/<str:channel>/", contact.test, name="inbox_test"),
    path("inbox/<uuid:line_id>/", inbox.follow, name="inbox_line"),
    path("channels/", robots.channels, name="channels"),
    path("channels/new/", robots.edit, name="channel_new"),
    path("channels/<uuid:robot_id>/", robots.edit, name="channel"),
    path("channels/<uuid:robot_id>/test/", robots.test, name="channel_test"),
]
