"""Static files that come out of an installed package instead of the tree."""

from importlib.metadata import distribution
from pathlib import PurePosixPath

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage


class BootstrapFinder(BaseFinder):
    """Finds Bootstrap's one style sheet (and its map) in the `bootstrap-wrapper` package.

    The package ships 8 MB; the portal uses one file of it. It is served as `vendor/bootstrap/…`, and
    `static/portal.css` imports it from there into the lowest cascade layer.
    """

    prefix = "vendor/bootstrap"
    files = ("bootstrap.min.css", "bootstrap.min.css.map")

    def __init__(self, app_names=None, *args, **kwargs):
        self.storage = FileSystemStorage(
            location=distribution("bootstrap-wrapper").locate_file("bootstrap/css")
        )
        self.storage.prefix = self.prefix
        super().__init__(*args, **kwargs)

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        wanted = PurePosixPath(path)
        if str(wanted.parent) != self.prefix or wanted.name not in self.files:
            return []
        found = self.storage.path(wanted.name)
        return [found] if find_all else found

    def list(self, ignore_patterns):
        for name in self.files:
            if not matches_patterns(name, ignore_patterns):
                yield name, self.storage
