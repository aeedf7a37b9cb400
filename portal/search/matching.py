"""Narrowing a queryset to what somebody typed, for lists and for the search page alike."""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, OuterRef, Q, Subquery, Value, When

from .folding import squashed, words
from .models import SearchEntry


def found_by(queryset, typed, *paths, nearly=False):
    """The rows that every word typed finds: each in a name of the row itself or of what one of `paths` leads to.

    `found_by(mous, "명지 national", "", "parties__hospital", "parties__institution")`; "" is the row itself, which is
    also meant where no path is named. What has no letter and no digit finds nothing.
    """
    paths = paths or ("",)
    looked_for = words(typed)
    if not looked_for:
        return queryset.none()
    if paths == ("",):
        return queryset.filter(pk__in=_keys(queryset.model, looked_for, nearly))
    for word in looked_for:
        queryset = queryset.filter(_word_in(queryset.model, word, paths, nearly))
    return queryset


def with_any_word(queryset, typed, *paths, nearly=False):
    """The rows of which at least one word typed is in a name at the paths."""
    wanted = Q(pk__in=[])
    for word in words(typed):
        wanted |= _word_in(queryset.model, word, paths, nearly)
    return queryset.filter(wanted)


def _keys(model, looked_for, nearly):
    entries = SearchEntry.objects.of(model)
    for word in looked_for:
        entries = entries.with_word(word, nearly=nearly)
    return entries.values("object_id")


def _word_in(model, word, paths, nearly):
    wanted = Q()
    for path in paths:
        keys = _keys(end_of(model, path), [word], nearly)
        # Through a query of its own: a join with several rows behind it would show a row several times.
        rows = model._base_manager.filter(**{f"{path}__in": keys}).values("pk") if "__" in path else keys
        wanted |= Q(**{"pk__in" if "__" in path or not path else f"{path}__in": rows})
    return wanted


def end_of(model, path):
    """The model that a path leads to; the model itself where there is none."""
    for part in path.split("__") if path else ():
        model = model._meta.get_field(part).related_model
    return model


def best_first(queryset, typed):
    """With `closeness`, the less the better: called so, beginning so, containing it; then by likeness."""
    whole = squashed(typed)
    own = SearchEntry.objects.of(queryset.model).filter(object_id=OuterRef("pk"))
    closeness = own.annotate(
        closeness=Case(
            When(text__contains=f" {whole} ", then=Value(0.0)),
            When(text__contains=f" {whole}", then=Value(1.0)),
            When(text__contains=whole, then=Value(2.0)),
            default=Value(4.0) - TrigramWordSimilarity(whole, "text"),
        )
    )
    return queryset.annotate(closeness=Subquery(closeness.values("closeness")))


def kinds_with(typed, *, nearly=False):
    """The kinds of record of which any has a word of it in its names. One query."""
    wanted = SearchEntry.objects.none()
    for word in words(typed):
        wanted |= SearchEntry.objects.with_word(word, nearly=nearly)
    return set(wanted.order_by().values_list("kind", flat=True).distinct())
