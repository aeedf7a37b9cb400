from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "portal.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self):
        from portal.records import trail  # what follows needs the models

        from . import mails, workflow  # noqa: F401 - both register themselves

        trail.name_verbs(
            {
                "invite": _("Invited"),
                "call_back": _("Called back"),
                "release": _("Let go at once"),
                "reword": _("Reworded"),
            }
        )
