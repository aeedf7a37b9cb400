from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.records import clock

from .outgoingmails import OutgoingMail


class BouncedAddressQuerySet(models.QuerySet):
    def of(self, *people):
        """The marks on the addresses of people: users, trainees, contacts, whoever has an `.email`."""
        return self.filter(address__in={(person.email or "").strip().lower() for person in people})

    def mark(self, mail, error):
        """Keep that the mail server took nothing for this address, and why; the latest refusal stands."""
        facts = {"mail": mail, "error": error, "at": clock.now()}
        self.update_or_create(address=mail.address.lower(), defaults=facts)

    def clear(self, address):
        """Something got through."""
        self.filter(address=address.lower()).delete()


class BouncedAddress(models.Model):
    """An address a mail server has refused for good. It marks whoever has it, and nobody once they have another."""

    address = models.EmailField(_("address"), max_length=254, primary_key=True)
    at = models.DateTimeField(_("refused"))
    error = models.TextField(_("what the mail server said"))
    mail = models.ForeignKey(OutgoingMail, models.PROTECT, related_name="+", verbose_name=_("mail"))

    objects = BouncedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused address")
        verbose_name_plural = _("refused addresses")
        ordering = ["-at"]

    def __str__(self):
        return self.address
