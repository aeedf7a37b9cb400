"""How long things may be: what is longer is two things."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["portal", "programs", "participants", "partners", "hospitals", "devtools"]
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


def named(path):
    return str(path.relative_to(ROOT))


def _functions(path):
    """Each function with its lines, the docstring not counted: explaining more must not be punished."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            explained = ast.get_docstring(node) is not None
            words = first.end_lineno - first.lineno + 1 if explained else 0
            yield node, node.end_lineno - node.lineno + 1 - words


def test_there_is_something_to_measure():
    assert len(MODULES) > 50
    assert len(TEMPLATES) > 50


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_has_400_lines_at_most(path):
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_function_has_40_lines_at_most_and_a_view_25(path):
    is_views = path.stem == "views" or path.parent.name == "views"
    limit = 25 if is_views else 40
    too_long = [f"{node.name}: {lines}" for node, lines in _functions(path) if lines > limit]
    assert too_long == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_has_120_lines_at_most(path):
    assert len(path.read_text().splitlines()) <= 120
