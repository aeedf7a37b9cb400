"""Static files: Bootstrap comes out of its package, hashed with the rest."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


def test_bootstrap_is_found_in_its_package():
    assert Path(finders.find("vendor/bootstrap/bootstrap.min.css")).stat().st_size > 100_000


@pytest.mark.parametrize(
    "path", ["vendor/bootstrap/bootstrap.css", "vendor/bootstrap/../x.css", "vendor/x.css"]
)
def test_nothing_else_of_bootstrap_is_served(path):
    assert finders.find(path) is None


def test_collected_files_are_hashed_and_lead_to_each_other(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=STORAGES):
        call_command("collectstatic", interactive=False, verbosity=0)
    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    sheet = (tmp_path / paths["portal.css"]).read_text()
    imported = re.search(r'@import url\("([^"]+)"\) layer\(bootstrap\)', sheet)[1]
    assert imported == paths["vendor/bootstrap/bootstrap.min.css"]
    assert (tmp_path / f"{imported}.gz").exists()
    assert sorted(path for path in paths if path.startswith("vendor/")) == [
        "vendor/bootstrap/bootstrap.min.css",
        "vendor/bootstrap/bootstrap.min.css.map",
    ]
