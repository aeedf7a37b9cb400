from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    label = "participants"
    verbose_name = _("Participants")

    def ready(self):
        from portal.records import access, trail  # what follows needs the models

        from . import mails, passports, workflow  # noqa: F401  registers kinds of mail and verbs

        passports.check_settings()
        access.name_looks({"passport_number": _("Passport number")})

        trail.name_verbs(
            {
                "register": _("Entered"),
                "change": _("Changed"),
                "not_same": _("Said to be somebody else than one who looks alike"),
                "enter_passport": _("Passport entered"),
                "erase_passport": _("Passport erased"),
                "confirm_certificate_name": _("Name for the certificate confirmed"),
            }
        )
