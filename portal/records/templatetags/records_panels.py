"""What can be done with a record, as buttons; and what was done to it."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from .. import trail
from ..imports.importers import kind_of, kinds_for
from ..models import Event
from ..transitions import available

register = template.Library()


def screens_of(obj, user):
    """Pairs of a verb `user` can use on `obj` now and the address of its screen.

    Verbs without a screen are left out: they are used through others, as requests are for a whole cohort.
    """
    found = []
    for verb in available(obj, user):
        try:
            found.append((verb, reverse(verb.url_name, args=[obj.pk])))
        except NoReverseMatch:
            continue
    return found


@register.simple_tag
def verb_buttons(obj, user, *, primary="", leave_out="", only="", danger="", small=False):
    """The verbs `user` can use on `obj` now, as links to their screens.

    `{% verb_buttons placement user primary="confirm" leave_out="cancel" %}`: `primary` names the verb that is
    the next step, `leave_out` those shown elsewhere, `only` the ones wanted here, `danger` those
    that undo something (names parted by spaces).
    """
    hidden, wanted = leave_out.split(), only.split()
    size = " btn-sm" if small else ""
    return format_html_join(
        " ",
        '<a class="btn btn-{}{}" href="{}">{}</a>',
        (
            (_look(verb.name, primary, danger), size, url, verb.label)
            for verb, url in screens_of(obj, user)
            if verb.name not in hidden and (not wanted or verb.name in wanted)
        ),
    )


def _look(name, primary, danger):
    if name in danger.split():
        return "danger"
    return "primary" if name == primary else "secondary"


@register.simple_tag
def verb_links(obj, user, leave_out="", only=""):
    """The same as plain links, for the cells of a table."""
    hidden, wanted = leave_out.split(), only.split()
    links = [
        (url, verb.label)
        for verb, url in screens_of(obj, user)
        if verb.name not in hidden and (not wanted or verb.name in wanted)
    ]
    return format_html_join(" · ", '<a href="{}">{}</a>', links)


@register.simple_tag
def import_links(user, *kinds):
    """Links to bring in a file of these kinds, for who may: `{% import_links user "institutions" %}`."""
    wanted = [key for key in kinds_for(user) if key in kinds]
    words = _("Import from a spreadsheet") if len(kinds) == 1 else _("Import %(kind)s from a spreadsheet")
    return format_html_join(
        " ",
        '<a class="btn btn-secondary" href="{}">{}</a>',
        (
            (reverse("records:importbatch-create", args=[key]), words % {"kind": kind_of(key).label})
            for key in wanted
        ),
    )


@register.inclusion_tag("records/_history.html")
def history(*objects, leave_out=""):
    """The trail of these records, latest first: who did what, when and why; without some verbs for who may not see."""
    events = Event.objects.about(*objects).exclude(verb__in=leave_out.split())
    return {"lines": trail.lines(events.for_history())}
