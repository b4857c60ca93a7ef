"""Login, and the account with its posts of today in one query."""

from django.contrib.auth.backends import ModelBackend

from agencies.access import asking
from agencies.models import User


class PostsBackend(ModelBackend):
    """Sessions load the user together with today's posts: one query for who is asking."""

    def get_user(self, user_id: int) -> User | None:
        return asking(user_id)
