"""The screens that put a record away: archive it or delete it, take it out again, merge it with another one.

A view takes its object out of what the reader may see and calls one of these; `<app>:<model>-detail` must exist.
"""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz, process

from portal.ui.forms import PortalForm

from . import merging
from .likeness import telling
from .lookup import key_in
from .merging import points_at
from .objections import objections
from .transitions import NotNow

SHOWN = 20
ALIKE = 70  # of 100, by which two names are worth a look
NAMES_COMPARED = 20_000


class ReasonForm(PortalForm):
    """Why; colleagues read it in the history."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class PutAwayForm(ReasonForm):
    """The same for a record that nothing points at: it may also go for good."""

    delete = forms.BooleanField(
        label=gettext_lazy("Delete it for good: it was entered by mistake"), required=False
    )


def page_of(obj):
    """The address of the record's own page, by the rule of one name a screen."""
    meta = obj._meta
    return reverse(f"{meta.app_label}:{meta.model_name}-detail", args=[obj.pk])


def to_the_kept(request, obj):
    """A redirect to the record that `obj` was merged into, which says so; None where it was not merged."""
    if obj.merged_into_id is None:
        return None
    words = _("“%(name)s” was merged into this record.")
    messages.info(request, words % {"name": obj})
    return HttpResponseRedirect(page_of(obj.merged_into))


# Archive --------------------------------------------------------------------------------------------


def archive_screen(request, obj, *, crumbs=(), back="", gone_to=""):
    """Ask for a reason, then archive the record, or delete it where nothing points at it.

    back     where to go afterwards; the record's own page where it is empty
    gone_to  where to go after a deletion
    """
    pointers = points_at(obj)
    form = (ReasonForm if pointers else PutAwayForm)(request.POST or None)
    refused, status = objections(obj, "archive"), 200
    back = back or page_of(obj)
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        deletes = form.cleaned_data.pop("delete", False)
        try:
            (merging.discard if deletes else merging.archive)(obj, by=request.user, **form.cleaned_data)
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            words = _("“%(name)s” is deleted.") if deletes else _("“%(name)s” is archived.")
            messages.success(request, words % {"name": obj})
            return HttpResponseRedirect((gone_to or back) if deletes else back)
    page = {
        "subject": obj,
        "form": form,
        "refused": refused,
        "effects": _effects(pointers, obj),
        "crumbs": crumbs,
        "back": back,
    }
    return render(request, "records/archive_screen.html", page, status=status)


def _effects(pointers, obj):
    found = [
        _("It can be chosen nowhere any more, and its list leaves it out unless the archive is asked for.")
    ]
    kinds = [
        f"{pointer.owner._meta.verbose_name_plural} ({pointer.rows(obj).count()})" for pointer in pointers
    ]
    if kinds:
        found.append(_("What points at it stays as it is: %(kinds)s.") % {"kinds": ", ".join(kinds)})
    else:
        found.append(_("Nothing points at it: it may also be deleted."))
    return [*found, _("It can be taken out of the archive again.")]


def unarchive_screen(request, obj, *, crumbs=(), back=""):
    """Ask, then take the record out of the archive."""
    refused, status, back = [], 200, back or page_of(obj)
    if request.method == "POST":
        try:
            merging.unarchive(obj, by=request.user)
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            messages.success(request, _("“%(name)s” is taken out of the archive.") % {"name": obj})
            return HttpResponseRedirect(back)
    page = {"subject": obj, "refused": refused, "crumbs": crumbs, "back": back}
    return render(request, "records/unarchive_screen.html", page, status=status)


# Merge ----------------------------------------------------------------------------------------------


def merge_screen(request, obj, others, *, crumbs=()):
    """Find the record that is the same as `obj` among `others` (a queryset), show what moves, merge on POST.

    `?q=` searches, `?other=` is the one chosen, `?keep=` the one that stays (`obj` where nothing says so).
    """
    others = others.exclude(pk=obj.pk)
    chosen = key_in(request.GET.get("other"))
    if chosen is None:
        return _choose(request, obj, others, crumbs)
    other = get_object_or_404(others, pk=chosen)
    keep, lose = (other, obj) if request.GET.get("keep") == str(other.pk) else (obj, other)
    refused, status = merging.why_not(keep, lose), 200
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            keep = merging.merge(keep, lose, by=request.user, **form.cleaned_data)
        except NotNow as error:
            refused, status = error.messages, 409
        else:
            words = _("“%(lost)s” is merged into “%(kept)s”.")
            messages.success(request, words % {"lost": lose, "kept": keep})
            return HttpResponseRedirect(page_of(keep))
    page = {
        "subject": obj,
        "keep": keep,
        "lose": lose,
        "form": form,
        "refused": refused,
        "moves": merging.what_moves(keep, lose),
        "aliases": merging.new_aliases(keep, lose),
        "filled": [keep._meta.get_field(name).verbose_name for name in merging.filled_in(keep, lose)],
        "swapped": "?" + urlencode({"other": other.pk, "keep": lose.pk}),
        "crumbs": crumbs,
        "back": page_of(obj),
    }
    return render(request, "records/merge_screen.html", page, status=status)


def _choose(request, obj, others, crumbs):
    asked = request.GET.get("q", "").replace("\x00", "").strip()
    found = called(others, asked)[: SHOWN + 1] if asked else likely_twins(obj, others)
    page = {
        "subject": obj,
        "asked": asked,
        "found": list(found)[:SHOWN],
        "is_cut": len(found) > SHOWN,
        "crumbs": crumbs,
        "back": page_of(obj),
    }
    return render(request, "records/merge_choose_screen.html", page)


def called(rows, text):
    """The rows that have the text in one of their names."""
    fields = [*rows.model.name_fields, *(["aliases"] if hasattr(rows.model, "aliases") else [])]
    return rows.filter(Q(*((f"{field}__icontains", text) for field in fields), _connector=Q.OR))


def _likeness(one, other, **options):
    """How alike two names are, of 100: word by word in any order, or written together."""
    together = fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""), **options)
    return max(together, fuzz.token_sort_ratio(one, other, **options))


def likely_twins(obj, others, limit=5):
    """The rows whose names are most like those of `obj`, the likest first."""
    names = {}
    for pk, *found in others.order_by().values_list("pk", *obj.name_fields)[:NAMES_COMPARED]:
        names |= {(pk, place): name for place, name in enumerate(found) if name}
    scores = {}
    for name in obj.every_name:
        alike = process.extract(
            name,
            names,
            scorer=_likeness,
            processor=telling,
            score_cutoff=ALIKE,
            limit=SHOWN,
        )
        for _name, score, (pk, _place) in alike:
            scores[pk] = max(score, scores.get(pk, 0))
    best = sorted(scores, key=scores.get, reverse=True)[:limit]
    rows = others.in_bulk(best)
    return [rows[pk] for pk in best]
