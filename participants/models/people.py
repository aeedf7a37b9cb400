import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospitals.models import Hospital, Specialty, in_reader_language
from participants import names, transliteration
from partners.models import Institution
from portal.accounts.models import READING_LANGUAGES
from portal.accounts.roles import Permission
from portal.records.fields import ApproximateDateField
from portal.records.keeping import Mergeable, MergeableQuerySet
from portal.records.models import PrivateFile, Sourced


class TraineeQuerySet(MergeableQuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for person in objs:
            person.fold_names()
        return super().bulk_create(objs, *args, **kwargs)

    bulk_create.alters_data = True

    def bulk_update(self, objs, fields, *args, **kwargs):
        objs = list(objs)
        for person in objs:
            person.fold_names()
        return super().bulk_update(objs, _with_keys(fields), *args, **kwargs)

    bulk_update.alters_data = True

    def visible_to(self, user):
        """The team sees everybody, a trainee only themselves. Hospitals see trainees through their placements."""
        if user.has(Permission.SEE_PEOPLE):
            return self
        if user.has(Permission.OWN_TRAINING):
            return self.filter(user=user)
        return self.none()

    def for_list(self):
        return self.select_related("institution__region", "specialty")


def _with_keys(fields):
    """The fields to be written, and the keys with the names that they fold."""
    return [*fields, "name_keys"] if {*fields}.intersection([*Trainee.NAMES, "aliases"]) else list(fields)


@pghistory.track()
class Trainee(Mergeable):
    """A person who trains or has trained here, once, however often they come back."""

    NAMES = ("passport_name", "local_name", "korean_name", "certificate_name")
    name_fields = NAMES
    edit_permission = Permission.EDIT_PEOPLE

    passport_name = models.CharField(_("name as in the passport"), max_length=160)
    local_name = models.CharField(_("name in the local script"), max_length=160, blank=True)
    korean_name = models.CharField(_("name in Korean"), max_length=160, blank=True)
    certificate_name = models.CharField(_("name for the certificate"), max_length=160, blank=True)
    # The names under which they stood in a record that was merged into this one.
    aliases = ArrayField(
        models.CharField(max_length=160), verbose_name=_("also written as"), default=list, blank=True
    )
    certificate_name_confirmed_at = models.DateTimeField(
        _("name confirmed"), null=True, blank=True, editable=False
    )
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    nationality = models.CharField(
        _("nationality"), max_length=2, blank=True, help_text=_("ISO 3166, for example MN")
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trainees",
        verbose_name=_("home institution"),
    )
    profession = models.CharField(_("profession"), max_length=80, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("specialty")
    )
    practicing_since = models.PositiveSmallIntegerField(
        _("in practice since (year)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1940), MaxValueValidator(2100)],
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=READING_LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        blank=True,
    )
    language = models.CharField(
        _("language for mails"), max_length=2, choices=READING_LANGUAGES, default="en"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    # Health data are not collected: that somebody has looked at the proof, and when, is all that is kept.
    vaccination_checked_on = models.DateField(_("vaccination checked on"), null=True, blank=True)
    needs = models.CharField(_("dietary and religious needs"), max_length=300, blank=True)
    emergency_contact = models.CharField(_("emergency contact"), max_length=200, blank=True)
    photo = models.ForeignKey(
        PrivateFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trainee",
        verbose_name=_("user"),
    )
    is_invented = models.BooleanField(_("invented for the demo"), default=False)
    # Erased at their wish: what is left is a stub that is counted, without a name.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    # What every spelling of the names has in common: how duplicates are found. Made from them, never entered.
    name_keys = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        ordering = ["passport_name", "pk"]
        constraints = [
            *Mergeable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(nationality="") | Q(nationality__regex=r"^[A-Z]{2}$"),
                name="trainee_nationality_is_iso",
            ),
            models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="trainee_email_once"),
        ]
        indexes = [
            GinIndex(fields=["name_keys"], name="trainee_by_name_keys"),
            models.Index(fields=["birth_date"], name="trainee_by_birth_date"),
        ]

    def __str__(self):
        return self.passport_name

    def save(self, *args, update_fields=None, **kwargs):
        self.fold_names()
        if update_fields is not None:
            update_fields = _with_keys(update_fields)
        super().save(*args, update_fields=update_fields, **kwargs)

    def fold_names(self):
        """Make the keys anew from the names, as every way of saving does."""
        self.name_keys = transliteration.keys(*self.every_name)

    def why_not_merge(self, lose):
        """Two accounts are one too many, and nobody is left without theirs."""
        from .consents import Consent  # it points at this model

        against = Consent.objects.why_not_merge(self, lose)
        both = self.user_id and lose.user_id
        if not both or not lose.user.is_active:
            return against
        words = _(
            "Both have an account: %(one)s and %(other)s. Deactivate that of %(name)s first, or keep the other."
        )
        return [*against, words % {"one": self.user.email, "other": lose.user.email, "name": lose}]

    def make_room_for(self, lose):
        """What was said about `lose` and others who look alike is said of this person, and the passport is theirs."""
        from .duplicates import Duplicate  # these point at this model
        from .passports import Passport

        Duplicate.objects.hand_over(self, lose)
        Passport.objects.hand_over(self, lose)

    def clean(self):
        """Every form that keeps a person tidies the names, and refuses what cannot be printed."""
        super().clean()
        self.passport_name = names.tidy(self.passport_name)
        self.certificate_name = names.tidy(self.certificate_name)
        checks = {"passport_name": names.valid_name, "certificate_name": names.valid_certificate_name}
        errors = {}
        for field, check in checks.items():
            try:
                check(getattr(self, field))
            except ValidationError as error:
                errors[field] = error
        if errors:
            raise ValidationError(errors)

    @property
    def name(self):
        return self.passport_name

    @property
    def display_name(self):
        """The name on pages: for a reader of Korean the Korean one, where there is one."""
        return in_reader_language(self.passport_name, self.korean_name)

    @property
    def name_on_certificate(self):
        return self.certificate_name or self.passport_name

    @property
    def time_zone(self):
        """The zone at home: that of the home institution's region; empty where it is not known."""
        return self.institution.region.time_zone if self.institution else ""

    @property
    def country(self):
        """The country they work in, whose holidays mails leave out; empty where it is not known."""
        return self.institution.region.country if self.institution else ""


class GraduationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team sees every graduate, a graduate themselves, a partner contact those of their institution."""
        if user.has(Permission.SEE_PEOPLE):
            return self
        mine = Q(pk__in=[])  # a contact may have trained here too
        if user.has(Permission.OWN_TRAINING):
            mine |= Q(trainee__user=user)
        if user.has(Permission.SEE_OWN_GRADUATES):
            from .consents import Consent, refused  # it points at the model above

            theirs = Q(trainee__institution__in=Institution.objects.filter(contacts__user=user))
            mine |= theirs & ~Q(refused(Consent.Purpose.ABROAD, "trainee"))
        return self.filter(mine)


@pghistory.track()
class Graduation(Sourced):
    """A line of the alumni register: who completed what, when and where; also for people from before the portal."""

    trainee = models.ForeignKey(
        Trainee, models.PROTECT, related_name="graduations", verbose_name=_("trainee")
    )
    program_name = models.CharField(_("program"), max_length=200, blank=True)
    program_name_ko = models.CharField(_("program in Korean"), max_length=200, blank=True)
    program_kind = models.CharField(_("kind of program"), max_length=20, blank=True)
    completed = ApproximateDateField(_("completed"))
    hospitals = models.ManyToManyField(
        Hospital, blank=True, related_name="+", verbose_name=_("host hospitals")
    )

    objects = GraduationQuerySet.as_manager()

    class Meta:
        verbose_name = _("graduation")
        verbose_name_plural = _("graduations")
        ordering = ["-completed", "trainee__passport_name"]

    def __str__(self):
        return f"{self.trainee}, {self.completed.words()}"
