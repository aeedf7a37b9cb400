"""The alumni register as it is read: each graduate with the present post, and whether a mail would reach them."""

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    OuterRef,
    Prefetch,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.mail.models import BouncedAddress
from portal.records import clock

from .models import Consent, Post
from .models.consents import LASTS


class Reach(TextChoices):
    """Whether a graduate can be written to, and if not, why."""

    WORKS = "works", _("can be written to")
    BOUNCED = "bounced", _("address refused")
    NO_ADDRESS = "no_address", _("no address")
    REFUSED = "refused", _("does not want mails")
    UNASKED = "unasked", _("not asked yet")
    LAPSED = "lapsed", _("consent has lapsed")


def with_reach(graduations):
    """Annotated with `reach`, a value of Reach."""
    words = Consent.objects.filter(trainee=OuterRef("trainee"), purpose=Consent.Purpose.GRADUATE)
    words = words.order_by("-at", "-pk")
    refused = BouncedAddress.objects.filter(address=Lower(OuterRef("trainee__email")))
    return graduations.annotate(
        word=Subquery(words.values("action")[:1], output_field=CharField()),
        word_at=Subquery(words.values("at")[:1], output_field=DateTimeField()),
    ).annotate(
        reach=Case(
            When(trainee__email="", then=Value(Reach.NO_ADDRESS)),
            When(Exists(refused), then=Value(Reach.BOUNCED)),
            When(word=Consent.Action.WITHDRAWN, then=Value(Reach.REFUSED)),
            When(word=None, then=Value(Reach.UNASKED)),
            When(word_at__lt=clock.now() - LASTS, then=Value(Reach.LAPSED)),
            default=Value(Reach.WORKS),
            output_field=CharField(),
        )
    )


def for_register(graduations):
    """With all a line of the register shows; three queries for any number of lines."""
    posts = Prefetch("trainee__posts", Post.objects.latest(), to_attr="present_posts")
    rows = with_reach(graduations).select_related("trainee__institution__region", "trainee__specialty")
    return rows.prefetch_related("hospitals", posts)


def present_post(trainee):
    """The Post told last, of a trainee read by `for_register`; None where none was told."""
    return trainee.present_posts[0] if trainee.present_posts else None
