"""The settings of processes that are to be killed: SMTP to a server of the test, which is waited for one second."""

import os

from portal.settings.test import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("CHAOS_SMTP_PORT", "0"))
EMAIL_TIMEOUT = 1
EMAIL_USE_TLS = EMAIL_USE_SSL = False
ALLOWED_HOSTS = ["*"]
# Beats look every second instead of every half minute.
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "portal.mail.tasks.sweep", "schedule": 1}}
