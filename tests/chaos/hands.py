"""A process of workers to be killed: it waits for commands, one JSON line each, and answers each with one.

    {"do": "workers", "count": 2}      a group of workers, forked; answers with the group's number
    {"do": "put", "count": 40}         that many invitations of people made for it, every fourth a vital one
    {"do": "get", "path": "/health/"}  a page: its status and how long it took
    {"do": "rows"}                     every mail: key, state, silences, code of the last error, whether frozen

Its clocks run fast: a lease lasts two seconds, a retry waits a tenth of one. It ends with its parent, and so do the
workers. The database and the mail server are those of the environment.
"""

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from datetime import timedelta

import django
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.test import Client

from devtools.processes import PR_SET_PDEATHSIG, libc

LEASE = timedelta(seconds=2)


def prepare():
    """Django with short leases, and a vital kind: sent once more where its arrival is in doubt."""
    django.setup()
    from portal.mail import delivery, kinds, mails, states

    states.LEASE = LEASE
    states.backoff = lambda attempts: timedelta(seconds=random.uniform(0.05, 0.15))
    delivery.BATCH_SECONDS = 5
    kinds.kind("vital", template="mail/invitation", resend_if_uncertain=True)(mails.invitation)


def work():
    """What a worker does for ever: look, send, look again. A database that is away is waited for."""
    from portal.mail import delivery

    while True:
        with suppress(DatabaseError):
            delivery.sweep()
        close_old_connections()
        time.sleep(0.05)


def workers(count):
    """Fork a group of workers; its number, to be killed by."""
    connection.close()
    group = 0
    for _worker in range(count):
        pid = os.fork()
        if pid == 0:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            os.setpgid(0, group)
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(2, 1)
            random.seed()
            work()
        with suppress(PermissionError):  # it has done so itself
            os.setpgid(pid, group or pid)
        group = group or pid
    return {"group": group}


def put(count, start=0):
    """Invitations in transactions of ten; person 7 of each ten closes the account, person 8's words are broken."""
    from portal.accounts.models import User
    from portal.mail import outbox

    for tens in range(start, start + count, 10):
        with transaction.atomic():
            for number in range(tens, min(tens + 10, start + count)):
                user = User.objects.create(
                    email=f"p{number}@chaos.example",
                    name=f"Person {number}",
                    is_active=number % 10 != 7,
                    language="ko" if number % 10 == 8 else "en",
                )
                kind = "vital" if number % 4 == 0 else "invitation"
                outbox.put(kind, to=user, about=user, key=f"mail:{number}")
    return {}


def break_words():
    """Korean words that cannot be filled in: the mails written in them fail, and no others."""
    from portal.accounts.models import User
    from portal.mail.models import Wording

    by = User.objects.create(email="staff@chaos.example", name="Staff")
    for kind in ("invitation", "vital"):
        Wording.objects.create(kind=kind, language="ko", version=1, subject="s", text="{gone}", made_by=by)
    return {}


def get(path):
    """Ask for a page as anybody may."""
    started = time.monotonic()
    status = Client(raise_request_exception=False).get(path).status_code
    return {"status": status, "seconds": time.monotonic() - started}


def rows():
    from portal.mail.models import OutgoingMail

    fields = ("key", "uuid", "state", "silences", "last_error_code", "attempts")
    return {"rows": [list(map(str, row)) for row in OutgoingMail.objects.order_by("pk").values_list(*fields)]}


COMMANDS = {"workers": workers, "put": put, "break_words": break_words, "get": get, "rows": rows}


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    prepare()
    say({"ready": os.getpid()})
    for line in sys.stdin:
        command = json.loads(line)
        close_old_connections()
        try:
            answer = COMMANDS[command.pop("do")](**command)
        except DatabaseError as error:
            connection.close()
            answer = {"error": type(error).__name__}
        say(answer)


if __name__ == "__main__":
    main()
