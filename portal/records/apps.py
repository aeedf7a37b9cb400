from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "portal.records"
    label = "records"
    verbose_name = _("Records")

    def ready(self):
        from . import trail  # needs the models

        trail.name_verbs({"download": _("Downloaded a list")})
