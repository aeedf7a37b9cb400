from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class SearchEntryQuerySet(models.QuerySet):
    def of(self, model):
        return self.filter(kind=model._meta.label_lower)

    def with_word(self, word, *, nearly=False):
        """Entries that contain a folded word, or `nearly` one spelled like it.

        Of one letter or two an index holds no trigram; there a word has to begin with it.
        """
        if len(word) < 3:
            return self.filter(text__contains=f" {word}")
        contains = Q(text__contains=word)
        return self.filter(contains | Q(text__trigram_word_similar=word) if nearly else contains)


class SearchEntry(models.Model):
    """The names of one record, folded: first word by word, then each without its spaces.

    Written by the database alone: triggers on the tables that `<app>/search.py` names keep it in the transaction of
    the change, whoever makes it. It says what is found, never who may see it: a hit is read through its own scope.
    """

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    text = models.TextField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]
        indexes = [GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="search_entry_trigrams")]

    def __str__(self):
        return f"{self.kind} {self.object_id}"
