"""Joint conferences: members, meetings with agenda, attendance and minutes, decisions."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models.bases import (
    PeriodModel,
    PeriodQuerySet,
    PublicModel,
    ends_after_start,
    valid_on,
)
from agencies.rules.conferences import DecisionState, MeetingState, Presence, SeatRole, Source
from agencies.rules.scope import Scope


class ConferenceQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Those of one's bodies as host or member, or that charged them; the bureau sees all."""
        rows = self.filter(county_id=scope.county_id)
        if scope.everything:
            return rows
        mine = scope.agency_ids
        sits = Seat.objects.filter(valid_on(scope.on), agency__in=mine)
        charged = Decision.objects.filter(owner__in=mine)
        seen = Q(host__in=mine) | Q(pk__in=sits.values("conference"))
        return rows.filter(seen | Q(pk__in=charged.values("meeting__conference")))


class Conference(PublicModel):
    """The standing conference of a county or township. host: the body that runs it."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    region = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    host = models.OneToOneField("agencies.Agency", models.PROTECT, related_name="conference")
    name = models.CharField(max_length=80)
    set_up_on = models.DateField()

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "joint conference"

    def __str__(self) -> str:
        return self.name


class Seat(PublicModel, PeriodModel):
    """A body's place in a conference, held by a person who needs no account."""

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="seats")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=SeatRole.choices)
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=60)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "seat in a conference"
        verbose_name_plural = "seats in conferences"
        constraints = [
            ends_after_start("seat_ends_after_start"),
            models.UniqueConstraint(
                fields=["conference"],
                condition=Q(role=SeatRole.CONVENER, ends_on=None),
                name="one_convener",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.name}"


class Meeting(PublicModel):
    """One meeting. paper: the signed minutes, frozen with digest, signer and moment."""

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    planned_on = models.DateField()
    place = models.CharField(max_length=80)
    held_on = models.DateField(null=True, blank=True)
    chair = models.CharField(max_length=60, blank=True)
    minutes = models.TextField(max_length=8000, blank=True)
    cancelled_because = models.CharField(max_length=200, blank=True)
    paper = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    client_id = models.UUIDField()

    class Meta:
        verbose_name = "meeting of a conference"
        verbose_name_plural = "meetings of conferences"
        constraints = [
            models.UniqueConstraint(fields=["conference", "number"], name="meeting_number_once"),
            models.UniqueConstraint(fields=["conference", "client_id"], name="meeting_once"),
            models.UniqueConstraint(
                fields=["conference"],
                condition=Q(state=MeetingState.PLANNED),
                name="one_meeting_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conference} {self.number}"


class AgendaItem(models.Model):
    """A point: written by the host, or found by itself and frozen when the meeting was held."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    source = models.CharField(max_length=12, choices=Source.choices)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    lines = models.JSONField(default=list)

    class Meta:
        verbose_name = "point of the agenda"
        verbose_name_plural = "points of the agenda"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once")
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Who came for a seat. who: the person that came instead."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    presence = models.CharField(max_length=10, choices=Presence.choices)
    who = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "attendance of a seat"
        verbose_name_plural = "attendance of seats"
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once")]

    def __str__(self) -> str:
        return self.presence


class Decision(PublicModel):
    """What a meeting charged a body with, until when. The obligation keeps the clock."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1000)
    owner = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    due_on = models.DateField()
    obligation = models.OneToOneField("agencies.Obligation", models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=DecisionState.choices, default=DecisionState.OPEN
    )
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(max_length=2000, blank=True)
    ended_by = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField()

    class Meta:
        verbose_name = "decision of a conference"
        verbose_name_plural = "decisions of conferences"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="decision_number_once"),
            models.UniqueConstraint(fields=["meeting", "client_id"], name="decision_once"),
        ]
        indexes = [models.Index(fields=["owner", "state"], name="decision_of_owner")]

    def __str__(self) -> str:
        return f"{self.meeting} {self.number}"
