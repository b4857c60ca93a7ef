"""The only file that knows django-guardian.

A grant lets one person see one object outside the person's scope. Grants are direct foreign-key
rows (security.md 2.2: generic rows are slow and leave orphans) with a fixed list of permissions.
They are a projection of domain rows (the seats of a team) and written only by services.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.db import models
from guardian.models import UserObjectPermissionBase


class DirectGrant(UserObjectPermissionBase):
    """Base of the grant tables: the subclass names the object by a foreign key."""

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


# A subclass of DirectGrant: it names the object, so the base knows no such field.
Grants = type[Any]


def granted(model: Grants, user_id: int, codename: str) -> models.QuerySet:
    """Primary keys of the objects granted to this person, as a subquery."""
    return model.objects.filter(user_id=user_id, permission__codename=codename).values(
        "content_object_id"
    )


def give(model: Grants, user_ids: Iterable[int], obj: models.Model, codename: str) -> None:
    """Grant to each person once; a grant that is there stays."""
    permission = Permission.objects.get(
        codename=codename, content_type__app_label=obj._meta.app_label
    )
    model.objects.bulk_create(
        [
            model(user_id=user_id, content_object=obj, permission=permission)
            for user_id in sorted(set(user_ids))
        ],
        ignore_conflicts=True,
    )


def keep_only(model: Grants, user_ids: Iterable[int], obj: models.Model) -> None:
    """End the grants of everybody else."""
    model.objects.filter(content_object=obj).exclude(user_id__in=set(user_ids)).delete()
