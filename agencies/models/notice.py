"""Notices: the outbox that every message goes through, and what became of each message.

A notice is written in the transaction of the fact that it tells. A later pass finds out who is to
be told and writes one delivery for each person and channel; the inbox is such a channel.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models.bases import PublicModel
from agencies.rules.notices import MOOT_WHEN_DONE, Channel, NoticeKind


class Notice(models.Model):
    """Something to be told once: dedupe is unique. params: ids, counts and names of bodies only."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    dedupe = models.CharField(max_length=120, unique=True)
    obligation = models.ForeignKey(
        "agencies.Obligation", models.CASCADE, null=True, related_name="notices"
    )
    level = models.PositiveSmallIntegerField(default=0)
    # Who is told, unless the obligation's ladder says it: posts, or everybody of an agency.
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("agencies.Post", models.PROTECT, null=True, related_name="+")
    href = models.CharField(max_length=120, blank=True)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    expanded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "notice"
        indexes = [
            models.Index(
                fields=["id"], name="notice_to_expand", condition=Q(expanded_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.dedupe

    @property
    def is_moot(self) -> bool:
        """It reminds of something that was done or has fallen away meanwhile."""
        owed = self.obligation
        done = owed is not None and bool(owed.met_at or owed.waived_at)
        return done and self.kind in MOOT_WHEN_DONE


class ChannelTarget(PublicModel):
    """The group robot of an agency. The token and the secret are sealed (agencies/sealing.py)."""

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="targets")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    base_url = models.CharField(max_length=200, blank=True)
    token = models.CharField(max_length=400)
    secret = models.CharField(max_length=400, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = "channel target"
        constraints = [
            models.UniqueConstraint(fields=["agency", "channel"], name="one_robot_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.channel}"


class DeliveryQuerySet(models.QuerySet):
    def inbox_of(self, user_id: int) -> Self:
        return self.filter(user=user_id, channel=Channel.INBOX)

    def unread(self) -> Self:
        return self.filter(channel=Channel.INBOX, read_at__isnull=True)

    def waiting(self) -> Self:
        return self.filter(state=Delivery.State.WAITING)


class Delivery(PublicModel):
    """One notice to one person by one channel, or to the robot of an agency."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")
        DROPPED = "dropped", _("not sent")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    user = models.ForeignKey("agencies.User", models.PROTECT, null=True, related_name="+")
    target = models.ForeignKey(ChannelTarget, models.CASCADE, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "delivery"
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "user", "target", "channel"],
                name="delivered_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="delivery_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["user", "-id"], name="delivery_inbox", condition=Q(channel="inbox")
            ),
            # The number beside the bell, on every page.
            models.Index(
                fields=["user"],
                name="delivery_unread",
                condition=Q(channel="inbox", read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class DeliveryAttempt(models.Model):
    """One try to hand messages over; several deliveries may have gone as one message."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    ok = models.BooleanField()
    status = models.CharField(max_length=24)
    detail = models.CharField(max_length=200, blank=True)
    together = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "delivery attempt"

    def __str__(self) -> str:
        return f"{self.at} {self.status}"


class NoticePreference(models.Model):
    """A person's own choice for a group of notices and a channel; without a row the default."""

    user = models.ForeignKey("agencies.User", models.CASCADE, related_name="preferences")
    group = models.CharField(max_length=12)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        verbose_name = "notice preference"
        constraints = [
            models.UniqueConstraint(fields=["user", "group", "channel"], name="one_choice")
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.channel}"
