"""Words that staff write in place of the built-in ones: plain text with {variables}, and nothing else in it.

No template code is run. The text goes into the frame of the kind's own templates, between greeting and footer;
its HTML is made from it: paragraphs, lines that begin with “- ” as a list, addresses as links, and a link
that stands alone on its line as the button.
"""

import re

from django.template import Context, engines
from django.template.loader_tags import ExtendsNode
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .links import SIGNED

VARIABLE = re.compile(r"\{(\w*)\}")
A_LINK = re.compile(r"https?://\S+")
STAND_IN = re.compile(r"\[link (\d+)\]")
# What Korean writes onto the end of a name or number without a space: the variable ends before it.
PARTICLES = "은|는|이|가|을|를|에|게|서|의|와|과|도|만|로|으로|까지|부터|께|님|명|건|개월|입니다"
ENDS_HERE = rf"(?:(?![\w}}])|(?=(?:{PARTICLES})+(?!\w)))"
IN_FRAME = "{% extends parent %}{% block content %}{{ words }}{% endblock %}"


def problems(subject, text, variables):
    """What stands against these words, in sentences: unknown variables, missing ones, stray braces."""
    known = {variable.name for variable in variables}
    used = set(VARIABLE.findall(subject)) | set(VARIABLE.findall(text))
    found = [_("There is no variable {%(name)s}.") % {"name": name} for name in sorted(used - known)]
    in_text = set(VARIABLE.findall(text))
    found += [
        _("{%(name)s} is missing: %(label)s.") % {"name": variable.name, "label": variable.label}
        for variable in variables
        if variable.required and variable.name not in in_text
    ]
    if re.search(r"[{}]", VARIABLE.sub("", subject + text)):
        found.append(_("A brace stands alone. Variables are written like this: {name}."))
    return found


def filled(text, variables, context):
    """The words with every variable in its place. Raises KeyError for one that the kind does not have."""
    by_name = {variable.name: variable for variable in variables}
    return VARIABLE.sub(lambda match: str(by_name[match[1]].value(context)), text)


def unfilled(text, variables, context):
    """The other way round: the text of one mail with {variables} where its facts stand, the longest first."""
    values = {variable.name: str(variable.value(context)) for variable in variables}
    for name, value in sorted(values.items(), key=lambda pair: -len(pair[1])):
        if value:
            text = re.sub(rf"(?<![\w{{]){re.escape(value)}{ENDS_HERE}", f"{{{name}}}", text)
    return text


def as_html(text, button=""):
    """The text as a mail reader shows it well, everything in it escaped."""
    parts = re.split(r"\n\s*\n", text.strip())
    return format_html_join("\n", "{}", ((_block(part.strip(), button),) for part in parts))


def _block(part, button):
    lines = part.splitlines()
    if A_LINK.fullmatch(part):
        frame = engines["django"].get_template("emails/_button.html")
        return mark_safe(frame.render({"label": button or pgettext("button", "Open"), "url": part}))  # noqa: S308 - our template
    if all(line.startswith(("- ", "  ")) for line in lines):
        items = re.split(r"(?m)^- ", part)[1:]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_lines(i),) for i in items)))
    return format_html("<p>{}</p>", _lines(part))


def _lines(text):
    lines = (urlize(line.strip(), autoescape=True) for line in text.strip().splitlines())
    return mark_safe("<br>".join(lines))  # noqa: S308 - urlize has escaped each


def in_frame(part, template, words, values):
    """The kind's own template with these words between its greeting and its footer."""
    frame = engines["django"].engine.from_string(IN_FRAME)
    values = {**values, "parent": f"emails/{template}.{part}", "words": words}
    return frame.render(Context(values, autoescape=part == "html"))


def content_of(template, values):
    """What a kind's own text template says between greeting and footer; None where it is not framed like that."""
    framed = template.nodelist.get_nodes_by_type(ExtendsNode)
    if not framed or "content" not in framed[0].blocks:
        return None
    context = Context(values, autoescape=False)
    with context.render_context.push_state(template), context.bind_template(template):
        return framed[0].blocks["content"].nodelist.render(context).strip()


# Links of one mail ---------------------------------------------------------------------------------


def _secret_links(text):
    return list(dict.fromkeys(link for link in A_LINK.findall(text) if SIGNED.search(link)))


def without_links(text):
    """The text with a stand-in for each link that opens its recipient's door: staff edit it without holding the key."""
    for number, link in enumerate(_secret_links(text), 1):
        text = text.replace(link, f"[link {number}]")
    return text


def with_links(words, text):
    """The words with the links of the built-in `text` in place of their stand-ins."""
    links = _secret_links(text)
    return STAND_IN.sub(lambda match: links[int(match[1]) - 1], words)


def link_problems(words, text):
    """What is wrong with the stand-ins of links in the words, in sentences."""
    wanted = {str(number) for number, _link in enumerate(_secret_links(text), 1)}
    found = set(STAND_IN.findall(words))
    return [
        *(
            _("[link %(number)s] is missing: the recipient could not answer.") % {"number": n}
            for n in sorted(wanted - found)
        ),
        *(_("There is no [link %(number)s].") % {"number": n} for n in sorted(found - wanted)),
    ]
