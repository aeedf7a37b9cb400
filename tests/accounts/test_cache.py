"""The cache that counts attempts, on a real server and without one."""

import time
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import RequestFactory, override_settings

from portal.accounts.throttle import too_often


def cache_at(location):
    options = {"socket_timeout": 1, "socket_connect_timeout": 1}
    return {
        "default": {
            "BACKEND": "portal.accounts.cache.AttemptsCache",
            "LOCATION": location,
            "OPTIONS": options,
        }
    }


@pytest.mark.parametrize(
    "location", [settings.CELERY_BROKER_URL, "redis://127.0.0.1:9/0"], ids=["server", "no server"]
)
def test_cache_counts_with_and_without_its_server(location):
    key = uuid4().hex
    with override_settings(CACHES=cache_at(location)):
        cache = caches["default"]
        assert cache.add(key, 1, timeout=60)
        assert not cache.add(key, 1, timeout=60)
        assert cache.incr(key) == 2
        assert cache.get(key) == 2
        cache.set(key, [1.5], 60)
        assert cache.get(key) == [1.5]
        cache.delete(key)
        assert cache.get(key, []) == []
        with pytest.raises(ValueError):
            cache.incr(key)


def test_dead_server_is_asked_once_and_then_left_alone():
    with override_settings(CACHES=cache_at("redis://127.0.0.1:9/0")):
        cache = caches["default"]
        cache.get("anything")
        began = time.monotonic()
        for _ in range(100):
            cache.get("anything")
        assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    "location", [settings.CELERY_BROKER_URL, "redis://127.0.0.1:9/0"], ids=["server", "no server"]
)
def test_limit_holds_for_each_address_by_itself(location):
    action = uuid4().hex
    one, other = (RequestFactory().get("/", REMOTE_ADDR=address) for address in ("10.0.0.1", "10.0.0.2"))
    with override_settings(CACHES=cache_at(location)):
        assert [too_often(one, action, limit=2, seconds=60) for _ in range(4)] == [False, False, True, True]
        assert not too_often(other, action, limit=2, seconds=60)
