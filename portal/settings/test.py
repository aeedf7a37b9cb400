"""The tests' profile: like production in what is allowed, quick where that changes nothing."""

from .base import *  # noqa: F403
from .base import BASE_DIR, env

PROFILE = "test"
DEMO_SEAL = True
SECRET_KEY = "a key for tests only, long enough to please the deployment check 0123456789"  # noqa: S105
PASSPORT_KEYS = ["tests:a secret for tests only, long enough to seal with"]
PASSPORT_INDEX_KEY = "another secret for tests only, for the index"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}  # limits end with their process
CELERY_TASK_ALWAYS_EAGER = False
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
DEMO_MAIL_DIR = BASE_DIR / ".local" / "test-mail"
# The threads of the live server would keep theirs, and the database could not be dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
# `./dev test` migrates one database; those of the tests are copies of it.
if template := env("TEST_DATABASE_TEMPLATE", default=""):
    DATABASES["default"]["TEST"] = {"TEMPLATE": template}  # noqa: F405

# What a test logs is read by caplog; the log itself has tests of its own (tests/accounts/test_logs.py).
LOGGING = {**LOGGING, "root": {"handlers": [], "level": "WARNING"}}  # noqa: F405
