import hashlib
import secrets

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import clock
from .actors import in_words
from .fields import ApproximateDateField


class EventQuerySet(models.QuerySet):
    def about(self, *objects):
        """Events whose subject is one of the objects, or was another record until it was merged into that one."""
        wanted = models.Q(pk__in=[])
        for obj in objects:
            kind = ContentType.objects.get_for_model(obj, for_concrete_model=True)
            wanted |= models.Q(subject_type=kind, **_itself_and_merged(obj))
        return self.filter(wanted)

    def for_history(self):
        return self.select_related("actor", "subject_type").order_by("-at", "-pk")


def _itself_and_merged(obj):
    if not hasattr(obj, "merged_into_id"):
        return {"subject_id": obj.pk}
    rows = type(obj)._base_manager.filter(models.Q(pk=obj.pk) | models.Q(merged_into=obj.pk))
    return {"subject_id__in": rows.values("pk")}


class Event(models.Model):
    """One line of the trail: who did what to which record, when and why. Only ever added."""

    at = models.DateTimeField(_("time"), default=clock.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    actor_name = models.CharField(_("actor’s name then"), max_length=120)
    subject_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    subject_id = models.BigIntegerField(_("record"))
    subject = GenericForeignKey("subject_type", "subject_id")
    subject_name = models.CharField(_("record’s name then"), max_length=200)
    verb = models.CharField(_("verb"), max_length=60)
    source = models.CharField(_("state before"), max_length=30, blank=True)
    target = models.CharField(_("state after"), max_length=30, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "-at"], name="event_by_subject")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.verb} {self.subject_name}"

    @property
    def who(self):
        """Who acted, by the name of then; the portal itself in the reader's language."""
        return self.actor_name if self.actor_id else in_words(self.actor_name)


class Source(models.Model):
    """Where a recorded fact was published: an article of the province, with its date."""

    key = models.SlugField(_("key"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=120)
    published = ApproximateDateField(_("published"))
    views = models.PositiveIntegerField(_("views, as printed"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, default="en")

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-published", "pk"]

    def __str__(self):
        return f"{self.publisher}, {self.published.words()}"


class Sourced(models.Model):
    """A record of the past that keeps where it was published."""

    sources = models.ManyToManyField(Source, blank=True, related_name="+", verbose_name=_("sources"))

    class Meta:
        abstract = True


def _storage():
    return storages["private"]


class PrivateFileManager(models.Manager):
    def store(self, content, *, name, content_type):
        """Keep `content` (bytes) under a random path; `name` is what a reader's download will be called."""
        [file] = self.store_all([(content, name)], content_type=content_type)
        return file

    def store_all(self, contents, *, content_type):
        """The same of several, given as (content, name); their rows, in that order. One query."""
        return self.bulk_create([_kept(*pair, content_type) for pair in contents])


def _kept(content, name, content_type):
    """The row of a file whose bytes are kept already."""
    digest = hashlib.sha256(content).hexdigest()
    token = secrets.token_hex(16)
    path = _storage().save(f"{token[:2]}/{token}", ContentFile(content))
    return PrivateFile(path=path, name=name, content_type=content_type, size=len(content), sha256=digest)


class PrivateFile(models.Model):
    """A file nobody reaches by its path: a view that scopes its owner serves it as a download. Never overwritten."""

    path = models.CharField(max_length=120, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    stored_at = models.DateTimeField(_("stored"), default=clock.now)

    objects = PrivateFileManager()

    class Meta:
        verbose_name = _("private file")
        verbose_name_plural = _("private files")

    def __str__(self):
        return self.name

    def open(self):
        """The stored bytes as a file object."""
        return _storage().open(self.path)

    def read(self):
        with self.open() as stored:
            return stored.read()

    def discard_content(self):
        """The stored bytes go for good; bytes that are gone already are no mistake."""
        _storage().delete(self.path)

    def discard_content_unless_kept(self):
        """Take the bytes away where the row that named them was rolled back: nobody could find them any more."""
        if not type(self).objects.filter(path=self.path).exists():
            _storage().delete(self.path)


class AccessRecordQuerySet(models.QuerySet):
    def about(self, *objects):
        """Records of looks at these objects."""
        wanted = models.Q(pk__in=[])
        for obj in objects:
            kind = ContentType.objects.get_for_model(obj, for_concrete_model=True)
            wanted |= models.Q(about_type=kind, about_id=obj.pk)
        return self.filter(wanted)

    def of_month(self, first_day):
        """Those of the month that begins on `first_day`, as months are in Seoul."""
        return self.filter(
            at__gte=clock.start_of(first_day), at__lt=clock.start_of(clock.next_month(first_day))
        )


class AccessRecord(models.Model):
    """One look at what few may see: who, when, whose, what, why and from where. Only ever added."""

    at = models.DateTimeField(_("time"), default=clock.now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who looked"),
    )
    by_name = models.CharField(_("name then"), max_length=120)
    about_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kind of record")
    )
    about_id = models.BigIntegerField(_("record"), null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    about_name = models.CharField(_("whose"), max_length=200)
    what = models.CharField(_("what"), max_length=40)
    reason = models.CharField(_("why"), max_length=300)
    ip = models.GenericIPAddressField(_("from where"), null=True, blank=True)

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("access record")
        verbose_name_plural = _("access records")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["about_type", "about_id", "-at"], name="access_by_subject")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="access_has_its_reason"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_name}: {self.what}, {self.about_name}"


class AccessReview(models.Model):
    """Somebody has gone through a month's access records and role grants, and says so by name. Only ever added."""

    month = models.DateField(_("month"), unique=True, help_text=_("Its first day."))
    reviewed_at = models.DateTimeField(_("reviewed"), default=clock.now)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewed by")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("access review")
        verbose_name_plural = _("access reviews")
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="accessreview_month_is_a_first_day"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"
