"""外联保学: work with the education authority of another county, and what it confirmed."""

from django.db import models

from agencies.models.bases import PublicModel
from cases.rules.outside import Why


class OutsideNotice(PublicModel):
    """A notice to the authority where the child now is, or where it is registered (S1-55, S1-60).

    why: which of the two; archive_handed_on: the electronic file of the child was passed on
    (S1-61), with how and to whom.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="outside_notices")
    episode = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=16, choices=Why.choices)
    authority = models.CharField(max_length=80)
    authority_contact = models.CharField(max_length=80, blank=True)
    area_code = models.CharField(max_length=12, blank=True)
    paper = models.ForeignKey("cases.CasePaper", models.PROTECT, null=True, related_name="+")
    sent_on = models.DateField()
    sent_at = models.DateTimeField()
    by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    obligation = models.OneToOneField(
        "agencies.Obligation", models.PROTECT, null=True, related_name="+"
    )
    replied_on = models.DateField(null=True, blank=True)
    reply = models.TextField(max_length=2000, blank=True)
    reply_number = models.CharField(max_length=60, blank=True)
    reply_file = models.ForeignKey(
        "agencies.StoredFile", models.PROTECT, null=True, related_name="+"
    )
    archive_handed_on = models.DateField(null=True, blank=True)
    archive_note = models.CharField(max_length=200, blank=True)
    archive_paper = models.ForeignKey(
        "cases.CasePaper", models.PROTECT, null=True, related_name="+"
    )
    client_id = models.UUIDField()

    class Meta:
        verbose_name = "notice to another county"
        verbose_name_plural = "notices to other counties"
        constraints = [
            models.UniqueConstraint(fields=["case", "client_id"], name="outside_notice_once")
        ]
        indexes = [models.Index(fields=["case", "sent_at"], name="outside_case")]

    def __str__(self) -> str:
        return self.authority


class AttendanceConfirmation(models.Model):
    """The other side confirms for one term that the child attends there: school, class, proof.

    It stands behind the placement `elsewhere` of that term; the next term asks again.
    """

    notice = models.ForeignKey(OutsideNotice, models.PROTECT, related_name="confirmations")
    term = models.ForeignKey("students.Term", models.PROTECT, related_name="+")
    school_name = models.CharField(max_length=80)
    class_name = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    proof = models.CharField(max_length=200)
    file = models.ForeignKey("agencies.StoredFile", models.PROTECT, null=True, related_name="+")
    placement = models.ForeignKey("students.Placement", models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "confirmation of attendance elsewhere"
        verbose_name_plural = "confirmations of attendance elsewhere"
        constraints = [
            models.UniqueConstraint(fields=["notice", "term"], name="confirmed_once_a_term")
        ]

    def __str__(self) -> str:
        return self.school_name
