from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "portal.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self):
        from portal.records import trail  # needs the models

        trail.name_verbs(
            {
                "link user": _("Linked with an account"),
                "give role": _("Role given"),
                "take off second factor": _("Second factor taken off"),
                "take role": _("Role taken"),
                "deactivate": _("Account closed"),
                "reactivate": _("Account opened again"),
            }
        )
