"""Stateful records in Django's admin: a state moves by the verbs of its machine, which are the actions of the list."""

import inspect

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import OperationalError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.ui.admin_pages import KeptAdmin

from .transitions import machine

# What the columns that keep a reason can hold.
LONGEST_REASON = 300


class StatefulAdmin(KeptAdmin):
    """A record with a state. What a verb has written or relies on is read-only here.

    `editable_in` maps a field to the states in which it may still be changed; fields it does not name may be
    changed in every state, those that the model calls not editable in none.
    """

    editable_in = {}
    actions_on_bottom = True

    # Fields ---------------------------------------------------------------------------------------
    def get_readonly_fields(self, request, obj=None):
        written_by_verbs = [field.name for field in self.opts.fields if not field.editable]
        frozen = [name for name, states in self.editable_in.items() if obj is None or obj.state not in states]
        return [*frozen, *written_by_verbs, *super().get_readonly_fields(request, obj), "trail"]

    @admin.display(description=gettext_lazy("trail"))
    def trail(self, obj):
        """A link to everything that was done to the record."""
        kind = ContentType.objects.get_for_model(obj)
        query = urlencode({"subject_type__id__exact": kind.pk, "subject_id": obj.pk})
        return format_html(
            '<a href="{}?{}">{}</a>',
            reverse("admin:records_event_changelist"),
            query,
            _("Everything done to it"),
        )

    def get_object(self, request, object_id, from_field=None):
        """The record; when something is sent, under its lock, so that no verb moves it between check and save."""
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST":
            obj.refresh_from_db(
                from_queryset=self.model._base_manager.select_for_update(of=("self",), no_key=True)
            )
        return obj

    def save_model(self, request, obj, form, change):
        """Only what was changed is written: nothing that a verb has set is set back."""
        columns = {field.name for field in self.opts.fields}
        changed = [name for name in form.changed_data if name in columns]
        if changed:
            obj.save(update_fields=changed)

    # Verbs ----------------------------------------------------------------------------------------
    def get_actions(self, request):
        actions = super().get_actions(request)
        if IS_POPUP_VAR in request.GET:
            return actions
        for verb in machine(self.model).values():
            if verb.may(request.user):
                actions[f"use_{verb.name}"] = (_action_of(verb), f"use_{verb.name}", verb.label)
        return actions

    def use_verb(self, request, queryset, verb):
        """The verb on each selected record; first a page that asks for the details, where it needs any."""
        details, details_form = {}, form_of_details(verb)
        if details_form:
            form = details_form(request.POST if "use_verb" in request.POST else None)
            if not form.is_valid():
                return self._ask(request, queryset, verb, form)
            details = form.cleaned_data
        done = 0
        for obj in queryset.order_by("pk"):
            refused = _why_not(verb, obj, by=request.user, details=details)
            done += not refused
            for reason in refused:
                messages.error(request, f"{obj}: {reason}")
        if done:
            words = ngettext("%(verb)s: %(count)s record.", "%(verb)s: %(count)s records.", done)
            messages.success(request, words % {"verb": verb.label, "count": done})
        return None

    def _ask(self, request, queryset, verb, form):
        page = {
            **self.admin_site.each_context(request),
            "title": verb.label,
            "opts": self.opts,
            "verb": verb,
            "form": form,
            "records": queryset.order_by("pk"),
            "action": f"use_{verb.name}",
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/verb_action.html", page, status=422 if form.is_bound else 200)


def _action_of(verb):
    def action(model_admin, request, queryset):
        return model_admin.use_verb(request, queryset, verb)

    return action


def _why_not(verb, obj, *, by, details):
    """Use the verb; why it was refused, as a list of sentences, empty if it was not."""
    try:
        verb.function(obj, by=by, **details)
    except ValidationError as error:
        return error.messages
    except PermissionDenied:
        return [_("You may not do this.")]
    except OperationalError:
        # The lock was not had in time (settings: lock_timeout).
        return [_("Somebody else is working on this just now. Please send it again.")]
    return []


def form_of_details(verb):
    """A form of the texts without which the verb cannot be used: its keyword arguments without a default, but `by`."""
    needed = [
        parameter.name
        for parameter in inspect.signature(verb.function).parameters.values()
        if parameter.kind == parameter.KEYWORD_ONLY
        and parameter.default is parameter.empty
        and parameter.name != "by"
    ]
    if not needed:
        return None
    fields = {
        name: forms.CharField(
            label=capfirst(_label(verb.model, name)),
            widget=AdminTextareaWidget({"rows": 4}),
            max_length=LONGEST_REASON if name == "reason" else None,
        )
        for name in needed
    }
    return type("DetailsForm", (forms.Form,), fields)


def _label(model, name):
    if name == "reason":
        return _("reason")
    try:
        return model._meta.get_field(name).verbose_name
    except FieldDoesNotExist:
        return name.replace("_", " ")
