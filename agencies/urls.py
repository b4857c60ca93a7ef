from django.contrib.auth.views import LogoutView
from django.urls import path

from agencies.views import accounts, posts, session

urlpatterns = [
    path("", session.home, name="home"),
    path("login/", session.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", accounts.PasswordChange.as_view(), name="password_change"),
    path("language/", session.language, name="language"),
    path("posts/", posts.posts, name="posts"),
    path("posts/new/", accounts.post_new, name="post_new"),
    path("posts/<uuid:post_id>/relieve/", posts.relieve, name="relieve"),
]
