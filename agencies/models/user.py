"""Accounts. What a person may do follows from posts, never from the account."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from knox.models import AbstractAuthToken

from agencies.models.bases import PublicModel


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, name: str, password: str | None = None) -> "User":
        user = self.model(username=username, name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(  # type: ignore[django-manager-missing]  # knox, which points here, has no types
    PublicModel, AbstractBaseUser, PermissionsMixin
):
    """One person, one account; nobody shares one."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)

    held_posts: list[dict[str, Any]]  # added by access.asking()
    unread_lines: int = 0  # likewise: lines of the inbox that are not read yet

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "user"

    def __str__(self) -> str:
        return self.name


class ApiToken(AbstractAuthToken):
    """A token of one device: stored as a hash, expiring."""

    device = models.CharField(max_length=60, blank=True)

    class Meta(AbstractAuthToken.Meta):
        abstract = False
        verbose_name = "API token"
