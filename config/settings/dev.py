"""A fresh clone runs without a variable: services under VAR, a fixed key, demonstration data."""

import json
import os

from config import embedded
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, cache, database

DEBUG = os.environ.get("DEBUG", "") == "1"
SECRET_KEY = "only-for-demonstrations-on-this-machine-never-for-real-children"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

VAR = (BASE_DIR / os.environ.get("VAR", "var")).resolve()
DATABASES = database(os.environ.get("DATABASE_URL") or embedded.database_url(VAR))
REDIS_URL = os.environ.get("REDIS_URL") or embedded.redis_url(VAR)
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CACHES = cache(REDIS_URL)

STATIC_ROOT = VAR / "static"
UPLOAD_ROOT = VAR / "uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

ANNOUNCED = VAR / "demo.json"  # the running demonstration says its own address
SITE_URL = (
    os.environ.get("SITE_URL")
    or (json.loads(ANNOUNCED.read_text("utf-8"))["url"].rstrip("/") if ANNOUNCED.exists() else "")
    or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
)
SEAL_KEY = "only-for-demonstrations-on-this-machine-seals-invented-secrets"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
# Text messages of invented people on the terminal, for who wants to see them.
SMS_GATEWAY = {"driver": "console"} if os.environ.get("SMS_CONSOLE") == "1" else {}
METRICS_ALLOW = ["127.0.0.1", "::1"]
WEBHOOK_HOSTS = [host for host in os.environ.get("WEBHOOK_HOSTS", "").split(",") if host]
WEBHOOK_PRIVATE_HOSTS = WEBHOOK_HOSTS  # a receiver on this machine may be tried out

CLOCK_MAY_BE_FIXED = True
DEMO = True
DEMO_CLOCK_FILE = VAR / "clock"
DEMO_ACCOUNTS_FILE = VAR / "accounts.json"
