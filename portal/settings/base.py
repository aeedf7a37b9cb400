"""What every profile shares. Nothing here opens a door; a profile names what it adds."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

PROFILE = "base"
DEBUG = False
DEMO = False  # the demo profile alone sets it; it opens one-click sign-in and the demo mailbox

INSTALLED_APPS = [
    # top
    "portal.desk",
    "portal.public",
    # domain
    "programs",
    "participants",
    "partners",
    "hospitals",
    # foundation
    "portal.mail",
    "portal.search",
    "portal.records",
    "portal.accounts",
    "portal.ui",
    # libraries
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, for FORM_RENDERER
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "heroicons",
    "pghistory",
    "pgtrigger",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portal.accounts.middleware.PrivatePagesMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.records.middleware.BusyMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context_processors.ui",
            ],
            "builtins": ["portal.ui.templatetags.ui", "template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data -----------------------------------------------------------------------------------------
# A connection is kept for ten minutes and checked before use: opening one costs more than a page.
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://portal@127.0.0.1:5432/portal")}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=600,
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
)
# A lock that is not had within three seconds is answered with "try again", not with a hanging page.
# From 0.5 on two words are spellings of one: “wiltze” and Wiltse share 0.57 (portal.search).
# Each row a trigger sees asks which triggers to ignore; where that is not set, PostgreSQL raises and takes back.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c lock_timeout=3000 -c pg_trgm.word_similarity_threshold=0.5 -c pgtrigger.ignore={}"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a day's list of 1,000 people has some thousand
PRIVATE_FILES_ROOT = Path(env("PRIVATE_FILES_ROOT", default=str(BASE_DIR / ".local" / "files")))

# Counts attempts at sign-in and verification; see portal.accounts.cache for why it is this one.
CACHES = {
    "default": {
        "BACKEND": "portal.accounts.cache.AttemptsCache",
        "LOCATION": env("REDIS_URL", default="redis://127.0.0.1:6379/0"),
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# The broker is a nudge (docs/architecture.md): no results, JSON only, nothing long held.
CELERY_BROKER_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 240  # seconds; shorter than the lease of a mail (portal.mail)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
}
CELERY_TIMEZONE = "Asia/Seoul"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "portal.mail.tasks.sweep", "schedule": 30, "options": {"expires": 25}},
    "issue-certificates": {
        "task": "programs.tasks.issue_certificates",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "propose-placements": {
        "task": "programs.tasks.propose_placements",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "due-work": {"task": "portal.desk.tasks.due_work", "schedule": 600, "options": {"expires": 500}},
}

# Passport numbers and papers go so many days after departure (programs.workflow.retention).
RETENTION_DAYS = env.int("RETENTION_DAYS", default=90)

# Mail -----------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env(
    "FROM_EMAIL", default='"Medical Training, Gyeonggi Province" <training@gyeonggi.example>'
)
# Absolute links in mails and on certificates begin with this.
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

# People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
SESSION_COOKIE_AGE = 12 * 3600  # a working day
SESSION_COOKIE_HTTPONLY = True
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
# Nobody signs up (the adapter says so); without a password here allauth would not ask for one at sign-in either.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # users are invited; the invitation's link proves the address
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {
    "numeric": True,
    "length": 6,
    "dashed": False,
}  # typed on a phone; three tries
# A code is one of a million: ten asked for and ten typed in an hour (portal.accounts.forms) leave nobody a chance.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,10/h/key"}
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.PasswordForm",
    "request_login_code": "portal.accounts.forms.CodeRequestForm",
    "confirm_login_code": "portal.accounts.forms.CodeForm",
    "reset_password": "portal.accounts.forms.ResetForm",
    "reset_password_from_key": "portal.accounts.forms.ResetKeyForm",
    "change_password": "portal.accounts.forms.PasswordChangeForm",
    "set_password": "portal.accounts.forms.PasswordSetForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "portal.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.AppCodeForm",
    "reauthenticate": "portal.accounts.forms.AppCodeAgainForm",
    "activate_totp": "portal.accounts.forms.AppSetupForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Medical Gyeonggi"
SECOND_FACTOR_REQUIRED = False  # production turns it on for staff

# To stderr, where gunicorn, Celery and systemd write too. Addresses that open somebody's door stand in no log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "without_secrets": {"()": "portal.accounts.logs.WithoutSecrets"},
        "not_every_visitor": {"()": "portal.accounts.logs.NotEveryVisitor"},
    },
    "formatters": {
        "plain": {
            "()": "portal.accounts.logs.WithoutRows",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "level": "WARNING",
            "filters": ["not_every_visitor", "without_secrets"],
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"filters": ["without_secrets"]}},
}

# Languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Mongolian and Russian join when their catalogs are whole: a page is in one language or not offered.
LANGUAGES = [("en", _("English")), ("ko", _("Korean")), ("mn", _("Mongolian")), ("ru", _("Russian"))]
# In these the whole portal stands; in the others what visitors, trainees, graduates and partners read.
DESK_LANGUAGES = ["en", "ko"]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# Pages ----------------------------------------------------------------------------------------
PORTAL_NAV = "portal.desk.nav.nav"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.ui.finders.BootstrapFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_FILES_ROOT, "base_url": None},
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
SILENCED_SYSTEM_CHECKS = []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

PGHISTORY_APPEND_ONLY = True
PGHISTORY_ADMIN_ALL_EVENTS = False

# Who signs certificates; the office, until a person is named.
CERTIFICATE_SIGNATORY = {
    "signatory_en": env("CERTIFICATE_SIGNATORY", default="Director, Health and Medical Policy"),
    "signatory_ko": env("CERTIFICATE_SIGNATORY_KO", default="보건의료정책 담당 국장"),
    "signatory_title_en": env("CERTIFICATE_SIGNATORY_TITLE", default="Gyeonggi Province"),
    "signatory_title_ko": env("CERTIFICATE_SIGNATORY_TITLE_KO", default="경기도"),
}

# The province's key and certificates as a PEM file (programs.sealing). Only the demo and the tests make their own.
CERTIFICATE_SEAL = env("CERTIFICATE_SEAL", default=str(BASE_DIR / ".local" / "seal.pem"))
CERTIFICATE_SEAL_PASSPHRASE = env("CERTIFICATE_SEAL_PASSPHRASE", default="").encode() or None
# PEM files with the certificates of earlier seals: badges signed by these stay checkable.
CERTIFICATE_SEALS_BEFORE = env.list("CERTIFICATE_SEALS_BEFORE", default=[])
DEMO_SEAL = False
