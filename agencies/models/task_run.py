"""How each background task is doing, and the last clock reading that a sweep believed."""

from django.db import models


class TaskRun(models.Model):
    """The last success of a task and what has gone wrong since. error: a class name, no values."""

    name = models.CharField(max_length=60, unique=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    result = models.IntegerField(default=0)
    seconds = models.FloatField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "task run"

    def __str__(self) -> str:
        return self.name


class ClockMark(models.Model):
    """The last believed reading of the clock, and the doubt that stops the sweep (one row)."""

    now = models.DateTimeField()
    boot = models.CharField(max_length=40)
    up = models.FloatField()
    doubt = models.CharField(max_length=10, blank=True)
    doubted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "clock mark"

    def __str__(self) -> str:
        return str(self.now)
