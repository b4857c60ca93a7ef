"""Real PostgreSQL and Redis, a fast hasher, strict templates."""

import os
import tempfile
from pathlib import Path

from config import embedded
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, TEMPLATES, cache, database

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
VAR = (BASE_DIR / os.environ.get("VAR", "var")).resolve()
DATABASES = database(os.environ.get("DATABASE_URL") or embedded.database_url(VAR))
DATABASES["default"]["CONN_MAX_AGE"] = 0
if os.environ.get("TEST_FROM_TEMPLATE"):  # .ci/test has migrated it, each worker copies it
    DATABASES["default"]["TEST"] = {"TEMPLATE": DATABASES["default"]["NAME"]}
REDIS_URL = os.environ.get("REDIS_URL") or embedded.redis_url(VAR)
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CACHES = cache(REDIS_URL)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "UNDEFINED(%s)"
STATIC_ROOT = VAR / "static-test"
UPLOAD_ROOT = Path(tempfile.gettempdir()) / "not-one-less-test-uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
CLOCK_MAY_BE_FIXED = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SEAL_KEY = "only-for-tests-and-longer-than-32-characters"
SITE_URL = "https://county.example"
METRICS_ALLOW = ["127.0.0.1", "::1"]
