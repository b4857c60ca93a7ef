"""The forms of the team: a choice for each seat, and what was arranged in class after a return."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.forms import DayField
from agencies.models import Post
from cases.queries.team import Offer, proposal
from cases.rules import team as rules
from cases.rules.team import OF_SCHOOL, Chair, Home, Seat

Choice = tuple[str, str | Promise]


@dataclass(frozen=True)
class Group:
    """Seats that belong together: of the household, of the bureau, of each school."""

    title: str
    fields: list[BoundField]


class TeamForm(forms.Form):
    """A choice for each chair among the posts that fit it, with the load of each.

    An empty chair comes with the proposal from zones and posts; the person decides.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, home: Home, offer: Offer, held: dict[Chair, Post], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.home = home
        proposed = proposal(home, offer, held)
        for chair in rules.chairs(home):
            posts = [*offer.posts[chair]]
            sits = held.get(chair)
            if sits and sits not in posts:
                posts.insert(0, sits)
            first = sits or proposed.get(chair)
            key = rules.key_of(chair, home)
            self.fields[key] = forms.ChoiceField(
                label=chair.seat.label,
                choices=[("", _("empty")), *_choices(posts, offer)],
                required=False,
                initial=str(first.public_id) if first else "",
                help_text=_changed(self.data.get(key), sits)
                or _help(chair, home, posts, sits, proposed.get(chair)),
            )

    def groups(self) -> Iterator[Group]:
        """The chairs as the page shows them; the households' own and the bureau's come first."""
        names: dict[str, list[BoundField]] = {}
        for chair in rules.chairs(self.home):
            names.setdefault(_title(chair, self.home), []).append(
                self[rules.key_of(chair, self.home)]
            )
        return (Group(title, fields) for title, fields in names.items())


def _title(chair: Chair, home: Home) -> str:
    if chair.school is not None:
        return home.schools[chair.school].name
    if chair.seat in OF_SCHOOL:
        return str(_("School"))
    return (
        str(_("Education bureau"))
        if chair.seat is Seat.BUREAU_LEADER
        else str(_("Township and village"))
    )


def _choices(posts: list[Post], offer: Offer) -> list[Choice]:
    return [(str(post.public_id), _named(post, post.pk in offer.answering)) for post in posts]


def _named(post: Post, answers: bool) -> str:
    """Who, from where, how many households in the work; whether the place is theirs already."""
    words = [f"{post.user.name}（{post.agency.name}）"]
    load = getattr(post, "load", None)
    if load is not None:
        words.append(ngettext("%(load)s household", "%(load)s households", load) % {"load": load})
    if answers:
        words.append(str(_("answers for this place")))
    return " · ".join(words)


def _changed(sent: str | None, sits: Post | None) -> str:
    """Who sits there now, beside another choice that was sent: somebody else may have done it."""
    if sent is None or sits is None or sent == str(sits.public_id):
        return ""
    return str(_("Held by %(name)s now.") % {"name": sits.user.name})


def _help(
    chair: Chair, home: Home, posts: list[Post], sits: Post | None, proposed: Post | None
) -> str:
    if proposed:
        return str(_("Empty until now. Proposed: check it, then save."))
    if not sits and not posts:
        words = str(_("Nobody holds such a post now: %(who)s. The administrator appoints people."))
        return words % {"who": rules.meant_for(chair, home)}
    return ""


class CatchUpForm(forms.Form):
    """What was arranged in class for a child that is back."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label=_("On"))
    what = forms.CharField(
        label=_("What was arranged in class"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Which lessons are made up, by whom and when; who sits beside the child."),
    )
