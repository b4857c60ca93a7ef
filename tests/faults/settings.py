"""The settings of the processes that are to be killed: as on a server where that matters."""

from pathlib import Path

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES, VAR

DATABASES["default"]["CONN_MAX_AGE"] = 60
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
UPLOAD_ROOT = Path(VAR) / "uploads"
