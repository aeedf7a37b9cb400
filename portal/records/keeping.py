"""Records that are put away instead of deleted: archived, or merged into another one.

    class Hospital(Mergeable):
        edit_permission = Permission.EDIT_HOSPITALS
        name_fields = ("name", "name_ko")
        objects = HospitalQuerySet.as_manager()          # of KeptQuerySet
        class Meta:
            constraints = [*Mergeable.Meta.constraints, …]

The verbs are in `merging`, the screens in `keeping_screens`.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class KeptQuerySet(models.QuerySet):
    """Rows of which some are put away: a list and a choice say which they want."""

    def in_use(self):
        """Neither archived nor merged."""
        return self.filter(archived_at=None)

    def to_choose(self, **chosen):
        """What a form offers: those in use, and what is chosen already: `pk=…` or `pk__in=…`."""
        return self.filter(Q(archived_at=None) | Q(**chosen))

    def archived(self):
        return self.filter(archived_at__isnull=False)


class MergeableQuerySet(KeptQuerySet):
    def archived(self):
        """Archived for its own sake: what was merged into another is that other now."""
        return super().archived().filter(merged_into=None)

    def unmerged(self):
        """Each thing once, archived or not."""
        return self.filter(merged_into=None)


class Archivable(models.Model):
    """A record that is archived where something points at it, and deleted only where nothing does."""

    # Who may archive, delete and merge; each model says it.
    edit_permission = None

    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_archived(self):
        return self.archived_at is not None

    def is_editable_by(self, user):
        """Who may change it, archive it and delete it; a model may let others do so too."""
        return user.has(self.edit_permission)


class Mergeable(Archivable):
    """A record that may turn out to be another one: it is then merged into that, and its names become aliases there."""

    name_fields = ("name",)

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )

    class Meta:
        abstract = True
        # A model with a Meta of its own takes these over: `constraints = [*Mergeable.Meta.constraints, …]`.
        constraints = [
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")), name="%(class)s_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(archived_at__isnull=False),
                name="%(class)s_merged_is_put_away",
            ),
        ]

    @property
    def every_name(self):
        """Every name it was printed with, each once."""
        names = [getattr(self, field) for field in self.name_fields]
        return list(dict.fromkeys(name for name in [*names, *getattr(self, "aliases", ())] if name))

    def why_not_merge(self, lose):
        """What forbids that `lose` is merged into this one, as sentences; a model adds its own rules."""
        return []

    def make_room_for(self, lose):
        """Called within the merge before anything moves: for what two rows may not both have side by side."""


class NamesOnce(pgtrigger.Trigger):
    """No two records of a model share a name in any of its names and aliases; those merged away do not count.

    A constraint cannot see into the arrays of two rows. Writers of names wait for each other, so that two who write
    the same name at one moment cannot both find it free. Upper and lower case are the same.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    declare = [("wanted", "text[]"), ("holder", "text")]

    def __init__(self, *name_fields):
        self.name_fields = name_fields
        super().__init__(name="names_once")

    def get_func(self, model):
        table = model._meta.db_table
        return f"""
            IF NEW.merged_into_id IS NOT NULL THEN RETURN NEW; END IF;
            wanted := {self._names_of("NEW")};
            PERFORM pg_advisory_xact_lock(hashtext('{table} names'));
            SELECT other.name INTO holder FROM {table} AS other
            WHERE other.id IS DISTINCT FROM NEW.id AND other.merged_into_id IS NULL
                AND {self._names_of("other")} && wanted
            LIMIT 1;
            IF holder IS NOT NULL THEN
                RAISE unique_violation USING MESSAGE = 'the name is that of ' || holder,
                    CONSTRAINT = '{model._meta.model_name}_names_once';
            END IF;
            RETURN NEW;
        """  # noqa: S608 - names of our own tables and columns

    def _names_of(self, row):
        names = ", ".join(f"{row}.{name}" for name in self.name_fields)
        each = f"unnest(ARRAY[{names}]::text[] || {row}.aliases::text[])"
        return f"ARRAY(SELECT lower(btrim(one)) FROM {each} AS one WHERE btrim(one) <> '')"  # noqa: S608


def holder_of(name, rows):
    """The row among `rows` (of a model with NamesOnce) that is called so already, or None. One query."""
    wanted = name.strip().lower()
    called = Q(*((f"{field}__iexact", wanted) for field in rows.model.name_fields), _connector=Q.OR)
    # Few rows have many aliases: the database finds the likely ones, their case is compared here.
    for row in rows.unmerged().filter(called | Q(aliases__icontains=wanted)):
        if wanted in [known.strip().lower() for known in row.every_name]:
            return row
    return None


def names_taken(obj):
    """Which names of `obj` another record has already: a dict from the field to a sentence for it."""
    others, found = type(obj)._default_manager.exclude(pk=obj.pk), {}
    for field in [*obj.name_fields, "aliases"]:
        value = getattr(obj, field)
        for name in value if isinstance(value, list) else [value]:
            holder = holder_of(name, others) if name and name.strip() else None
            if holder:
                words = gettext("“%(name)s” is a name of “%(holder)s” already.")
                found[field] = words % {"name": name, "holder": holder}
    return found
