from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    label = "partners"
    verbose_name = _("Partners")

    def ready(self):
        from portal.accounts import time_zones
        from portal.records import trail

        from . import mails  # noqa: F401  registers kinds of mail
        from .models import Region  # models are there only now

        time_zones.put_first(Region.objects.time_zones)
        trail.name_verbs(
            {
                "enter": _("Entered"),
                "change": _("Changed"),
                "sign": _("Signed"),
                "terminate": _("Terminated"),
                "supersede": _("Superseded by its renewal"),
                "restore": _("In its place again"),
                "add_scan": _("Scan added"),
            }
        )
