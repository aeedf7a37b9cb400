"""A consent to stay in touch is asked for anew each year, before it lapses; after that nobody writes any more."""

from django.db import transaction

from participants.models import Consent
from participants.rules import RENEWAL_DAYS, renewal_step
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.records import clock

KIND = "consent_renewal"


def _key(word, step):
    """Names the mail of one step of one word: putting it twice gives one mail."""
    return f"{KIND}:{word.pk}:{step}"


def due_work(*, say):
    """One round: ask the graduates whose yes lapses soon. Returns how many mails it put; one query where none does.

    Arithmetic over the database: running it twice, or after a pause of days, puts nothing twice.
    """
    soon = Consent.objects.to_renew(RENEWAL_DAYS[0]).exclude(trainee__email="")
    words = list(soon.select_related("trainee__institution__region").order_by("at", "pk"))
    today = clock.today()
    steps = {word: renewal_step((word.holds_until - today).days) for word in words}
    keys = [_key(word, step) for word, step in steps.items()]
    put = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    return sum(_ask(word, step, say=say) for word, step in steps.items() if _key(word, step) not in put)


@transaction.atomic
def _ask(word, step, *, say):
    mail = outbox.put(
        KIND,
        to=word.trainee,
        about=word.trainee,
        key=_key(word, step),
        due=outbox.morning_for(word.trainee, clock.today()),
        context={"word": word.pk},
        reminder=True,
    )
    say(f"{mail.due:%Y-%m-%d %H:%M} {KIND} → {mail.address}: {word.trainee}")
    return 1
