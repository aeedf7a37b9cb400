from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, LessThan
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import READING_LANGUAGES
from portal.accounts.roles import Permission
from portal.records import clock

from .people import Graduation, Trainee

# So long a yes to staying in touch holds; it is asked for anew before. A no holds for good.
LASTS = timedelta(days=365)


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team's officers see every consent, a trainee their own."""
        if user.has(Permission.SEE_PAPERS):
            return self
        if user.has(Permission.OWN_TRAINING):
            return self.filter(trainee__user=user)
        return self.none()

    def standing(self):
        """The latest word of each person on each purpose: what holds now."""
        return self.order_by("trainee_id", "purpose", "-at", "-pk").distinct("trainee_id", "purpose")

    def refuses(self, trainee, purpose):
        """Whether the person’s last word on the purpose is no. Who has said nothing does not refuse."""
        return bool(self.refusing([trainee], purpose))

    def refusing(self, trainees, purpose):
        """The keys of those of the people whose last word on the purpose is no. One query."""
        words = self.filter(trainee__in=trainees, purpose=purpose).standing()
        return {word.trainee_id for word in words if word.action == Consent.Action.WITHDRAWN}

    def has_lapsed(self, trainee):
        """Whether the person once agreed to stay in touch, too long ago, and has said nothing since."""
        word = self.filter(trainee=trainee, purpose=Consent.Purpose.GRADUATE).order_by("-at", "-pk").first()
        return word is not None and word.has_lapsed

    def to_renew(self, days):
        """Words on staying in touch that lapse in `days` days or fewer, of graduates; each the person's latest."""
        now = clock.now()
        newer = Consent.objects.filter(
            trainee=OuterRef("trainee"), purpose=Consent.Purpose.GRADUATE, at__gt=OuterRef("at")
        )
        return self.filter(
            ~Exists(newer),
            Exists(Graduation.objects.filter(trainee=OuterRef("trainee"))),
            purpose=Consent.Purpose.GRADUATE,
            action=Consent.Action.GIVEN,
            at__gt=now - LASTS,
            at__lte=now - LASTS + timedelta(days=days),
        )

    def why_not_merge(self, keep, lose):
        """What forbids a merge: one of the two records says no, and the other still holds what it is about."""
        from .documents import Document
        from .passports import Passport

        people = [keep, lose]
        word = (
            self.filter(trainee__in=people, purpose=Consent.Purpose.PASSPORT).order_by("-at", "-pk").first()
        )
        if word is None or word.action == Consent.Action.GIVEN:
            return []
        scans = Document.objects.filter(trainee__in=people, kind=Document.Kind.PASSPORT, file__isnull=False)
        if not scans.exists() and not Passport.objects.filter(trainee__in=people).exists():
            return []
        words = gettext(
            "The person has withdrawn the consent to keep the passport, but one record still holds it. "
            "Erase it there first."
        )
        return [words]


def refused(purpose, person):
    """A condition for queries: who stands at the path `person` has said no to the purpose, or taken a yes back."""
    latest = Consent.objects.filter(trainee=OuterRef(person), purpose=purpose).order_by("-at", "-pk")
    word = Coalesce(Subquery(latest.values("action")[:1]), Value(""))
    return Exact(word, Value(Consent.Action.WITHDRAWN.value))


def lapsed(person):
    """A condition for queries: who stands at the path `person` agreed to stay in touch, longer ago than that holds."""
    latest = Consent.objects.filter(trainee=OuterRef(person), purpose=Consent.Purpose.GRADUATE)
    latest = latest.order_by("-at", "-pk")
    given = Exact(Subquery(latest.values("action")[:1]), Value(Consent.Action.GIVEN.value))
    return Q(given) & Q(LessThan(Subquery(latest.values("at")[:1]), Value(clock.now() - LASTS)))


class Consent(models.Model):
    """One word of a person on one purpose: given or withdrawn, to which text, in which language. Never changed."""

    class Purpose(models.TextChoices):
        PARTICIPATION = "participation", _("taking part")
        PASSPORT = "passport", _("passport number")
        ABROAD = "abroad", _("sending data to the partner abroad")
        GRADUATE = "graduate", _("staying in touch as a graduate")

    class Action(models.TextChoices):
        GIVEN = "given", _("given")
        WITHDRAWN = "withdrawn", _("withdrawn")

    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="consents", verbose_name=_("trainee"))
    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose.choices)
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    version = models.CharField(_("version of the text"), max_length=10)
    language = models.CharField(_("language read"), max_length=2, choices=READING_LANGUAGES)
    at = models.DateTimeField(_("time"), default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    by_name = models.CharField(_("name then"), max_length=120)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["trainee", "purpose", "-at"], name="consent_by_purpose"),
            models.Index(
                fields=["at"], condition=Q(purpose="graduate", action="given"), name="consent_to_renew"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            # Whose word it is moves when two entries turn out to be one person; nothing else ever does.
            pgtrigger.ReadOnly(name="append_only", exclude=["trainee"]),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.get_action_display()}"

    @property
    def has_lapsed(self):
        """Whether it is a yes to staying in touch that was given too long ago."""
        is_yes = self.purpose == self.Purpose.GRADUATE and self.action == self.Action.GIVEN
        return is_yes and self.at < clock.now() - LASTS

    @property
    def holds_until(self):
        """The day on which a yes to staying in touch lapses."""
        return localdate(self.at + LASTS, clock.SEOUL)
