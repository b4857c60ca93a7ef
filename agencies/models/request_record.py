"""First answers to requests with an Idempotency-Key, kept for a week."""

from django.db import models


class RequestRecord(models.Model):
    """The same key and body get the first answer again; another body is refused."""

    user = models.ForeignKey("agencies.User", models.CASCADE, related_name="+")
    key = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "request record"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="request_key_once")]
        indexes = [models.Index(fields=["created_at"], name="request_record_age")]

    def __str__(self) -> str:
        return str(self.key)
