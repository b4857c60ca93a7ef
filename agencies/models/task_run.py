"""When each background task last succeeded."""

from django.db import models


class TaskRun(models.Model):
    name = models.CharField(max_length=60, unique=True)
    succeeded_at = models.DateTimeField()
    result = models.IntegerField(default=0)

    class Meta:
        verbose_name = "task run"

    def __str__(self) -> str:
        return self.name
