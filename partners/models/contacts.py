import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import READING_LANGUAGES
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.fields import ApproximateDateField
from portal.records.keeping import Mergeable, MergeableQuerySet

from .places import Institution


class ContactQuerySet(MergeableQuerySet):
    def visible_to(self, user):
        """Contacts are the team's: who else reads an institution's page is one of them."""
        return self if user.has(Permission.SEE_CONTACTS) else self.none()

    def serving(self):
        """Those who hold their office: whoever may have left it today is still one of them."""
        return self.filter(Q(until=None) | Q(until__latest__gte=clock.today()))

    def former(self):
        return self.filter(until__latest__lt=clock.today())

    def with_place(self):
        return self.select_related("institution__region", "user", "merged_into")


@pghistory.track()
class Contact(Mergeable):
    """An office at an institution, and who holds it; the holder may be unnamed, and may have a login."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="contacts", verbose_name=_("institution")
    )
    office = models.CharField(_("office"), max_length=160)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=READING_LANGUAGES, default="en")
    since = ApproximateDateField(_("since"), null=True, blank=True)
    until = ApproximateDateField(_("until"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contact_for",
        verbose_name=_("user"),
    )

    edit_permission = Permission.EDIT_PARTNERS
    name_fields = ("name", "office")

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["institution__name", "office"]
        constraints = [
            *Mergeable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__latest__gte=F("since__earliest")),
                name="contact_until_is_not_before_since",
            ),
        ]

    def __str__(self):
        return f"{self.name or self.office}, {self.institution}"

    @property
    def time_zone(self):
        return self.institution.region.time_zone

    @property
    def country(self):
        """The country they work in, whose holidays mails leave out."""
        return self.institution.region.country

    @property
    def is_former(self):
        """Whether they have left the office for certain."""
        return self.until is not None and self.until.latest < clock.today()
