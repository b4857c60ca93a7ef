"""Tokens: the account with its posts of today, like a session."""

from knox.auth import TokenAuthentication

from agencies.access import asking
from agencies.models import ApiToken, User


class PostsTokenAuthentication(TokenAuthentication):
    """A token of an account that is still active."""

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        user, token = super().validate_user(auth_token)
        return asking(user.pk) or user, token
