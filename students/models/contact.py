"""Contacts with the guardian of an absent child (S1-22), home visits among them (S1-21): how, who
was reached, what was said."""

from django.db import models

from agencies.models.bases import PublicModel
from students.rules.contact import Channel, Reached


class GuardianContact(PublicModel):
    """One try to reach a guardian. Append-only; on: the day of absence that it is about.

    Of a visit at home: who else was there, who signed its record or why nobody did, a photo.
    """

    county = models.ForeignKey("agencies.Region", models.PROTECT, related_name="+")
    student = models.ForeignKey("students.Student", models.PROTECT, related_name="contacts")
    on = models.DateField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    reached = models.CharField(max_length=10, choices=Reached.choices)
    answer = models.CharField(max_length=400, blank=True)
    with_whom = models.CharField(max_length=80, blank=True)
    signed_by = models.CharField(max_length=40, blank=True)
    unsigned_because = models.CharField(max_length=200, blank=True)
    photo = models.ForeignKey("agencies.StoredFile", models.PROTECT, null=True, related_name="+")
    thumbnail = models.ForeignKey(
        "agencies.StoredFile", models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "guardian contact"
        indexes = [models.Index(fields=["student", "-at"], name="contact_student")]

    def __str__(self) -> str:
        return f"{self.at} {self.channel}"
