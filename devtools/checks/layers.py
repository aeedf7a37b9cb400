"""Runs import-linter, whose program has no `python -m` of its own."""

import sys

from importlinter.cli import lint_imports_command

if __name__ == "__main__":
    sys.argv[0] = "lint-imports"
    lint_imports_command()
