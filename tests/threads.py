"""Several people at the same moment, each in a thread with a connection of its own.

A race is lost in the gap between looking and writing. A test holds that gap open with `meet` or `step_back`: not for
a time, which is too short on a busy machine and too long on any other, but until it is known what the others do.
"""

import functools
import threading

from django.core.exceptions import ValidationError
from django.db import Error, connection
from django.test import Client

PATIENCE = 30  # seconds; after that a gap closes, and the test says by itself what went wrong


class _Race:
    running = None

    def __init__(self, size):
        self.size, self.here, self.ended, self.gaps = size, 0, 0, 0
        self.moved = threading.Condition()

    def end(self):
        with self.moved:
            self.ended += 1
            self.moved.notify_all()

    def meet(self):
        with self.moved:
            self.here += 1
            gap = self.gaps
            self._wait(lambda: self.gaps != gap or self._all(self.here))
            if self.gaps == gap:
                self.gaps, self.here = gap + 1, 0
                self.moved.notify_all()

    def step_back(self):
        with self.moved:
            self._wait(lambda: self._all(1))

    def _all(self, here):
        return here + self.ended + _waiting_for_a_lock() >= self.size

    def _wait(self, so_far):
        """Locks taken and given back notify nobody: they are looked at every hundredth of a second."""
        for _look in range(PATIENCE * 100):
            if so_far():
                return
            self.moved.wait(0.01)


def _waiting_for_a_lock():
    """How many connections to this database wait for a lock of another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot()"
        )  # else a transaction sees the activity of its beginning
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def meet():
    """Wait until each of the others has come here too, waits for a lock, or has ended. Outside of a race: nothing."""
    if _Race.running is not None:
        _Race.running.meet()


def step_back():
    """Wait until each of the others waits for a lock or has ended: they are let go first."""
    if _Race.running is not None:
        _Race.running.step_back()


def meet_after(look):
    """The function, after which all meet: everybody has looked before anybody writes."""

    @functools.wraps(look)
    def looked(*args, **kwargs):
        found = look(*args, **kwargs)
        meet()
        return found

    return looked


def meet_before(write):
    """The function, before which all meet: everybody has decided before anybody writes."""

    @functools.wraps(write)
    def written(*args, **kwargs):
        meet()
        return write(*args, **kwargs)

    return written


def race(*jobs):
    """Like `at_once`, but a refusal or an error of the database is the answer of the job that raised it."""
    return _run(jobs, answers_too=(ValidationError, Error))


def at_once(*jobs):
    """What the jobs answered, in their order; what one raised is raised."""
    return _run(jobs, answers_too=())


def _run(jobs, *, answers_too):
    start = threading.Barrier(len(jobs))
    answers, errors = [None] * len(jobs), []
    running = _Race.running = _Race(len(jobs))

    def run(number, job):
        try:
            start.wait(10)
            answers[number] = job()
        except answers_too as error:
            answers[number] = error
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()
            running.end()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    _Race.running = None
    if errors:
        raise errors[0]
    return answers


def posting(user, url, data):
    """A job that sends the form as this user."""
    client = Client()
    client.force_login(user)
    return lambda: client.post(url, data).status_code
