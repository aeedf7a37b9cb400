"""Checks that every message of the code stands translated in the catalogs.

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

ROOT = Path(__file__).resolve().parent.parent.parent
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.mo", "tests", "devtools", "docs", "staticfiles")
SHOWN = 20
PLACEHOLDER = re.compile(r"%\((\w+)\)|%[a-z]")


def main():
    """Print what is missing, language by language, and return the exit code."""
    import django
    from django.conf import settings

    django.setup()
    languages = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "copy"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        for language in languages:
            (copy / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        options = [part for language in languages for part in ("-l", language)]
        extraction = [sys.executable, "manage.py", "makemessages", *options, "-e", "py,html,txt", "-v", "1"]
        done = subprocess.run(extraction, cwd=copy, capture_output=True, text=True, check=False)
        if done.returncode or "warning" in done.stderr.lower():
            print(done.stdout + done.stderr)
            return 1
        complaints = [line for language in languages for line in faults(copy, language)]
    print("\n".join(complaints))
    return 1 if complaints else 0


def faults(root, language):
    """List what is wrong with a language's catalog: not translated, unsure, or wrong placeholders."""
    path = Path(root) / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    untranslated = [m for m in catalog if m.id and not _is_translated(m)]
    unsure = [m for m in catalog if m.id and m.fuzzy and _is_translated(m)]
    lines = []
    for messages, fault in ((untranslated, "not translated"), (unsure, "fuzzy")):
        lines += [f"{language}: {fault}: {_name(message)}" for message in messages[:SHOWN]]
        if len(messages) > SHOWN:
            lines.append(f"{language}: … and {len(messages) - SHOWN} more {fault}")
    astray = [m for m in catalog if m.id and m.python_format and _is_translated(m) and _loses_placeholder(m)]
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
