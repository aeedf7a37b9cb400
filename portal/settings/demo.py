"""What `./dev run` starts: invented people beside the public record, mail into a folder, one-click sign-in."""

import os

from .base import *  # noqa: F403
from .base import BASE_DIR, env

PROFILE = "demo"
DEMO = True
DEMO_SEAL = True
SECRET_KEY = env("SECRET_KEY")
PASSPORT_KEYS = env.list("PASSPORT_KEYS")
PASSPORT_INDEX_KEY = env("PASSPORT_INDEX_KEY")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

DEMO_MAIL_DIR = BASE_DIR / ".local" / "mail"
if "EMAIL_URL" not in os.environ:
    EMAIL_BACKEND = "portal.mail.backends.FolderBackend"
