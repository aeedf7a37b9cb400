"""Compiles the translation catalogs with Babel, so that no gettext tools need be installed.

`./dev run` and `./dev test` call it; what is newer than its source stays as it is.
"""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_ROOT = Path(__file__).resolve().parent.parent.parent / "locale"


def compile_catalogs(root=LOCALE_ROOT):
    """Compile every catalog below `root` that changed, and return the files written."""
    return [
        compile_catalog(source)
        for source in sorted(Path(root).glob("*/LC_MESSAGES/*.po"))
        if is_stale(source)
    ]


def is_stale(source):
    """Tell whether a catalog must be compiled again."""
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_catalog(source):
    """Write the `.mo` file of one catalog; readers see the old one or the new one, never half of it."""
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    target = source.with_suffix(".mo")
    handle, aside = tempfile.mkstemp(dir=target.parent, suffix=".mo.new")
    with os.fdopen(handle, "wb") as file:
        write_mo(file, catalog)
    Path(aside).chmod(0o644)
    Path(aside).replace(target)
    return target


if __name__ == "__main__":
    compile_catalogs()
