from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "portal.records"
    label = "records"
    verbose_name = _("Records")

    def ready(self):
        from . import trail  # what follows needs the models

        trail.name_verbs(
            {
                "merge": _("Another record merged into this one"),
                "merge_away": _("Merged into another record"),
                "archive": _("Archived"),
                "unarchive": _("Taken out of the archive"),
                "discard": _("Deleted"),
                "download": _("Downloaded a list"),
            }
        )
