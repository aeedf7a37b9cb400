"""Checks that the catalogs are whole: desks' languages hold every message of the code, the others what readers see.

The messages are extracted in a copy of the checkout, so that the check changes nothing.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

from .readers import is_theirs, templates_of_readers

ROOT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.mo", "tests", "devtools", "docs", "staticfiles")
SOURCE = "en"
EXTENSIONS = ("-e", "py,html,txt")
SHOWN = 20
PLACEHOLDER = re.compile(r"%\((\w+)\)|%[a-z]")


def main():
    """Print what is missing, language by language, and return the exit code."""
    import django
    from django.conf import settings

    django.setup()
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "copy"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        catalog_of(SOURCE, copy).parent.mkdir(parents=True)
        # Of a language without a catalog nothing is merged, which would take most of the time.
        extraction = [sys.executable, "manage.py", "makemessages", "-l", SOURCE, *EXTENSIONS]
        done = subprocess.run(extraction, cwd=copy, capture_output=True, text=True, check=False)
        if done.returncode or "warning" in done.stderr.lower():
            print(done.stdout + done.stderr)
            return 1
        with catalog_of(SOURCE, copy).open("rb") as file:
            messages = [message for message in read_po(file) if message.id]
    templates = templates_of_readers(ROOT)
    theirs = [message for message in messages if is_theirs(message, templates)]
    complaints = []
    for language, _name in settings.LANGUAGES:
        if language != SOURCE:
            complaints += faults(language, messages if language in settings.DESK_LANGUAGES else theirs)
    print("\n".join(complaints))
    return 1 if complaints else 0


def catalog_of(language, root=ROOT):
    return Path(root) / "locale" / language / "LC_MESSAGES" / "django.po"


def faults(language, messages, root=ROOT):
    """List what a language's catalog lacks of these messages: not translated, unsure, or wrong placeholders."""
    with catalog_of(language, root).open("rb") as file:
        catalog = read_po(file, locale=language)
    pairs = [(message, catalog.get(message.id, message.context)) for message in messages]
    found = [(message, own) for message, own in pairs if own is not None and _is_translated(own)]
    untranslated = [message for message, own in pairs if own is None or not _is_translated(own)]
    unsure = [message for message, own in found if own.fuzzy]
    lines = []
    for wrong, fault in ((untranslated, "not translated"), (unsure, "fuzzy")):
        lines += [f"{language}: {fault}: {_name(message)}" for message in wrong[:SHOWN]]
        if len(wrong) > SHOWN:
            lines.append(f"{language}: … and {len(wrong) - SHOWN} more {fault}")
    astray = [message for message, own in found if message.python_format and _loses_placeholder(own)]
    return lines + [f"{language}: placeholders differ: {_name(message)}" for message in astray]


def _loses_placeholder(message):
    """Tell whether a translation fills in other facts than the source: one forgotten, or one misspelled."""
    if isinstance(message.id, (list, tuple)):
        return _placeholders(message.string[-1]) != _placeholders(message.id[-1])
    return _placeholders(message.string) != _placeholders(message.id)


def _placeholders(text):
    return sorted(set(PLACEHOLDER.findall(text)))


def _is_translated(message):
    return all(message.string) if isinstance(message.string, (list, tuple)) else bool(message.string)


def _name(message):
    text = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    where = ", ".join(f"{os.path.relpath(file)}:{line}" for file, line in message.locations[:2])
    return f"{text!r} ({where})"


if __name__ == "__main__":
    sys.exit(main())
