"""The cache that counts attempts. It holds nothing that may not be lost."""

import logging
import time

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE = 15.0  # seconds without asking again: a sign-in must not wait for a dead server each time


class AttemptsCache(RedisCache):
    """Redis, so that all web processes count together; while it does not answer each process counts by itself.

    Sign-in must work while the broker is down (promises.md), and must not become a place to guess freely: a cache in
    memory alone would multiply every limit by the number of processes, and a table in the database would add writes to
    the page that attackers hit most.
    """

    def __init__(self, server, params):
        super().__init__(server, params)
        self._own = LocMemCache(f"attempts-{server}", {})
        self._quiet_until = 0.0

    def _ask(self, name, *args, **kwargs):
        if time.monotonic() >= self._quiet_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except RedisError as error:
                self._quiet_until = time.monotonic() + PAUSE
                logger.warning("The cache does not answer; this process counts attempts by itself: %s", error)
        return getattr(self._own, name)(*args, **kwargs)

    def add(self, *args, **kwargs):
        return self._ask("add", *args, **kwargs)

    def get(self, *args, **kwargs):
        return self._ask("get", *args, **kwargs)

    def set(self, *args, **kwargs):
        return self._ask("set", *args, **kwargs)

    def incr(self, *args, **kwargs):
        return self._ask("incr", *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._ask("delete", *args, **kwargs)

    def clear(self):
        return self._ask("clear")
