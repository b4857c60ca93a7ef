"""What an uploaded file is from its dry run to its undoing, whoever keeps it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models.bases import PublicModel


class Upload(PublicModel):
    """A file that is checked first and applied when a person, or two, confirmed it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be checked")
        CHECKED = "checked", _("checked")
        NEEDS_SECOND = "needs_second", _("waits for a second person")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        UNDOING = "undoing", _("being taken back")
        UNDONE = "undone", _("undone")
        REFUSED = "refused", pgettext_lazy("import", "refused")

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    file_name = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    problem = models.CharField(max_length=200, blank=True)
    headings = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    asked_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def left_out(self) -> int:
        """Rows with errors and duplicates."""
        return self.counts.get("error", 0) + self.counts.get("duplicate", 0)
