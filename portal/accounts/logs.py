"""What Django writes into its log names addresses; of those that open somebody's door the secret is left out."""

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
