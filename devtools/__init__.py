"""What stands behind `./dev`: standard library only, since it runs before anything is installed.

This module alone must parse on old Pythons: it tells their users what is needed.
"""

OLDEST_PYTHON = (3, 11)


def python_problem(version):
    """Return the line to show when this Python is too old, else None."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return None
    needed = ".".join(str(part) for part in OLDEST_PYTHON)
    found = ".".join(str(part) for part in version[:3])
    return "dev: Python {} or newer is needed; this one is {}.".format(needed, found)  # noqa: UP032
