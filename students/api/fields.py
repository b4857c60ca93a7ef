"""Parameters that several parts of the API share."""

from typing import Any

from rest_framework import serializers

from students.queries.focus import groups_for
from students.rules.focus import FocusGroup


class GroupField(serializers.ChoiceField):
    """A focus group that the caller may see; any other is none to this caller.

    The serializer is given the caller's scope as context["scope"].
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(FocusGroup.values, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        group = super().to_internal_value(data)
        if group not in groups_for(self.context["scope"]):
            self.fail("invalid_choice", input=data)
        return group
