"""Bytes that belong to a record: an issued paper, a scan, a photo. Written once, never changed."""

from django.db import models

from agencies.models.bases import PublicModel


class StoredFile(PublicModel):
    """In the database, so that one backup holds the record and what proves it.

    name: how the file is called when somebody saves it; made by us, never by the sender.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "stored file"

    def __str__(self) -> str:
        return f"{self.media_type} {self.digest[:12]}"
