from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HospitalsConfig(AppConfig):
    name = "hospitals"
    label = "hospitals"
    verbose_name = _("Host hospitals")

    def ready(self):
        from portal.records import trail  # what follows needs the models

        trail.name_verbs(
            {
                "enter": _("Entered"),
                "change": _("Changed"),
                "close": _("Closed for some days"),
                "change_closure": _("Closed period changed"),
                "reopen": _("Closed period removed"),
                "begin_service": _("Service as coordinator begun"),
                "end_service": _("Service as coordinator ended"),
            }
        )
