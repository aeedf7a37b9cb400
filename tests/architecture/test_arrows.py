"""Arrows point one way, by import (import-linter) and by foreign key."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
# Top to bottom; an app may point at what stands after it.
LAYERS = [
    "desk",
    "public",
    "programs",
    "participants",
    "partners",
    "hospitals",
    "mail",
    "search",
    "records",
    "accounts",
    "ui",
]
OURS = [config for config in apps.get_app_configs() if config.label in LAYERS]


def test_the_layers_here_and_in_import_linter_are_the_same():
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(
        r'"(?:portal\.)?(\w+)(?: \| portal\.(\w+))?",?$', text.split("layers = [")[1].split("]")[0], re.M
    )
    assert [label for pair in listed for label in pair if label] == LAYERS


def test_no_import_points_upward(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


def _relations():
    for config in OURS:
        for model in config.get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                if isinstance(field, ForeignKey | ManyToManyField) and field.model is model:
                    yield model, field


@pytest.mark.parametrize(
    ("model", "field"), list(_relations()), ids=lambda value: getattr(value, "__name__", str(value))
)
def test_no_foreign_key_points_upward(model, field):
    theirs = field.related_model._meta.app_label
    if theirs not in LAYERS:
        return  # Django's own or a library's
    own = model._meta.app_label
    # pghistory's tables stand in the app of the model they follow.
    assert LAYERS.index(theirs) >= LAYERS.index(own), f"{model.__name__}.{field.name} points up at {theirs}"


def test_the_composition_root_imports_no_app():
    """Settings, urls and celery name apps by string."""
    apps_of_ours = (
        r"(portal\.(ui|accounts|records|mail|search|desk|public)|programs|participants|partners|hospitals)"
    )
    for path in [
        *ROOT.glob("portal/settings/*.py"),
        ROOT / "portal/urls.py",
        ROOT / "portal/celery.py",
        ROOT / "portal/wsgi.py",
    ]:
        found = re.findall(rf"^\s*(?:from|import) {apps_of_ours}", path.read_text(), re.M)
        assert found == [], path.name
