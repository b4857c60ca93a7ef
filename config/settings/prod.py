"""A county's server: every secret is required, the clock is real."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.settings import env
from config.settings.base import *  # noqa: F403
from config.settings.base import cache, database

if "NOW" in os.environ:
    raise ImproperlyConfigured("NOW fixes the clock: never on a county's server. Unset it.")

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
DATABASES = database(env.text("DATABASE_URL"))
REDIS_URL = env.text("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CACHES = cache(REDIS_URL)
STATIC_ROOT = Path(env.text("STATIC_ROOT", "/srv/not-one-less/static"))
UPLOAD_ROOT = Path(env.text("UPLOAD_ROOT", "/srv/not-one-less/uploads"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sid"
CSRF_COOKIE_NAME = "__Host-csrf"

TRUSTED_PROXIES = env.words("TRUSTED_PROXIES", "")

# --- secrets at rest, and what leaves the server ---------------------------------------------
SEAL_KEY = env.text("SEAL_KEY")
if len(SEAL_KEY) < 32:
    raise ImproperlyConfigured("SEAL_KEY must be a random text of at least 32 characters.")
HOST_NAMES = [host for host in ALLOWED_HOSTS if not host.startswith(("*", "."))]
SITE_URL = env.text("SITE_URL", f"https://{HOST_NAMES[0]}" if HOST_NAMES else None).rstrip("/")
WEBHOOK_HOSTS = env.words("WEBHOOK_HOSTS", "")
WEBHOOK_PRIVATE_HOSTS = env.words("WEBHOOK_PRIVATE_HOSTS", "")
WEBHOOK_CA_FILE = env.text("WEBHOOK_CA_FILE", "")
SMS_GATEWAY = {}
if SMS_URL := env.text("SMS_GATEWAY_URL", ""):
    SMS_GATEWAY = {
        "driver": "http",
        "url": SMS_URL,
        "template": env.text("SMS_GATEWAY_TEMPLATE", ""),
        "token": env.text("SMS_GATEWAY_TOKEN"),
    }
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_SECURITY = env.text("EMAIL_SECURITY", "starttls")
if EMAIL_SECURITY not in ("starttls", "tls", "none"):
    raise ImproperlyConfigured("EMAIL_SECURITY must be starttls, tls or none.")
EMAIL_USE_TLS = EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = EMAIL_SECURITY == "tls"
SENDER = f"not-one-less@{HOST_NAMES[0] if HOST_NAMES else 'localhost'}"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", SENDER)

# --- who watches ------------------------------------------------------------------------------
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
BACKUP_GLOB = env.text("BACKUP_GLOB", "")
