"""Requests to other agencies (转介、协办): what may be asked of whom, and what they get to see."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    ANSWERED = "answered", _("answered")
    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Matter(TextChoices):
    LEGAL_AID = "legal_aid", _("legal publicity and legal aid")
    AID = "aid", _("aid for a household in need")
    CHILD_LABOUR = "child_labour", _("illegal hiring of a child")
    SEARCH = "search", _("search for a child")
    DISABILITY = "disability", _("assessment and aid for a disabled child")
    ILLNESS = "illness", _("medical opinion and treatment")
    WOMEN = "women", _("protection of a girl, early marriage")
    LICENCE = "licence", _("a business that breaks the law")
    VENUE = "venue", _("a venue or institution that holds children")
