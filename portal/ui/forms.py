"""The base of all forms, and what their error summary says.

A form is shown by `{% portal_form form submit=… %}`: crispy's markup for each field, a summary with links on
top, and what was typed kept.
"""

from datetime import date
from typing import NamedTuple

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

DJANGOS_ROWS = "10"  # of a text area that nobody gave a height
# What ends a sentence or a question, also in Korean and Chinese print.
ENDS = tuple("?!.:…？！。：")


class NativeDateInput(forms.DateInput):
    """The browser's own date picker, which speaks ISO dates whatever the page's language is."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class NativeDateTimeInput(forms.DateTimeInput):
    """The browser's own picker of a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class ShortTextarea(forms.Textarea):
    """A few lines to begin with, unless a form asks for more; the reader pulls it longer."""

    def __init__(self, attrs=None):
        rows = str((attrs or {}).get("rows", DJANGOS_ROWS))
        super().__init__({**(attrs or {}), "rows": 4 if rows == DJANGOS_ROWS else rows})


class SuggestingInput(forms.TextInput):
    """A line of text with suggestions, which `suggestions()` returns when the page is made. Anything may be typed."""

    def __init__(self, suggestions, attrs=None):
        super().__init__(attrs)
        self.suggestions = suggestions

    def render(self, name, value, attrs=None, renderer=None):
        listed = f"{(attrs or {}).get('id') or name}_suggestions"
        field = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join(
            "", '<option value="{}"></option>', ((word,) for word in self.suggestions())
        )
        return format_html('{}<datalist id="{}">{}</datalist>', field, listed, options)


class TypedNumberInput(forms.NumberInput):
    """A number as text with the number keys: the browser's own field would throw away what it cannot read."""

    input_type = "text"

    def __init__(self, attrs=None):
        whole = (attrs or {}).get("step", "1") == "1"
        attrs = {name: value for name, value in (attrs or {}).items() if name not in ("min", "max", "step")}
        super().__init__({"inputmode": "numeric" if whole else "decimal", **attrs})


class LinesField(forms.CharField):
    """Several short texts, one a line: a name may hold a comma. Cleans to a list, each text once."""

    widget = ShortTextarea

    def __init__(self, *, longest, **kwargs):
        super().__init__(**kwargs)
        self.longest = longest

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, list):
            return value
        lines = (" ".join(line.split()) for line in super().to_python(value).splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def run_validators(self, value):
        for line in value:
            super().run_validators(line)  # each is a text; a list of them is not

    def validate(self, value):
        super().validate(value)
        for line in value:
            if len(line) > self.longest:
                raise forms.ValidationError(
                    _("“%(text)s” is too long: a line may have %(longest)s characters at most.")
                    % {"text": f"{line[:40]}…", "longest": self.longest}
                )

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


# As approximate dates: what is further away is mistyped, and pages that compute with it or print it would break.
DAYS_IN_REACH = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
OUR_WIDGETS = {
    forms.DateInput: NativeDateInput,
    forms.DateTimeInput: NativeDateTimeInput,
    forms.NumberInput: TypedNumberInput,
    forms.Textarea: ShortTextarea,
}


class FormMixin:
    """What all our forms have in common: our widgets, and days that can be reckoned with.

    `fieldsets` groups fields as in Django's admin: pairs of a legend (or an empty string) and names; a tuple
    of names stands side by side. Fields named nowhere follow at the end.
    """

    fieldsets = ()

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.validators += DAYS_IN_REACH
            ours = OUR_WIDGETS.get(type(field.widget))
            if ours:
                required = field.widget.is_required
                field.widget = ours(attrs=field.widget.attrs)
                field.widget.is_required = required


class PortalForm(FormMixin, forms.Form):
    """A form that saves no model: an answer, a reason, a confirmation."""


class PortalModelForm(FormMixin, forms.ModelForm):
    """A form for the fields of one model."""


class FieldGroup(NamedTuple):
    """The fields below one legend; each row holds one field or a few side by side."""

    legend: str
    rows: list


def field_groups(form):
    """The visible fields of any form as groups of rows; a form without fieldsets is one group."""
    groups, placed = [], set()
    for legend, entries in getattr(form, "fieldsets", ()):
        rows = [(entry,) if isinstance(entry, str) else entry for entry in entries]
        rows = [[name for name in row if name in form.fields] for row in rows]
        placed.update(name for row in rows for name in row)
        groups.append(FieldGroup(legend, [[form[name] for name in row] for row in rows if row]))
    rest = [[field] for field in form.visible_fields() if field.name not in placed]
    if rest:
        groups.append(FieldGroup("", rest))
    return groups


class FormError(NamedTuple):
    """One line of an error summary: what is wrong, and the field to go to (empty for the whole form)."""

    text: str
    anchor: str = ""

    def __str__(self):
        return self.text


def error_list(form):
    """Every error of a bound form in the order of its fields, those of the whole form first.

    A form that stands on the page several times says in `about` what this one is about; its errors begin with it.
    """
    errors = [FormError(str(error)) for error in form.non_field_errors()]
    for field in form:
        anchor = "" if field.is_hidden else _anchor(field)
        for error in field.errors:
            about = getattr(field.form, "about", "")
            label = f"{about} · {field.label}" if about else field.label
            errors.append(FormError(_labelled(label, error), anchor))
    return errors


def _labelled(label, error):
    """The error after its field's name; a name that is a question or a sentence ends by itself."""
    facts = {"label": label, "error": error}
    if str(label)[-1:] in ENDS:
        return _("%(label)s %(error)s") % facts
    return _("%(label)s: %(error)s") % facts


def _anchor(field):
    """The id that a link can put the focus on: of a group of inputs the first one's."""
    return field.id_for_label or f"{field.auto_id}_0"
