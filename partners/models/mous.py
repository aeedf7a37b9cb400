from dataclasses import dataclass
from datetime import timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
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
            own = Institution.objects.visible_to(user)
            return self.filter(Exists(MouParty.objects.filter(mou=OuterRef("pk"), institution__in=own)))
        return self.none()

    def with_parties(self):
        """With everybody who signed, which is how an MOU without a title is called."""
        parties = MouParty.objects.select_related("hospital", "region", "institution__region")
        return self.select_related("superseded_by").prefetch_related(Prefetch("parties", parties))

    def family(self, pk):
        """One MOU and those next to it: what it follows, what follows it, what came in its place."""
        near = ("pk", "renews", "superseded_by", "renewals", "supersedes")
        return self.filter(Q(*((path, pk) for path in near), _connector=Q.OR)).distinct()

    def with_status(self):
        """With `status_key`, as `Mou.status` says it, for a list that is narrowed to some of them."""
        conditions = _status_conditions(clock.today())
        whens = [When(condition, then=Value(key)) for key, condition in conditions]
        return self.annotate(status_key=Case(*whens, default=Value("active")))

    def in_force(self):
        """Signed, and not known to have ended."""
        return self.with_status().filter(status_key__in=IN_FORCE)

    def with_region(self, region):
        """MOUs with the region, anything below it, or an institution there."""
        places = Region.objects.within(region)
        return self.filter(
            Q(parties__region__in=places) | Q(parties__institution__region__in=places)
        ).distinct()

    def with_institution(self, institution):
        """MOUs that the institution, or a part of it, is a party to."""
        return self.filter(parties__institution__in=Institution.objects.within(institution)).distinct()


def _status_conditions(day):
    """What makes each status, the first that holds counting; `Mou.status` says the same of one row."""
    return [
        ("superseded", Q(superseded_by__isnull=False)),
        ("terminated", Q(terminated__earliest__lte=day)),
        ("draft", Q(signed=None)),
        ("signed", Q(expires=None)),
        ("expired", Q(expires__latest__lt=day)),
        ("expiring", Q(expires__earliest__lte=day + timedelta(days=EXPIRING_DAYS))),
    ]


STATUSES = {
    "draft": _("Draft"),
    "signed": _("Signed"),
    "active": _("Active"),
    "expiring": _("Expiring"),
    "expired": _("Expired"),
    "terminated": _("Terminated"),
    "superseded": _("Superseded"),
}
IN_FORCE = ("signed", "active", "expiring")


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

    class Succession(models.TextChoices):
        """What an MOU is to the one before it."""

        RENEWAL = "renewal", _("renewal")
        AMENDMENT = "amendment", _("amendment")

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
    # A renewal that is signed takes the place of the one before it; an amendment stands beside it.
    succession = models.CharField(_("as its"), max_length=9, choices=Succession.choices, blank=True)
    superseded_by = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("The officer who is reminded before it expires."),
    )

    objects = MouQuerySet.as_manager()

    class Meta:
        verbose_name = _("MOU")
        verbose_name_plural = _("MOUs")
        ordering = [F("signed").desc(nulls_first=True), "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(renews=F("pk")), name="mou_does_not_renew_itself"),
            models.CheckConstraint(condition=~Q(superseded_by=F("pk")), name="mou_does_not_supersede_itself"),
            models.CheckConstraint(
                condition=Q(renews=None, succession="") | (Q(renews__isnull=False) & ~Q(succession="")),
                name="mou_says_what_it_is_to_the_one_before",
            ),
            models.CheckConstraint(
                condition=Q(signed=None) | Q(expires=None) | Q(expires__latest__gte=F("signed__earliest")),
                name="mou_expires_after_it_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(signed=None)
                | Q(terminated=None)
                | Q(terminated__latest__gte=F("signed__earliest")),
                name="mou_terminated_after_it_is_signed",
            ),
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
    def status(self):
        """What may be said of it today: an MOU whose expiry is not published is *signed*, not *active*."""
        key = self._status_key(clock.today())
        return Status(key, STATUSES[key])

    def _status_key(self, day):  # noqa: PLR0911 (seven statuses, one line each)
        if self.superseded_by_id:
            return "superseded"
        if self.terminated and self.terminated.earliest <= day:
            return "terminated"
        if not self.signed:
            return "draft"
        if not self.expires:
            return "signed"
        if self.expires.latest < day:
            return "expired"
        if self.expires.earliest <= day + timedelta(days=EXPIRING_DAYS):
            return "expiring"
        return "active"

    @property
    def is_in_force(self):
        return self.status.key in IN_FORCE


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


class MouScan(models.Model):
    """One version of the signed paper as a file. A better scan is a version more: none is replaced or taken away."""

    mou = models.ForeignKey(Mou, models.PROTECT, related_name="scans", verbose_name=_("MOU"))
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.OneToOneField(PrivateFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["mou", "number"], name="mou_scan_has_its_number"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_overwritten", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return str(_("Version %(number)s") % {"number": self.number})
