from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models import Contact
from portal.accounts.roles import Permission
from portal.records import clock

from .cohorts import Cohort, branded


class CallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every call, a contact those that were sent to them."""
        if user.has(Permission.SEE_COHORTS):
            return self
        if user.has(Permission.NOMINATE):
            return self.holding().filter(contact__user=user)
        return self.none()

    def holding(self):
        """Those whose link opens: nobody revoked it, and the contact still holds the office."""
        return self.filter(revoked_at=None, contact__in=Contact.objects.in_use().serving())

    def for_list(self):
        people = self.select_related("contact__institution__region", "contact__user")
        return people.prefetch_related(branded("cohort"))


class Call(models.Model):
    """The invitation to a partner contact to nominate for a cohort: with its link until the deadline, or revoked."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="calls", verbose_name=_("cohort"))
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="calls", verbose_name=_("contact"))
    sent_at = models.DateTimeField(_("sent"), default=clock.now)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_reason = models.CharField(_("why revoked"), max_length=300, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for nominations")
        verbose_name_plural = _("calls for nominations")
        ordering = ["contact__institution__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "contact"], condition=Q(revoked_at=None), name="call_once_per_contact"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_reason="") | Q(revoked_at__isnull=False),
                name="call_reason_has_its_time",
            ),
        ]

    def __str__(self):
        return f"{self.cohort}: {self.contact}"
