"""What the log tells at two in the morning, and what it leaves out: secrets in addresses, and the contents of rows."""

import logging
import re

# A signed link or the address of a calendar: a part of a path that no name of ours is as long as.
SECRET = re.compile(r"(?<=/)[A-Za-z0-9_:.\-]{24,}")


def without_secrets(text):
    return SECRET.sub("…", text)


class WithoutSecrets(logging.Filter):
    """Takes the secrets out of a record before any handler sees it, out of the request beside it too."""

    def filter(self, record):
        record.msg = without_secrets(record.msg) if isinstance(record.msg, str) else record.msg
        if isinstance(record.args, tuple):
            record.args = tuple(without_secrets(one) if isinstance(one, str) else one for one in record.args)
        return True


class NotEveryVisitor(logging.Filter):
    """A page that is not there and one that somebody may not see are no news; a page that broke is."""

    def filter(self, record):
        return record.levelno >= logging.ERROR or not record.name.startswith("django.request")


class WithoutRows(logging.Formatter):
    """A traceback says where and why. What a database quotes below it is a person's row, and is left out."""

    def format(self, record):
        record.exc_text = None  # another handler may have kept its own, whole
        return super().format(record)

    def formatException(self, ei):
        lines = super().formatException(ei).splitlines()
        kept = [line for line in lines if not line.startswith(("DETAIL:", "CONTEXT:"))]
        return without_secrets("\n".join(kept))
