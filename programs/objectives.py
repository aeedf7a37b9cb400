"""How far a graduate has come with each objective of the training, asked again in every follow-up."""

from django import forms
from django.db.models import Avg, Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.questions import Further, ask_also

from .forms.evaluations import MARKS
from .models import Objective, ObjectiveRating


def _of(graduation):
    return {f"objective_{one.pk}": one for one in Objective.objects.filter(enrollment__graduation=graduation)}


def _fields(graduation):
    """One choice an objective, which can be left and taken back: who cannot tell yet says nothing."""
    choices = [("", _("no answer")), *MARKS]
    facts = {"choices": choices, "coerce": int, "required": False}
    return {
        name: forms.TypedChoiceField(label=objective.text, **facts)
        for name, objective in _of(graduation).items()
    }


def _keep(followup, answers):
    objectives = _of(followup.graduation)
    ObjectiveRating.objects.bulk_create(
        ObjectiveRating(objective=objectives[name], followup=followup, rating=mark)
        for name, mark in answers.items()
    )


def _lines(followup):
    ratings = followup.objective_ratings.select_related("objective").order_by("objective__position")
    return [(rating.objective.text, mark_words(rating)) for rating in ratings]


def mark_words(rating):
    """A mark as it is read beside its objective."""
    return _("%(mark)s of 5") % {"mark": rating.rating}


def reached(followups):
    """The mean mark of the objectives in these answers, and of how many graduates it is. One query."""
    return ObjectiveRating.objects.filter(followup__in=followups.order_by().values("pk")).aggregate(
        mean=Avg("rating"), graduates=Count("followup__graduation", distinct=True)
    )


ask_also(
    Further(
        legend=gettext_lazy("What you set out to learn: how far are you now, from 1 (hardly) to 5 (fully)?"),
        fields=_fields,
        keep=_keep,
        lines=_lines,
    )
)
