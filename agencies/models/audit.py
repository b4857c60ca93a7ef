"""The access log: who read or changed what. Append-only: a trigger refuses update and delete."""

from django.db import models


class AuditEvent(models.Model):
    """Ids, field names and counts: never values, never names of children."""

    at = models.DateTimeField()
    county = models.ForeignKey("agencies.Region", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey("agencies.User", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)
    request = models.CharField(max_length=36, blank=True)

    class Meta:
        verbose_name = "audit event"
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_subject"),
            models.Index(fields=["user", "at"], name="audit_user"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
