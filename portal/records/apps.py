from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "portal.records"
    label = "records"
    verbose_name = _("Records")

    def import_models(self):
        """The models of imports move by transitions, which stand on the trail: so they come after it."""
        super().import_models()
        import_module("portal.records.imports.models")

    def ready(self):
        from . import access, trail  # what follows needs the models
        from .imports import workflow  # noqa: F401 - registers its verbs

        access.name_looks({"download": _("A list as a file")})
        trail.name_verbs(
            {
                "merge": _("Another record merged into this one"),
                "merge_away": _("Merged into another record"),
                "archive": _("Archived"),
                "unarchive": _("Taken out of the archive"),
                "discard": _("Deleted"),
                "download": _("Downloaded a list"),
                "erase_list": _("Sealed list erased"),
            }
        )
        autodiscover_modules("imports")
