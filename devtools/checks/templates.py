"""Compiles every template below templates/, so that a misspelled tag is found before a page is opened."""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template


def broken(directory):
    """List the templates that do not compile, with the reason."""
    found = []
    for path in sorted(path for path in Path(directory).rglob("*") if path.is_file()):
        name = path.relative_to(directory).as_posix()
        try:
            get_template(name)
        except (TemplateSyntaxError, TemplateDoesNotExist, UnicodeDecodeError) as error:
            found.append(f"{name}: {error}")
    return found


def main():
    """Print what is broken and return the exit code."""
    django.setup()
    found = [line for directory in settings.TEMPLATES[0]["DIRS"] for line in broken(directory)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
