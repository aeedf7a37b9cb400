"""What the person's record shows on pages of any app: the portrait, the names, the trail."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.records.models import Event
from portal.records.transitions import machine

register = template.Library()


@register.filter
def initials(trainee):
    """The first letters of the first and the last part of the name, as they stand in the place of a photo."""
    parts = trainee.passport_name.split()
    return "".join(part[0] for part in (parts if len(parts) < 2 else [parts[0], parts[-1]])).upper()


@register.simple_tag
def portrait(trainee):
    """The place of the photo. The name stands beside it, so it says nothing to a screen reader."""
    return format_html('<div class="portrait" aria-hidden="true">{}</div>', initials(trainee))


@register.filter
def language_names(trainee):
    """The languages a person speaks, in the reader's language."""
    names = dict(trainee._meta.get_field("languages").base_field.choices)
    return ", ".join(str(names.get(code, code)) for code in trainee.languages)


# Verbs that are no arrow of a state machine.
OTHER_VERBS = {
    "register": _("Entered"),
    "change": _("Changed"),
    "confirm_certificate_name": _("Name for the certificate confirmed"),
    "draft": _("Drafted"),
    "nominate": _("Nominated"),
}


@register.inclusion_tag("participants/_history.html")
def history(*objects):
    """The trail of these records, latest first: who did what, when and why."""
    lines = []
    for event in Event.objects.about(*objects).for_history():
        model = event.subject_type.model_class()
        verb = machine(model).get(event.verb) if model else None
        lines.append({"event": event, "words": verb.label if verb else OTHER_VERBS.get(event.verb, event.verb)})
    return {"lines": lines}
