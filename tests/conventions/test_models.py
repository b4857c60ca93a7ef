"""What every model keeps."""

from django.apps import apps
from django.core.management import call_command
from django.db import models

from agencies.models import User
from cases.models import Case
from students.models import Student

OURS = ("agencies", "students", "cases", "reporting")


def ours() -> list[type[models.Model]]:
    return [model for app in OURS for model in apps.get_app_config(app).get_models()]


def test_every_model_has_a_lower_case_verbose_name_and_words():
    for model in ours():
        name = str(model._meta.verbose_name)
        assert name[0].islower() or name.startswith("API"), model
        assert "__str__" in vars(model) or any("__str__" in vars(b) for b in model.__mro__[1:-2])


def test_text_is_never_null():
    """A unique number may be missing; every other text is empty instead."""
    null_text = {
        f"{model.__name__}.{field.name}"
        for model in ours()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.null
    }
    assert null_text == {"Student.id_number"}


# What belongs to a child, a case or an account and goes with it.
OWNED = {
    "Guardian", "StudentNumber", "EnrollmentChange", "CaseObligation", "CaseEvent", "CaseGrant",
    "ApiToken", "RequestRecord", "NoticePreference",
}  # fmt: skip


def test_nothing_else_cascades_from_a_child_a_case_or_an_account():
    for model in ours():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model in (
                Student,
                Case,
                User,
            ):
                cascades = field.remote_field.on_delete is models.CASCADE
                assert not cascades or model.__name__ in OWNED, (model, field.name)


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
