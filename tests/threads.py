"""Several people at the same moment, each in a thread with a connection of its own."""

import threading

from django.db import connection
from django.test import Client


def at_once(*jobs):
    """What the jobs answered, in their order; what one raised is raised."""
    start = threading.Barrier(len(jobs))
    answers, errors = [None] * len(jobs), []

    def run(number, job):
        try:
            start.wait(10)
            answers[number] = job()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]
    return answers


def posting(user, url, data):
    """A job that sends the form as this user."""
    client = Client()
    client.force_login(user)
    return lambda: client.post(url, data).status_code
