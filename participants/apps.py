from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    label = "participants"
    verbose_name = _("Participants")

    def ready(self):
        from portal.records import access, trail  # what follows needs the models

        from . import mails, models, passports, workflow  # noqa: F401  registers kinds of mail and verbs

        passports.check_settings()
        papers = {f"paper_{kind}": label for kind, label in models.Document.Kind.choices}
        access.name_looks({"passport_number": _("Passport number"), **papers})

        trail.name_verbs(
            {
                "register": _("Entered"),
                "change": _("Changed"),
                "not_same": _("Said to be somebody else than one who looks alike"),
                "give_consent": _("Consent given"),
                "renew_consent": _("Consent renewed"),
                "withdraw_consent": _("Consent withdrawn"),
                "refuse_consent": _("Consent refused"),
                "receive_paper": _("Paper received"),
                "erase_papers": _("Papers erased"),
                "enter_passport": _("Passport entered"),
                "erase_passport": _("Passport erased"),
                "tell_post": _("Present post told"),
                "verify_post": _("Present post verified"),
                "visit": _("Visited at work"),
                "confirm_certificate_name": _("Name for the certificate confirmed"),
            }
        )
