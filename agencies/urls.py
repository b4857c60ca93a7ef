from django.contrib.auth.views import LogoutView
from django.urls import path

from agencies.views import posts, session

urlpatterns = [
    path("", session.home, name="home"),
    path("login/", session.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", session.language, name="language"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<uuid:post_id>/relieve/", posts.relieve, name="relieve"),
]
