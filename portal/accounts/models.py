from zoneinfo import available_timezones

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .languages import language_for
from .roles import ROLE_PERMISSIONS, TEAM, Role, permissions_of

# What a person may prefer to read. The portal offers settings.LANGUAGES of these and falls back to English.
READING_LANGUAGES = [("en", _("English")), ("ko", _("Korean")), ("mn", _("Mongolian")), ("ru", _("Russian"))]


def valid_time_zone(value):
    """Refuse what is not an IANA time zone name."""
    if value not in available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone; write one like Asia/Seoul."), params={"zone": value}
        )


class UserManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email=(email or "").strip().lower())

    def create_user(self, email, password=None, **fields):
        """A user who can sign in by mailed code; by password only where one is given."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """The first administrator, made on the command line before anybody can invite."""
        fields.setdefault("name", email)
        return self.create_user(email, password, roles=[Role.ADMINISTRATOR], **fields)


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def with_role(self, role):
        return self.filter(roles__contains=[role])

    def team(self):
        return self.filter(roles__overlap=list(TEAM))

    def who_may(self, permission):
        """Active users with a role that gives the permission."""
        roles = [role for role, given in ROLE_PERMISSIONS.items() if permission in given]
        return self.active().filter(roles__overlap=roles)

    def visible_to(self, user):
        """The team sees everybody, everyone else sees only themselves."""
        return self if user.is_team else self.filter(pk=user.pk)


class User(AbstractBaseUser):
    """A person who signs in, known by their e-mail address."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=READING_LANGUAGES, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[valid_time_zone]
    )
    # Given and taken only by portal.accounts.workflow, which writes a Grant beside it.
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        verbose_name=_("roles"),
        default=list,
        blank=True,
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_invented = models.BooleanField(_("invented for the demo"), default=False, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self):
        return self.name or self.email

    def clean(self):
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @cached_property
    def permissions(self):
        """Every Permission this user has through their roles; none when deactivated."""
        return permissions_of(self.roles) if self.is_active else frozenset()

    def has(self, permission):
        return permission in self.permissions

    def is_a(self, role):
        return self.is_active and role in self.roles

    @property
    def is_team(self):
        """One of the province's own people (officer, manager, viewer or administrator)."""
        return self.is_active and not TEAM.isdisjoint(self.roles)

    @property
    def works_here(self):
        """Somebody of the team or of a hospital: who works with the portal and does not only read their own in it."""
        return self.is_team or self.is_a(Role.COORDINATOR)

    @property
    def reading_language(self):
        """The language of the account where it is offered to them, else English."""
        return language_for(self, self.language)

    # What Django's admin asks. Only administrators come in; inside, states still move by verbs alone.
    @property
    def is_staff(self):
        return self.is_a(Role.ADMINISTRATOR)

    @property
    def is_superuser(self):
        return self.is_staff

    def has_perm(self, perm, obj=None):
        return self.is_staff

    def has_perms(self, perm_list, obj=None):
        return self.is_staff

    def has_module_perms(self, app_label):
        return self.is_staff


class Grant(models.Model):
    """One entry in the register of roles: who gave or took which role, when and why. Never changed."""

    class Action(models.TextChoices):
        GIVEN = "given", _("given")
        TAKEN = "taken", _("taken")

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    action = models.CharField(_("action"), max_length=5, choices=Action.choices)
    by = models.ForeignKey(
        User, models.PROTECT, related_name="grants_made", null=True, blank=True, verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.get_action_display()}: {self.user}"
