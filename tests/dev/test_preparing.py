"""What `manage.py prepare` does between an empty database and the first page."""

import pytest
from django.core.management import CommandError, call_command

from devtools.checks.templates import broken
from portal.desk.management.commands import prepare


def test_prepare_refuses_any_profile_but_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="prepare is for the demo profile"):
        call_command("prepare")


def test_static_files_are_collected_again_only_after_a_change(settings, tmp_path, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("p { color: black }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    calls = []

    def collect(*args, **options):
        calls.append(args)
        return call_command(*args, **options)

    monkeypatch.setattr(prepare, "call_command", collect)

    prepare.collect_static()
    prepare.collect_static()
    assert len(calls) == 1
    (source / "page.css").write_text("p { color: navy; }")
    prepare.collect_static()
    assert len(calls) == 2
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_a_template_that_does_not_compile_is_named(settings, tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "good.txt").write_text("{% if a %}{{ a }}{% endif %}")
    (tmp_path / "mail" / "bad.html").write_text("{% iff a %}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    found = broken(tmp_path)

    assert [line.partition(":")[0] for line in found] == ["mail/bad.html"]
