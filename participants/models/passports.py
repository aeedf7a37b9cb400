from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from participants import passports
from partners.models import Institution
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.transitions import NotNow

from .people import Trainee


class PassportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see the last characters, a trainee those of their own; viewers, hospitals and partners nothing."""
        if user.has(Permission.SEE_PAPERS):
            return self
        if user.has(Permission.OWN_TRAINING):
            return self.filter(trainee__user=user)
        return self.none()

    @sensitive_variables("number")
    def hand_over(self, keep, lose):
        """The passport of `lose` is that of `keep` from now on, sealed anew: a sealed number opens beside its own
        person alone. Raises NotNow where it does not open, as it could not be sealed for anybody else then.
        """
        for passport in self.filter(trainee=lose).select_for_update(no_key=True):
            number = passport.number
            passport.trainee = keep
            passport.seal(number)
            passport.save(update_fields=["trainee", "sealed", "key_id"])


class Passport(models.Model):
    """The passport of a person, for as long as it may be kept. The number stands here sealed, and nowhere else.

    It has a table of its own, which no history follows: when the row is erased, nothing of it is left.
    """

    class Basis(models.TextChoices):
        CONSENT = "consent", _("consent of the person")
        SENT = "sent", _("sent by the institution that nominates")

    trainee = models.OneToOneField(
        Trainee, models.PROTECT, related_name="passport", verbose_name=_("trainee")
    )
    # What `participants.passports.seal` makes, with which key, and the index to find and compare by.
    sealed = models.BinaryField(editable=False)
    key_id = models.CharField(_("key"), max_length=30, editable=False)
    index = models.CharField(max_length=64, unique=True, editable=False)
    last_characters = models.CharField(_("last characters"), max_length=3, editable=False)
    issuing_country = models.CharField(_("issued by"), max_length=2, blank=True)
    expires = models.DateField(_("expires"), null=True, blank=True)
    basis = models.CharField(_("kept because of"), max_length=10, choices=Basis.choices)
    sent_by = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    stored_at = models.DateTimeField(_("stored"), default=clock.now, editable=False)

    objects = PassportQuerySet.as_manager()

    class Meta:
        verbose_name = _("passport")
        verbose_name_plural = _("passports")
        ordering = ["trainee__passport_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issuing_country="") | Q(issuing_country__regex=r"^[A-Z]{2}$"),
                name="passport_country_is_iso",
            ),
            models.CheckConstraint(
                condition=Q(basis="sent", sent_by__isnull=False) | Q(basis="consent", sent_by=None),
                name="passport_has_its_basis",
            ),
        ]

    def __str__(self):
        return str(_("Passport of %(name)s") % {"name": self.trainee})

    @property
    def masked(self):
        """The number as every page shows it."""
        return f"••••{self.last_characters}"

    @property
    def number(self):
        """The number, as a `passports.Number`. Raises NotNow where it cannot be read any more."""
        try:
            return passports.unseal(passports.Sealed(self.sealed, self.key_id), to=self._bound_to)
        except passports.Unreadable as error:
            words = gettext(
                "This number cannot be read any more: it was changed in the database, or its key is missing. "
                "Tell the administrator, and enter the number again from the passport."
            )
            raise NotNow(words) from error

    def seal(self, number):
        """Put the number in, sealed with the present key for whose passport it is."""
        self.sealed, self.key_id = passports.seal(number, to=self._bound_to)

    @property
    def _bound_to(self):
        """The words that bind the sealed number to its person."""
        return f"trainee:{self.trainee_id}"
