"""The official calendar: statutory holidays and make-up working days, a notice a year."""

from django.db import models


class CalendarYear(models.Model):
    """A year whose official notice is loaded; other years are counted provisionally."""

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=120)

    class Meta:
        verbose_name = "calendar year"

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A weekday that is a holiday, or a weekend day that is worked."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday"
        MAKE_UP = "make_up"

    day = models.DateField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name = "calendar day"

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"
