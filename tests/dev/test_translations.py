"""Catalogs are compiled without gettext's tools, and the check finds what is missing in them."""

import gettext
import os

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError
from django.conf import settings

from devtools.checks.readers import is_theirs, templates_of_readers
from devtools.checks.translations import faults
from portal.ui.translations import compile_catalogs

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
PLURAL = '"Plural-Forms: nplurals=1; plural=0;\\n"\n'


@pytest.fixture
def catalog(tmp_path):
    """Return a function that writes the Korean catalog."""
    path = tmp_path / "locale" / "ko" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)

    def write(text):
        path.write_text(f"{HEADER}{PLURAL}\n{text}")
        return path

    return write


def test_a_catalog_is_compiled_once_and_again_after_a_change(catalog, tmp_path):
    source = catalog('msgid "Hospital"\nmsgstr "병원"\n')
    target = source.with_suffix(".mo")

    assert compile_catalogs(tmp_path / "locale") == [target]
    assert compile_catalogs(tmp_path / "locale") == []
    assert _translate(target, "Hospital") == "병원"

    catalog('msgid "Hospital"\nmsgstr "의료원"\n')
    os.utime(source, ns=(target.stat().st_mtime_ns + 1,) * 2)
    assert compile_catalogs(tmp_path / "locale") == [target]
    assert _translate(target, "Hospital") == "의료원"


def test_a_fuzzy_translation_is_not_shown(catalog, tmp_path):
    source = catalog('#, fuzzy\nmsgid "Hospital"\nmsgstr "학교"\n')
    compile_catalogs(tmp_path / "locale")
    assert _translate(source.with_suffix(".mo"), "Hospital") == "Hospital"


def test_a_broken_catalog_is_refused_and_leaves_nothing_half_written(catalog, tmp_path):
    source = catalog('msgid "Hospital"\nmsgstr "병원"\n<<<<<<< a conflict not solved\n')
    with pytest.raises(PoFileError):
        compile_catalogs(tmp_path / "locale")
    assert list(source.parent.iterdir()) == [source]


def test_the_check_names_what_is_missing_unsure_or_lost_its_placeholder(catalog, tmp_path):
    catalog(
        'msgid "Hospital"\nmsgstr "병원"\n\n'
        'msgid "Trainee"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgid "Cohort"\nmsgstr "학교"\n\n'
        '#, python-format\nmsgid "%(count)s seats"\nmsgstr "자리"\n'
    )
    texts = ["Hospital", "Trainee", "Cohort", "%(count)s seats", "Ministry"]
    found = faults("ko", [Message(text) for text in texts], tmp_path)
    assert found == [
        "ko: not translated: 'Trainee' ()",
        "ko: not translated: 'Ministry' ()",
        "ko: fuzzy: 'Cohort' ()",
        "ko: placeholders differ: '%(count)s seats' ()",
    ]


def test_what_readers_see_is_theirs_wherever_it_is_included_from_and_what_desks_see_is_not():
    templates = templates_of_readers(settings.BASE_DIR)
    places = {
        "templates/programs/my_schedule.html": True,
        "templates/programs/_my_week.html": True,
        "templates/components/alert.html": True,
        "participants/views/my.py": True,
        "templates/programs/cohort_placements.html": False,
        "hospitals/forms.py": False,
    }
    assert {
        place: is_theirs(Message("A message", locations=[(place, 1)]), templates) for place in places
    } == places


def _translate(target, text):
    with target.open("rb") as file:
        return gettext.GNUTranslations(file).gettext(text)
