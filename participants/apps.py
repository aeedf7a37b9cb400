from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    label = "participants"
    verbose_name = _("Participants")

    def ready(self):
        from . import mails, workflow  # noqa: F401  registers kinds of mail and verbs, which need the models
