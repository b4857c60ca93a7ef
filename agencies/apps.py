from django.apps import AppConfig

from agencies import checks  # noqa: F401 registers the system checks


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "agencies"
