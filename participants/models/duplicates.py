from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.records import clock

from .people import Trainee


class DuplicateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees all people sees which of them look alike."""
        return self if user.has(Permission.SEE_PEOPLE) else self.none()

    def open(self):
        """Those nobody has looked at yet."""
        return self.filter(not_same_at=None)

    def for_list(self):
        people = [
            f"{side}__{fact}"
            for side in ("one", "other")
            for fact in ("institution__region", "specialty", "user")
        ]
        return self.select_related(*people, "not_same_by")

    def hand_over(self, keep, lose):
        """Before `lose` is merged into `keep`: those decided on are kept for `keep`, the others are looked for anew."""
        for row in self.about(lose).exclude(not_same_at=None):
            stranger = row.other_id if row.one_id == lose.pk else row.one_id
            pair = sorted((keep.pk, stranger))
            if stranger != keep.pk and not self.filter(one=pair[0], other=pair[1]).exists():
                row.pk, row.one_id, row.other_id = None, *pair
                row._state.adding = True
                row.save()
        self.about(lose).delete()

    def about(self, *people):
        """Those that one of the people is part of."""
        return self.filter(Q(one__in=people) | Q(other__in=people))


class Duplicate(models.Model):
    """Two people of the register who look like one, and what a person decided: merged they are gone from here,
    and “somebody else” is remembered, so that it is never asked again.
    """

    class Strength(models.TextChoices):
        STRONG = "strong", _("very likely")
        WEAK = "weak", _("possible")

    class Evidence(models.TextChoices):
        PASSPORT = "passport", _("same passport")
        EMAIL = "email", _("same e-mail")
        NAME_SAME = "name_same", _("same name")
        NAME_SPELLED = "name_spelled", _("same name, other spelling")
        NAME_ALIKE = "name_alike", _("names alike")
        NAME_DIFFERS = "name_differs", _("names differ")
        BIRTH_SAME = "birth_same", _("same birth date")
        BIRTH_NEAR = "birth_near", _("birth dates nearly the same")
        BIRTH_UNKNOWN = "birth_unknown", _("birth date not known")
        BIRTH_DIFFERS = "birth_differs", _("birth dates differ")
        INSTITUTION = "institution", _("same institution")
        COUNTRY = "country", _("same country")

    one = models.ForeignKey(Trainee, models.CASCADE, related_name="+", verbose_name=_("person"))
    other = models.ForeignKey(Trainee, models.CASCADE, related_name="+", verbose_name=_("other person"))
    strength = models.CharField(_("how sure"), max_length=6, choices=Strength.choices)
    evidence = ArrayField(
        models.CharField(max_length=20, choices=Evidence.choices),
        verbose_name=_("evidence"),
        default=list,
        blank=True,
    )
    found_at = models.DateTimeField(_("found"), default=clock.now)
    not_same_at = models.DateTimeField(_("said to be somebody else"), null=True, blank=True)
    not_same_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("said by"),
    )
    not_same_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = DuplicateQuerySet.as_manager()

    # For a merge: a pair twice says it no better than once.
    same_if_twice = True

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["strength", "one__passport_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="duplicate_once_per_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="duplicate_lower_key_first"),
            models.CheckConstraint(
                condition=Q(not_same_at=None, not_same_reason="") | Q(not_same_at__isnull=False),
                name="duplicate_reason_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["strength"], condition=Q(not_same_at=None), name="duplicate_open"),
        ]

    def __str__(self):
        return f"{self.one} – {self.other}"
