"""What is true everywhere. Grouped by topic; no `if DEBUG`."""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# --- applications ---------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_standardized_errors",
    "knox",
    "guardian",
    "csp",
    "agencies",
    "students",
    "cases",
    "reporting",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.RequestId",
    "config.body_size.BodySize",
    "config.nulls.NoNulls",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.Language",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "config.middleware.WhoIsAsking",
    "config.middleware.DomainErrors",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.middleware.page_frame",
            ],
            "builtins": ["django.templatetags.i18n", "agencies.templatetags.ui"],
        },
    }
]

# --- database -------------------------------------------------------------------------------


def database(url: str) -> dict[str, dict]:
    """PostgreSQL only; connections are kept and checked before use."""
    parsed = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    if parsed["ENGINE"] != "django.db.backends.postgresql":
        raise ValueError("DATABASE_URL must be a postgresql:// address.")
    patience = {**parsed.get("OPTIONS", {}), "connect_timeout": 5}  # seconds
    return {"default": {**parsed, "OPTIONS": patience, "ATOMIC_REQUESTS": False}}


# --- Redis -----------------------------------------------------------------------------------


def cache(url: str) -> dict[str, dict]:
    """Only counters live there. A Redis that is gone or hangs must not hold a page for long."""
    patience = {"socket_connect_timeout": 1, "socket_timeout": 2}
    backend = "django.core.cache.backends.redis.RedisCache"
    return {"default": {"BACKEND": backend, "LOCATION": url, "OPTIONS": patience}}


# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "agencies.backends.PostsBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- sessions, cookies, headers -------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Proxies whose X-Forwarded-For is believed: addresses, networks, "unix" for the server's socket.
# Limits by address (tips from the public) count these as nobody; without any, nobody is believed.
TRUSTED_PROXIES: list[str] = []

# --- language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- static files and uploads ---------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- background work (security.md §6: what was measured) ------------------------------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
}
CELERY_TIMEZONE = TIME_ZONE

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "agencies.api.authentication.PostsTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"login": "60/min"},
    "EXCEPTION_HANDLER": "config.problems.handler",
    "UNAUTHENTICATED_USER": None,
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_FORMATTER_CLASS": "config.problems.Formatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Not One Less",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "VisitOutcome": "cases.rules.visits.Outcome",
        "LegalStepOutcome": "cases.rules.ladder.StepOutcome",
    },
}
KNOX_TOKEN_MODEL = "agencies.ApiToken"  # noqa: S105 a model, not a secret
# Its own token table is swapped out, so its migrations would only leave an empty table behind.
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Token", "AUTO_REFRESH": False}

# --- logging: no values of people, only ids (security.md SR-36) -----------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Its warnings name whole addresses, and robots carry their token in there.
    "loggers": {"urllib3": {"level": "ERROR"}},
}

# --- what leaves the server: agencies/channels ----------------------------------------------
# Hosts that may be called: "host" at its usual port, or "host:port". Nothing else is.
WEBHOOK_HOSTS: list[str] = []
# Those of them that may be inside the county's network, and may speak plain http.
WEBHOOK_PRIVATE_HOSTS: list[str] = []
# A file with the certificates of the county's own authority; empty: the public ones.
WEBHOOK_CA_FILE = ""
# {} = no text messages, {"driver": "console"}, or {"driver": "http", "url", "template", "token"}.
SMS_GATEWAY: dict[str, str] = {}
EMAIL_TIMEOUT = 5  # seconds for each step
DEFAULT_FROM_EMAIL = "not-one-less@localhost"
# Where people reach this system, without a slash at the end: links in messages begin with it.
SITE_URL = ""
# Secrets at rest are sealed with it (agencies/sealing.py).
SEAL_KEY = ""

# --- who watches ------------------------------------------------------------------------------
# /metrics answers whoever brings the token, and these addresses (never through a proxy).
METRICS_ALLOW: list[str] = []
METRICS_TOKEN = ""
# Files of the backups, such as /srv/backup/*.dump; empty: their age is not watched.
BACKUP_GLOB = ""

# --- this product ---------------------------------------------------------------------------
# NOW in the environment fixes the clock; only dev and test allow it (agencies/clock.py).
CLOCK_MAY_BE_FIXED = False
# A file that holds the training clock of a demonstration; None elsewhere.
DEMO_CLOCK_FILE: Path | None = None
# The logins of a demonstration, shown on its login page; None elsewhere.
DEMO_ACCOUNTS_FILE: Path | None = None
# Invented people: said on every page.
DEMO = False
