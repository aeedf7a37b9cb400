"""The private servers of a home, and the environment in which Django finds them."""

import os

from .console import Problem, say, step
from .paths import VENV
from .postgres import Postgres
from .valkey import Valkey

DEFAULT_PORT = 8000


def start(home, services, *, throwaway=False):
    """Start the servers that the environment does not name, and return the addresses of them all."""
    services.stop_leftovers()
    addresses = {}
    for variable, label, kind in (
        ("DATABASE_URL", "PostgreSQL", lambda: Postgres(home, throwaway=throwaway)),
        ("REDIS_URL", "Valkey", lambda: Valkey(home)),
    ):
        if os.environ.get(variable):
            say(f"{label}: the one that {variable} names")
            addresses[variable] = os.environ[variable]
            continue
        with step(f"Starting a private {label}"):
            server = kind()
            server.start(services)
        addresses[variable] = server.url
    return addresses


def environment(home, settings, addresses):
    """Return the environment of every Django process of a home."""
    port = port_wanted()
    return {
        **inherited(),
        "SECRET_KEY": home.secret("secret key"),
        "PASSPORT_KEYS": f"demo:{home.secret('passport numbers')}",
        "PASSPORT_INDEX_KEY": home.secret("passport index"),
        "SITE_URL": os.environ.get("SITE_URL") or f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "PRIVATE_FILES_ROOT": str(home.path / "files"),
        "STATIC_ROOT": str(home.path / "static"),
        **{name: os.environ.get(name) or address for name, address in addresses.items()},
        "DJANGO_SETTINGS_MODULE": settings,
    }


def inherited():
    """Return our environment for a Django process: modules are kept compiled, output is not held back."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONUNBUFFERED": "1", "VIRTUAL_ENV": str(VENV)}


def port_wanted():
    """Return the port that the portal is to answer on."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT is {text!r}, which is no port number.")
    return int(text)
