"""The components of a page as tags; the catalogue page (`ui:catalogue`) shows each of them once.

The library is among the template builtins, so that no template loads it.
"""

from functools import cache

from django import template
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from heroicons.templatetags import heroicons

from ..badges import look_of
from ..forms import error_list, field_groups

register = template.Library()

ALERTS = {  # message level → class and icon of the alert
    "debug": ("info", "information-circle"),
    "info": ("info", "information-circle"),
    "success": ("success", "check-circle"),
    "warning": ("warning", "exclamation-triangle"),
    "error": ("danger", "x-circle"),
}


# Page ----------------------------------------------------------------------------------------------


class CaptureNode(template.Node):
    def __init__(self, nodelist, name):
        self.nodelist = nodelist
        self.name = name

    def render(self, context):
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - rendered, so escaped
        return ""


@register.tag
def capture(parser, token):
    """Keep what stands between `{% capture name %}` and `{% endcapture %}`, to print it later, if any."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)


@register.simple_tag
def crumb(label, url=""):
    """One breadcrumb; the last one, the page itself, has no URL."""
    if url:
        return format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', url, label)
    return format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', label)


@register.inclusion_tag("components/alert.html")
def alert(level, text, role="status"):
    """A message that stays. The first line is said strongly; what follows a line break, plainly below."""
    kind, name = ALERTS.get(level, ALERTS["info"])
    first, _break, rest = str(text).partition("\n")
    safe = isinstance(text, SafeString)
    return {
        "kind": kind,
        "icon": name,
        "first": mark_safe(first) if safe else first,  # noqa: S308 - safe before it was split
        "rest": mark_safe(rest) if safe else rest,  # noqa: S308
        "role": role,
    }


# Signs ---------------------------------------------------------------------------------------------


@register.simple_tag(name="icon")
def icon(name, variant="mini", css=""):
    """A Heroicon beside words: micro in badges, mini in text, outline in empty states, solid in a verdict."""
    return _svg(str(name), str(variant), str(css))


@cache
def _svg(name, variant, css):
    draw = getattr(heroicons, f"heroicon_{variant}")
    return draw(name, size=None, **{"class": f"i {css}".strip(), "aria-hidden": "true", "focusable": "false"})


@register.simple_tag
def badge(subject, state=None, label=None):
    """The state of a record: `{% badge mou %}`, or by model name, state and word where there is no record."""
    if state is None:
        model_name, state, label = subject._meta.model_name, subject.state, subject.get_state_display()
    else:
        model_name = subject
    look = look_of(model_name, str(state))
    return mark_safe(  # noqa: S308 - the icon is ours, role comes from the map, the label is escaped
        f'<span class="state is-{look.role}">{_svg(look.icon, "micro", "")}{conditional_escape(label)}</span>'
    )


@register.simple_tag
def icons(names):
    """These icons, drawn once for a long list that shows them by `short_icon` or `short_badge`."""
    drawn = "".join(_symbol(name) for name in dict.fromkeys(names))
    return mark_safe(f'<svg class="vh" aria-hidden="true" focusable="false">{drawn}</svg>')  # noqa: S308 - drawn by us


@register.simple_tag
def badge_icons(model_name, *states):
    """The icons of these states, for `short_badge`."""
    return icons(look_of(model_name, state).icon for state in states)


@cache
def _symbol(name):
    paths = _svg(name, "micro", "").partition(">")[2].rpartition("</svg>")[0]
    return f'<symbol id="i-{name}" viewBox="0 0 16 16" fill="currentColor">{paths}</symbol>'


@register.simple_tag
def short_icon(name):
    """An icon that stands on the page already (`icons`): a quarter of its bytes."""
    return mark_safe(f'<svg class="i" aria-hidden="true"><use href="#i-{name}"/></svg>')  # noqa: S308 - named by us


@register.simple_tag
def short_badge(model_name, state, label):
    """A badge whose icon stands on the page already (`badge_icons`)."""
    look = look_of(model_name, str(state))
    return mark_safe(  # noqa: S308 - role comes from the map, the label is escaped
        f'<span class="state is-{look.role}">{short_icon(look.icon)}{conditional_escape(label)}</span>'
    )


@register.simple_tag
def tag(role, icon_name, label):
    """A badge for a fact that is no state: `{% tag "wait" "clock" _("Changed yesterday") %}`."""
    return format_html('<span class="state is-{}">{}{}</span>', role, _svg(icon_name, "micro", ""), label)


@register.simple_tag
def demo_mark(obj):
    """“demo” beside the name of a person or record that was invented (`is_invented`); else nothing."""
    if obj is True or getattr(obj, "is_invented", False):
        return format_html('<span class="demo">{}</span>', _("demo"))
    return ""


# Blocks --------------------------------------------------------------------------------------------


@register.inclusion_tag("components/empty_state.html")
def empty_state(icon_name, title, text="", label="", url="", *, second_label="", second_url="", level=3):
    """What is missing, why it matters, one button."""
    return {
        "icon": icon_name, "title": title, "text": text, "label": label, "url": url,
        "second_label": second_label, "second_url": second_url, "level": level,
    }  # fmt: skip


@register.inclusion_tag("components/confirm_box.html", takes_context=True)
def confirm_box(
    context, question, effects=(), verb="", cancel="", *, form=None, danger=False, action="", keep=""
):
    """A question, what will happen as a list, a button that repeats the verb; a form posting to `action`."""
    return {
        "question": question, "effects": effects, "verb": verb, "cancel": cancel, "form": form,
        "danger": danger, "action": action, "keep": keep, "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.inclusion_tag("components/steps.html")
def steps(steps, label=""):
    """The step indicator of a record's life: objects with name, note and status (done, current, todo)."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("components/tabs.html")
def tabs(tabs, label=""):
    """The tabs of a record's pages: objects with label, url, current and count."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("components/timeline.html")
def timeline(entries, level=3):
    """Events whose marks say how precisely each date is known."""
    return {"entries": entries, "level": level}


@register.inclusion_tag("components/timeline_key.html")
def timeline_key():
    """What the marks of a time line mean."""
    return {}


@register.inclusion_tag("components/seats_strip.html")
def seats_strip(weeks, rows, caption, head=""):
    """Seats by week: a table whose every cell prints “2 of 3”; `rows` are SeatRow objects. A phone shows each row as a
    card of its weeks, and who is there when it is unfolded.
    """
    rows = [(row, _with_weeks(row.cells, weeks), any(cell.people for cell in row.cells)) for row in rows]
    return {"weeks": weeks, "rows": rows, "caption": caption, "head": head or _("Department")}


def _with_weeks(cells, weeks):
    """Pairs of the weeks of a cell in words and the cell."""
    found, week = [], 0
    for cell in cells:
        first, last = weeks[week], weeks[week + cell.weeks - 1]
        found.append((first if first == last else f"{first} – {last}", cell))
        week += cell.weeks
    return found


@register.simple_tag
def unfold(name, is_open):
    """What shows the rest of a row on a phone, by a tap on its head; a screen with room shows all of it anyway."""
    words = _("Show everything of %(name)s") % {"name": name}
    return format_html(
        '<label class="unfold"><input class="vh" type="checkbox"{}><span class="vh">{}</span></label>',
        mark_safe(" checked") if is_open else "",
        words,
    )


# Figures -------------------------------------------------------------------------------------------


def in_words(value, about=False):
    """A number as the reader's language groups it; “about 60” and “unknown” are values too."""
    if value is None or value == "":
        return _("unknown")
    if hasattr(value, "words"):  # a count that knows how exact it is
        return value.words()
    number = number_format(value, force_grouping=True) if isinstance(value, int | float) else value
    return _("about %(number)s") % {"number": number} if about else number


@register.inclusion_tag("components/ledger.html")
def ledger(published, recorded, *, as_of="", about=False, large=False, bar=True):
    """Published, recorded and the gap, always together; `published=None` is unknown, and so is its gap."""
    whole, part = (getattr(count, "number", count) for count in (published, recorded))
    gap = in_words(None)
    if published is not None:
        gap = in_words(published - recorded, about) if whole > part else _("none")
    return {
        "published": in_words(published, about), "recorded": in_words(recorded), "gap": gap, "as_of": as_of,
        "large": large, "bar": bar and bool(whole), "whole": whole, "part": min(part, whole or 0),
    }  # fmt: skip


@register.inclusion_tag("components/figure.html")
def figure(label, value, *, before="", rest="", note="", url=""):
    """One key figure inside `<dl class="figures">`: small words before and after the number, a note below."""
    return {
        "label": label, "value": in_words(value), "before": before, "rest": rest, "note": note, "url": url,
    }  # fmt: skip


# Forms ---------------------------------------------------------------------------------------------


@register.inclusion_tag("components/portal_form.html", takes_context=True)
def portal_form(context, form, submit="", cancel="", *, action="", danger=False, css=""):
    """A whole form: errors on top with links, the fields, one button that says what it does, a way back."""
    return {
        "form": form, "submit": submit or _("Save"), "cancel": cancel, "action": action, "danger": danger,
        "css": css, "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.inclusion_tag("components/form_errors.html")
def form_errors(*forms):
    """The error summary of one or several forms, for pages that write their own `<form>`."""
    errors = [error for form in forms if form is not None and form.is_bound for error in error_list(form)]
    return {"errors": errors}


@register.inclusion_tag("components/form_fields.html")
def form_fields(form):
    """The fields of a form, without form tag and buttons, for pages that write their own `<form>`."""
    return {"form": form, "groups": field_groups(form)}


# Lists ---------------------------------------------------------------------------------------------


@register.inclusion_tag("components/_listing_filters.html", takes_context=True)
def listing_filters(context, listing, label=""):
    """Search and filters of a list: plain markup, replaced in place by htmx, sent by a button without it."""
    return {"listing": listing, "label": label or _("Search and filter")}


@register.inclusion_tag("components/_listing_sortable.html")
def sortable(listing, name, label, css=""):
    """A column head that sorts by `name`, one of the list's sorts."""
    return {"label": label, "css": css, **listing.sort_link(name)}


@register.inclusion_tag("components/_listing_pagination.html")
def pagination(listing):
    """How many rows, and the links to the next and the previous ones."""
    return {"listing": listing}


@register.inclusion_tag("components/_listing_empty.html")
def listing_empty(listing, icon_name, title, text="", label="", url=""):  # noqa: PLR0917 - a template passes these
    """Instead of an empty table: nothing matches the filters, or there is nothing yet."""
    return {"listing": listing, "icon": icon_name, "title": title, "text": text, "label": label, "url": url}
