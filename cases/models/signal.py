"""What the bureau was told when it asked about visits; the question itself follows from them."""

from django.db import models

from agencies.models.bases import PublicModel
from cases.rules.signals import SignalAnswerKind, SignalKind


class SignalAnswer(PublicModel):
    """Append-only. visits: those that were asked about; one more asks anew."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=SignalKind.choices)
    visits = models.ManyToManyField("cases.Visit", related_name="+")
    answer = models.CharField(max_length=12, choices=SignalAnswerKind.choices)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "answer about visits"
        verbose_name_plural = "answers about visits"
        indexes = [models.Index(fields=["county", "-at"], name="signal_answer_county")]

    def __str__(self) -> str:
        return self.kind
