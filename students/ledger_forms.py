"""The forms of the restricted ledgers: shape only."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.forms import DayField
from agencies.models import Post
from students.rules.ledgers import Ledger, Purpose


class PurposeForm(forms.Form):
    """Why the ledger is opened."""

    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
        help_text=_("It is recorded that you read, when, and what for."),
    )


class EntryForm(forms.Form):
    """One entry."""

    words = forms.CharField(
        label=_("Entry"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("What whoever cares for the child has to know, and no more."),
    )
    noted_on = DayField(label=_("Noted on"))


class KeeperForm(forms.Form):
    """Who keeps which ledger."""

    post = forms.ModelChoiceField(
        Post.objects.none(), label=_("Person"), to_field_name="public_id", empty_label="—"
    )
    ledger = forms.ChoiceField(label=_("Ledger"), choices=Ledger.choices)

    def __init__(self, *args: Any, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        field.queryset = posts  # type: ignore[attr-defined]
        field.label_from_instance = _holder  # type: ignore[attr-defined]


def _holder(post: Post) -> str:
    return f"{post.user.name} · {post.get_position_display()} · {post.agency.name}"
