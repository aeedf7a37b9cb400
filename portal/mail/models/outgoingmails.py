import uuid
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.mail.utils import DNS_NAME
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import READING_LANGUAGES
from portal.accounts.roles import Permission
from portal.mail import kinds
from portal.records import clock
from portal.records.models import PrivateFile
from portal.records.transitions import Stateful, StatefulQuerySet

from .mailings import Mailing


class State(models.TextChoices):
    """Where a mail stands."""

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    UNCERTAIN = "uncertain", _("uncertain")
    CANCELLED = "cancelled", _("cancelled")


class Phase(models.TextChoices):
    """How far a mail that is being sent has come: only silence after the final dot leaves a doubt."""

    BEFORE_DOT = "", _("before the final dot")
    DOT = "dot", _("at the final dot")


class OutgoingMailQuerySet(StatefulQuerySet):
    def visible_to(self, user):
        """Those who may read mails see all of them, everyone else none."""
        return self if user.has(Permission.SEE_MAILS) else self.none()

    def queued(self):
        return self.filter(state=State.QUEUED)

    def due(self):
        """Queued, and its time has come by the portal's clock."""
        return self.queued().filter(next_attempt__lte=clock.now())

    def needing_a_person(self):
        """Failed or uncertain: nothing happens to these until somebody settles them."""
        return self.filter(state__in=[State.FAILED, State.UNCERTAIN])

    def about(self, *objects):
        """Mails whose subject is one of the objects."""
        wanted = Q(pk__in=[])
        for obj in objects:
            wanted |= Q(about_type=ContentType.objects.get_for_model(obj), about_id=obj.pk)
        return self.filter(wanted)

    def addressed_to(self, words):
        """Mails whose recipient's name or address contains the words."""
        return self.filter(Q(recipient_name__icontains=words) | Q(address__icontains=words))

    def for_list(self):
        """Without the mail itself, which a list does not show and which may weigh megabytes."""
        return self.defer("raw", "html", "text", "context").order_by("-due", "-pk")


class OutgoingMail(Stateful):
    """One letter in the outbox: to whom, about what, when, and once rendered the exact bytes that leave."""

    State = State
    Phase = Phase
    initial_state = State.QUEUED

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Names kind, object, recipient and due: putting the same mail twice gives one row.
    key = models.CharField(_("key"), max_length=200, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=60)

    about_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    about_id = models.BigIntegerField(_("record"))
    about = GenericForeignKey("about_type", "about_id")

    recipient_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kind of recipient"),
    )
    recipient_id = models.BigIntegerField(_("recipient"), null=True, blank=True)
    recipient = GenericForeignKey("recipient_type", "recipient_id")
    # As they were when the mail was put.
    address = models.EmailField(_("address"), max_length=254, blank=True)
    recipient_name = models.CharField(_("recipient’s name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=READING_LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Seoul")

    due = models.DateTimeField(_("due"))
    valid_until = models.DateTimeField(
        _("valid until"), null=True, blank=True, help_text=_("Not sent after this time.")
    )

    # The recipient's day on which this reminds them of what it is about: one reminder a day (see Meta).
    reminder_day = models.DateField(_("reminder of the day"), null=True, blank=True, editable=False)
    mailing = models.ForeignKey(
        Mailing, models.PROTECT, null=True, blank=True, related_name="mails", verbose_name=_("mailing")
    )

    template = models.CharField(_("template"), max_length=120)
    template_version = models.CharField(_("template’s version"), max_length=16, blank=True)
    context = models.JSONField(_("context"), default=dict, blank=True)
    # What staff wrote for this one mail in place of the usual words; empty for all others.
    own_subject = models.CharField(_("own subject"), max_length=300, blank=True, editable=False)
    own_text = models.TextField(_("own text"), blank=True, editable=False)
    attachments = models.ManyToManyField(
        PrivateFile, blank=True, related_name="+", verbose_name=_("attachments")
    )

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.QUEUED, editable=False
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    first_attempt_at = models.DateTimeField(_("first attempt"), null=True, blank=True)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    next_attempt = models.DateTimeField(_("next attempt"))
    # The claim: whoever holds the token may finish the mail until the lease ends by the database's clock.
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    token = models.UUIDField(null=True, blank=True, editable=False)
    phase = models.CharField(max_length=3, choices=Phase.choices, blank=True, default="", editable=False)
    silences = models.PositiveSmallIntegerField(
        _("times the server fell silent after the final dot"), default=0, editable=False
    )
    last_error_code = models.CharField(_("last error’s code"), max_length=20, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    cancelled_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)

    # Frozen at the first rendering; every later attempt sends these very bytes (a trigger sees to it).
    raw = models.BinaryField(_("message as sent"), null=True, blank=True, editable=False)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    rendered_at = models.DateTimeField(_("rendered"), null=True, blank=True)
    created_at = models.DateTimeField(_("put"), default=clock.now, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-due", "-pk"]
        indexes = [
            # The claim reads the front of this one; it holds only what is still to be sent.
            models.Index(fields=["next_attempt", "id"], condition=Q(state="queued"), name="mail_next_due"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="mail_leases"),
            models.Index(
                fields=["state", "due"],
                condition=Q(state__in=["queued", "sending", "failed", "uncertain"]),
                name="mail_unsettled",
            ),
            models.Index(fields=["about_type", "about_id", "-due"], name="mail_by_about"),
            models.Index(fields=["-due", "-id"], name="mail_by_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="mail_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="mail_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", token__isnull=False, lease_until__isnull=False)
                | ~Q(state="sending") & Q(token__isnull=True, lease_until__isnull=True, phase=""),
                name="mail_sending_has_its_lease",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancelled_reason="")
                | ~Q(state="cancelled") & Q(cancelled_reason=""),
                name="mail_cancelled_has_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(last_error=""), name="mail_failed_has_its_error"
            ),
            models.CheckConstraint(
                condition=~Q(address="") | Q(state__in=["failed", "cancelled"]),
                name="mail_leaves_with_an_address",
            ),
            models.CheckConstraint(
                condition=Q(raw__isnull=True, rendered_at__isnull=True)
                | Q(raw__isnull=False, rendered_at__isnull=False),
                name="mail_rendered_has_its_bytes",
            ),
            models.CheckConstraint(
                condition=Q(recipient_type__isnull=True, recipient_id__isnull=True)
                | Q(recipient_type__isnull=False, recipient_id__isnull=False),
                name="mail_recipient_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("due")),
                name="mail_valid_when_due",
            ),
            models.CheckConstraint(
                condition=Q(own_subject="", own_text="") | ~Q(own_subject="") & ~Q(own_text=""),
                name="mail_own_words_are_whole",
            ),
            models.UniqueConstraint(
                fields=["about_type", "about_id", "kind", "address", "reminder_day"],
                condition=Q(reminder_day__isnull=False) & ~Q(state="cancelled"),
                name="mail_one_reminder_a_day",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_bytes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__raw__isnull=False)
                & pgtrigger.Q(old__raw__df=pgtrigger.F("new__raw")),
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.recipient_name or self.address or self.key}"

    @property
    def kind_label(self):
        """What staff call this kind of mail."""
        return kinds.label_of(self.kind)

    @property
    def message_id(self):
        """The Message-ID of every sending of this mail: a mail server may recognize the second one by it."""
        return f"<{self.uuid}@{_mail_domain()}>"

    @property
    def reading_language(self):
        """The language the mail is written in: the recipient's, or English where the kind does not stand in it."""
        return self.language if self.language in kinds.languages_of(self.kind) else "en"

    @property
    def zone(self):
        """The recipient's time zone, in which the mail tells times."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo(settings.TIME_ZONE)

    @property
    def is_frozen(self):
        """Whether the text stands for good; until then it is made from the record as it is when it leaves."""
        return self.rendered_at is not None


def _mail_domain():
    """The domain of our own sender address, else this machine's name."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or str(DNS_NAME)
