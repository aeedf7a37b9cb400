"""Checks that run inside the virtual environment, one module each: `python -m devtools.checks.templates`."""
