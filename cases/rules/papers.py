"""The catalogue of papers: what each is called, who issues it, and what has to stand in it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperKind(TextChoices):
    PERSUASION_NOTICE = "persuasion_notice", _("persuasion notice")
    ORDER_TO_RETURN = "order_to_return", _("order to return")
    CRITICISM_RECORD = "criticism_record", _("record of criticism and education")
    PERSUASION_REPORT = "persuasion_report", _("report on persuasion and return")
    REFERRAL_FILE = "referral_file", _("referral to the justice side")
    HELP_REQUEST = "help_request", _("request for assistance")
    OUTSIDE_NOTICE = "outside_notice", _("notice to another county")
    ARCHIVE_HANDOVER = "archive_handover", _("hand-over of the electronic archive")
    OPENING_REPORT = "opening_report", _("report on the opening of a case")
    CASE_FILE = "case_file", _("case file")
    CLOSURE_FORM = "closure_form", _("closure form")
    DELIVERY_RECEIPT = "delivery_receipt", _("delivery receipt")
    TRIP_SHEET = "trip_sheet", _("trip sheet")
