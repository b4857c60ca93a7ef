"""What happened in a case, one row per action, append-only."""

from django.db import models


class CaseEvent(models.Model):
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="events")
    episode = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=24)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    note = models.TextField(max_length=2000, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = "case event"
        indexes = [models.Index(fields=["case", "at"], name="case_event")]

    def __str__(self) -> str:
        return f"{self.on} {self.action}"
