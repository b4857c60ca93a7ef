"""Tokens and who I am."""

import logging

from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from redis.exceptions import RedisError
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from agencies.api.base import ApiView
from agencies.models import Post
from agencies.services import tokens

LOG = logging.getLogger(__name__)


class LoginThrottle(ScopedRateThrottle):
    """Counts in the cache; a cache that is gone keeps nobody out of the work."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError) as error:
            LOG.warning("Logins are not counted: %s.", type(error).__name__)
            return True


class Tokens(APIView):
    """A token for one device, in exchange for name and password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LoginThrottle,)
    throttle_scope = "login"

    class TokenInput(serializers.Serializer):
        username = serializers.CharField(max_length=40)
        password = serializers.CharField(max_length=200, trim_whitespace=False)
        device = serializers.CharField(max_length=60, required=False, default="")

    def get_authenticate_header(self, request: Request) -> str:
        """A wrong password is 401, not 403."""
        return "Token"

    @extend_schema(request=TokenInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        data = self.TokenInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        user = authenticate(
            request._request, username=given["username"], password=given["password"]
        )
        if user is None:
            raise AuthenticationFailed(_("The user name or the password is wrong."))
        token, expires_at = tokens.issue(user, given["device"])
        return Response({"token": token, "expires_at": expires_at.isoformat()}, status=201)


class Me(ApiView):
    """My posts of today, what they let me do, and where."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        posts = Post.objects.filter(pk__in=self.scope.post_ids).select_related("agency__region")
        return Response(
            {
                "username": self.user.username,
                "name": self.user.name,
                "language": self.user.language or "zh-hans",
                "posts": [
                    {
                        "id": str(post.public_id),
                        "position": post.position,
                        "title": post.title or str(post.get_position_display()),
                        "agency": post.agency.name,
                        "agency_kind": post.agency.kind,
                        "school": post.agency.code or None,
                        "region": post.agency.region.code,
                    }
                    for post in posts
                ],
                "duties": sorted({d.value for held in self.scope.posts for d in held.duties}),
                "regions": sorted({post.agency.region.code for post in posts}),
            }
        )
