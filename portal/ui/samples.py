"""What the catalogue page fills its components with. Nothing here is a record of the portal."""

import django_filters
from django import forms
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .badges import BADGES
from .components import Precision, SeatCell, SeatRow, Step, StepStatus, Tab, TimelineEntry
from .forms import PortalForm


class SampleForm(PortalForm):
    """A form in error, with one field of each kind."""

    title = forms.CharField(label=gettext_lazy("Title"))
    signed = forms.RegexField(
        r"^\d{4}(-\d{2}){0,2}$",
        label=gettext_lazy("Signed"),
        help_text=gettext_lazy("As precisely as you know it: 2015, 2021-07 or 2022-06-09"),
        error_messages={"invalid": gettext_lazy("Write a year, a month or a day.")},
    )
    seats = forms.IntegerField(label=gettext_lazy("Seats a year"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("training", gettext_lazy("Training of personnel"))]
    )
    renewal = forms.BooleanField(label=gettext_lazy("It renews an earlier MOU"), required=False)

    fieldsets = [("", ["title", ("signed", "seats"), "kind", "renewal"])]


class KindFilter(django_filters.FilterSet):
    """The list on the catalogue page shows kinds of records, which every installation has."""

    name = django_filters.CharFilter("model", "icontains", label=gettext_lazy("Name"))
    app = django_filters.ChoiceFilter(
        "app_label", label=gettext_lazy("App"), empty_label=gettext_lazy("All"),
        choices=[("auth", "auth"), ("contenttypes", "contenttypes")],
    )  # fmt: skip

    class Meta:
        model = ContentType
        fields = []


def samples(request):
    """The context of the catalogue page."""
    typed = {"title": _("MOU on training of medical personnel"), "signed": "summer 2023", "seats": "ten"}
    form = SampleForm({**typed, "kind": "training", "renewal": "on"}, auto_id="sample_%s")
    return {
        "form": form,
        "badges": badge_rows(),
        **_blocks(request.path),
        **_figures(),
    }


def badge_rows():
    """Every badge of the map, a row for each record: pairs of its name and its (model, state, word)."""
    models = {model._meta.model_name: model for model in apps.get_models()}
    rows = []
    for model_name, states in BADGES.items():
        words, title = {}, model_name.capitalize()
        if model := models.get(model_name):
            words = _state_words(model)
            title = str(model._meta.verbose_name)
        badges = [(model_name, state, words.get(state, state.replace("_", " "))) for state in states]
        rows.append((title, badges))
    return rows


def _state_words(model):
    """The words of a model's states; none where its state is worked out and not stored."""
    return next((dict(field.flatchoices) for field in model._meta.fields if field.name == "state"), {})


def _blocks(here):
    return {
        "effects": [
            _("2 placements are cancelled; the seats become free."),
            _("2 mails will be sent to the hospital and the ministry."),
            _("The first on the reserve list is offered the place."),
        ],
        "steps": [
            Step(_("Planning"), StepStatus.DONE, _("4 May")),
            Step(_("Nominating"), StepStatus.DONE, _("12 nominated")),
            Step(_("Selecting"), StepStatus.DONE, _("10 accepted")),
            Step(_("Placing"), StepStatus.DONE, _("40 of 40 weeks")),
            Step(_("Running"), StepStatus.CURRENT, _("week 2 of 4")),
            Step(_("Completed"), note=_("27 November")),
            Step(_("Closed"), note=_("after follow-up")),
        ],
        "tabs": [
            Tab(_("Overview"), here),
            Tab(_("Trainees"), here, count=10),
            Tab(_("Placements"), here, current=True),
            Tab(_("Schedule"), here),
            Tab(_("History"), here),
        ],
    }


def _figures():
    return {
        "entries": [
            TimelineEntry(_("9 June 2022"), _("MOU of three hospitals"), body=_("A day: a full disc.")),
            TimelineEntry(_("July 2021"), _("MOU with Darkhan-Uul"), Precision.MONTH, _("A month: a ring.")),
            TimelineEntry("2015", _("MOU with Ulaanbaatar"), Precision.YEAR, _("A year: a broken pill.")),
            TimelineEntry(
                _("no date yet"), _("Visit of the delegation"), Precision.OPEN, _("To come: a square.")
            ),
        ],
        "weeks": [_("Free"), _("Half or less"), _("More than half"), _("Full"), _("Too many"), _("Closed")],
        "rows": [
            SeatRow(_("Surgery"), [*(SeatCell(used, 3) for used in range(5)), SeatCell(0, 3, closed=True)])
        ],
        "published": [
            (_("Khabarovsk Krai, 2011"), "2011", 16, 0, False),
            (_("Khabarovsk Krai, 2011–2014"), _("23 June 2014"), 60, 4, True),
            (_("All programs, 2011–2022"), _("28 November 2022"), 743, 23, False),
        ],
    }
