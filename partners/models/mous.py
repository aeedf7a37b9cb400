from dataclasses import dataclass
from datetime import timedelta

import pghistory
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from hospitals.models import Hospital, in_reader_language
from portal.accounts.roles import Permission
from portal.records import clock
from portal.records.fields import ApproximateDateField
from portal.records.models import PrivateFile, Sourced

from .places import Institution, Region

EXPIRING_DAYS = 180


def joined(names):
    """Names as a sentence counts them: “A, B and C”."""
    return get_text_list(list(names), pgettext("before the last of several names", "and"))


class MouQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every MOU; a partner contact those their institution is a party to."""
        if user.is_team:
            return self
        if user.has(Permission.SEE_PARTNERS):
            return self.filter(parties__institution__contacts__user=user).distinct()
        return self.none()

    def with_parties(self):
        """With everybody who signed, which is how an MOU without a title is called."""
        parties = MouParty.objects.select_related("hospital", "region", "institution")
        return self.select_related("superseded_by").prefetch_related(Prefetch("parties", parties))

    def with_region(self, region):
        """MOUs with the region, anything below it, or an institution there."""
        places = Region.objects.within(region)
        return self.filter(
            Q(parties__region__in=places) | Q(parties__institution__region__in=places)
        ).distinct()

    def with_institution(self, institution):
        """MOUs that the institution, or a part of it, is a party to."""
        return self.filter(parties__institution__in=Institution.objects.within(institution)).distinct()


@dataclass(frozen=True)
class Status:
    """A derived status: its key in the badge map, and the word for a reader."""

    key: str
    label: str


@pghistory.track()
class Mou(Sourced):
    """A memorandum of understanding between any number of parties on two sides."""

    class Kind(models.TextChoices):
        COOPERATION = "cooperation", _("cooperation")
        TRAINING = "training", _("training of personnel")

    title = models.CharField(_("title"), max_length=200, blank=True)
    title_ko = models.CharField(_("title in Korean"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.COOPERATION)
    signed = ApproximateDateField(_("signed"), null=True, blank=True)
    effective = ApproximateDateField(_("effective from"), null=True, blank=True)
    expires = ApproximateDateField(_("expires"), null=True, blank=True)
    terminated = ApproximateDateField(_("terminated"), null=True, blank=True)
    scope = models.TextField(_("scope"), blank=True)
    seats_a_year = models.PositiveSmallIntegerField(_("seats a year"), null=True, blank=True)
    renews = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name=_("renews or amends"),
    )
    superseded_by = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )
    files = models.ManyToManyField(PrivateFile, blank=True, related_name="+", verbose_name=_("scanned files"))

    objects = MouQuerySet.as_manager()

    class Meta:
        verbose_name = _("MOU")
        verbose_name_plural = _("MOUs")
        ordering = [F("signed").desc(nulls_first=True), "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(renews=F("pk")), name="mou_does_not_renew_itself"),
            models.CheckConstraint(condition=~Q(superseded_by=F("pk")), name="mou_does_not_supersede_itself"),
        ]

    def __str__(self):
        return self.title_or_parties or str(_("MOU %(number)s") % {"number": self.pk})

    @property
    def title_or_parties(self):
        """The title, or where the record has none, who signed. A list reads MOUs by `with_parties()`."""
        return in_reader_language(self.title, self.title_ko) or joined(
            str(party) for party in self.every_party
        )

    @property
    def every_party(self):
        return list(self.parties.all()) if self.pk else []

    def on_side(self, side):
        """The parties on one side, in the order they were entered."""
        return [party for party in self.every_party if party.side == side]

    @property
    def gyeonggi_side(self):
        return self.on_side(MouParty.Side.GYEONGGI)

    @property
    def partner_side(self):
        return self.on_side(MouParty.Side.PARTNER)

    # The status as a badge reads it. It is no state: no verb moves it, the day does.
    @property
    def state(self):
        return self.status.key

    def get_state_display(self):
        return self.status.label

    @property
    def status(self):  # noqa: PLR0911 (seven statuses, one line each)
        """What may be said of it today: an MOU whose expiry is not published is *signed*, not *active*."""
        day = clock.today()
        if self.superseded_by_id:
            return Status("superseded", _("Superseded"))
        if self.terminated and self.terminated.earliest <= day:
            return Status("terminated", _("Terminated"))
        if not self.signed:
            return Status("draft", _("Draft"))
        if not self.expires:
            return Status("signed", _("Signed"))
        if self.expires.latest < day:
            return Status("expired", _("Expired"))
        if self.expires.earliest <= day + timedelta(days=EXPIRING_DAYS):
            return Status("expiring", _("Expiring"))
        return Status("active", _("Active"))


class MouParty(models.Model):
    """One party of an MOU: the province, a host hospital, a region or an institution, on one of the two sides."""

    same_if_twice = True  # of two records that are merged: who signed as both signed once

    class Side(models.TextChoices):
        GYEONGGI = "gyeonggi", _("Gyeonggi side")
        PARTNER = "partner", _("partner side")

    mou = models.ForeignKey(Mou, models.CASCADE, related_name="parties", verbose_name=_("MOU"))
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    is_province = models.BooleanField(_("Gyeonggi Province itself"), default=False)
    hospital = models.ForeignKey(
        Hospital, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("host hospital")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["side", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(is_province=True, side="gyeonggi", hospital=None, region=None, institution=None)
                    | Q(
                        is_province=False,
                        side="gyeonggi",
                        hospital__isnull=False,
                        region=None,
                        institution=None,
                    )
                    | Q(
                        is_province=False,
                        side="partner",
                        hospital=None,
                        region__isnull=False,
                        institution=None,
                    )
                    | Q(
                        is_province=False,
                        side="partner",
                        hospital=None,
                        region=None,
                        institution__isnull=False,
                    )
                ),
                name="mou_party_is_one_thing_on_its_side",
            ),
            models.UniqueConstraint(
                fields=["mou", "is_province", "hospital", "region", "institution"],
                name="mou_party_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return str(_("Gyeonggi Province")) if self.is_province else str(self.party)

    @property
    def party(self):
        """The hospital, region or institution; None for the province itself."""
        return self.hospital or self.region or self.institution
