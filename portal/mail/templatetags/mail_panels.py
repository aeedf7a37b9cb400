"""What the outbox knows about a record, for any page above it."""

from django import template

from portal.accounts.roles import Permission

from .. import outbox
from ..models import BouncedAddress

register = template.Library()


@register.inclusion_tag("mail/_mails_about.html", takes_context=True)
def mails_about(context, *objects):
    """The mails about these records: what went out (with the exact text), and what will go out when."""
    user = context["user"]
    mails = outbox.mails_about(*objects).visible_to(user)
    return {"mails": mails, "may_open": user.has(Permission.SEE_MAILS)}


@register.inclusion_tag("mail/_address_bounced.html")
def address_bounced(people):
    """That mail to this person, or to one of several, does not arrive. One query; for staff who see them."""
    return {"marks": BouncedAddress.objects.of(*([people] if hasattr(people, "email") else people))}
