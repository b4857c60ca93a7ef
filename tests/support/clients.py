"""Clients of the API and of the pages, one per role."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from agencies.models import User
from agencies.services import tokens
from tests.support.world import World


def api(world: World, role: str) -> APIClient:
    """A client with a token of this role, in English."""
    user = User.objects.get(pk=world.posts[role].user_id)
    token, _expires = tokens.issue(user, "test")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}", HTTP_ACCEPT_LANGUAGE="en")
    return client


def browser(world: World, role: str) -> Client:
    """A logged-in client of the pages, in English."""
    client = Client()
    client.force_login(
        User.objects.get(pk=world.posts[role].user_id), backend="agencies.backends.PostsBackend"
    )
    client.cookies["django_language"] = "en"
    return client


Maker = Callable[[str], APIClient]


@pytest.fixture
def as_role(world: World) -> Maker:
    return lambda role: api(world, role)
