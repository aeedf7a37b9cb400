"""What people agree to: texts by purpose, version and language, as participants/data/consents.yaml has them."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

SOURCE = Path(__file__).parent / "data" / "consents.yaml"
FALLBACK = "en"


class Text(NamedTuple):
    """One text as somebody reads it."""

    version: str
    language: str
    title: str
    paragraphs: tuple


@cache
def _all():
    return yaml.safe_load(SOURCE.read_text())


def latest(purpose, language):
    """The text of now, in the language where there is one, else in English."""
    return _text(_all()[purpose][0], language)


def _text(found, language):
    language = language if language in found else FALLBACK
    words = found[language]
    return Text(found["version"], language, words["title"], tuple(words["text"]))
