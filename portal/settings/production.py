"""A real installation. Every secret comes from the environment; a missing one stops the start."""

from .base import *  # noqa: F403
from .base import env

PROFILE = "production"
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL").rstrip("/")
# name:secret pairs; the first seals passport numbers, all of them open. The index has a secret of its own.
PASSPORT_KEYS = env.list("PASSPORT_KEYS")
PASSPORT_INDEX_KEY = env("PASSPORT_INDEX_KEY")
SECOND_FACTOR_REQUIRED = True
CERTIFICATE_SEAL = env("CERTIFICATE_SEAL")
# Limits count callers: behind a proxy they are told apart by what it says, and by nothing a caller could write. Only
# the installation knows how many proxies stand before it; a wrong guess would let callers name their own address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT")

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
