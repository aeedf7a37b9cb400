#!/usr/bin/env python3
"""Django's command line. `./dev manage …` calls it with the checkout's own servers."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
    from django.core.management import execute_from_command_line  # needs the line above first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
