"""An importer whose rows are rows of one model: most of them are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..trail import name_verbs
from .bulk import note_many, update_each
from .columns import ListColumn, ReferenceColumn, ReferencesColumn
from .importers import Importer, Obstacle
from .names import same_name
from .rows import Choice, Verdict
from .said import said

MOST_NAMED = 5  # obstacles in words; the others are counted
name_verbs({"bring_in": _("Brought in from a file"), "put_back": _("Put back as before the file")})


class RecordImporter(Importer):
    """Compares, writes and puts back columns that are called like the fields of `model`.

    A cell never erases: an empty one says nothing, a list only gains. A name under which a record is not yet known
    becomes one of its aliases (`alias_field`) and never its new name.
    """

    model = None
    name_column = "name"
    alias_field = "aliases"
    # Accessors of rows that are made along with a new record, and go with it.
    own_relations = ()
    # The records by key, where `prepare` has read all of them anyway: they are not read again to compare.
    records = None

    def existing(self):
        """The records that rows may be about, by key, with what comparing them reads."""
        return self.model._default_manager.all()

    def fields(self):
        """The columns that are fields of the model. A secret is no plain field: its importer writes it by itself."""
        names = {field.name for field in self.model._meta.fields}
        return [column for column in self.columns if column.name in names and not column.secret]

    def fresh(self, row):
        """The new record of a row, unsaved."""
        facts = {
            column.name: row.values[column.name] for column in self.fields() if column.name in row.values
        }
        return self.model(**{self._attribute(name): _bare(value) for name, value in facts.items()})

    def made(self, pairs, *, by):
        """Make what belongs to new records: `pairs` of row and saved record."""

    def _attribute(self, name):
        field = self.model._meta.get_field(name)
        return field.attname if isinstance(field, models.ForeignKey) else name

    # Comparing -------------------------------------------------------------------------------------------

    def compare(self, rows):
        records = self.records
        if records is None:
            records = self.existing().in_bulk({row.target.pk for row in rows})
        for row in rows:
            record = records.get(row.target.pk)
            if record is None:  # it went between two looks
                row.target = None
                continue
            for column in self.fields():
                if column.name in row.values:
                    self.compare_column(row, record, column)

    def compare_column(self, row, record, column):
        """Note what the file says otherwise in one column."""
        after, before = row.values[column.name], self.recorded(record, column)
        if column.name == self.name_column:
            self._keep_as_alias(row, record, after)
        elif isinstance(column, ListColumn):
            self._gain(row, column, before, after)
        elif before in (None, "") or not column.same(after, before):
            self.change(row, column.name, before, after)

    def _gain(self, row, column, before, after):
        """A list gains what it lacks, also beside an alias that the name has become."""
        earlier = next((change for change in row.changes if change["column"] == column.name), None)
        held = earlier["after"] if earlier else before
        gained = [part for part in after if part not in held]
        if gained and earlier:
            earlier["after"] = [*held, *gained]
        elif gained:
            self.change(row, column.name, before, [*before, *gained])

    def recorded(self, record, column):
        """What the record says in a column, as the column's value."""
        if isinstance(column, ReferenceColumn) and not isinstance(column, ReferencesColumn):
            pk = getattr(record, f"{column.name}_id")
            return None if pk is None else self.indexes[column.name].reference(pk)
        return getattr(record, column.name)

    def _keep_as_alias(self, row, record, name):
        """A person said that the record is meant by a name it is not known by yet: it becomes an alias."""
        if row.choice != Choice.SAME or not self.alias_field:
            return
        names = [getattr(record, field.name) for field in self.model._meta.fields if "name" in field.name]
        aliases = getattr(record, self.alias_field)
        if same_name(name) not in {same_name(text) for text in (*names, *aliases) if text}:
            self.change(row, self.alias_field, aliases, [*aliases, name])

    # Writing ---------------------------------------------------------------------------------------------

    def lock(self, rows):
        targets = sorted({row.target.pk for row in rows if row.target})
        if targets:
            list(
                self.model._base_manager.filter(pk__in=targets)
                .order_by("pk")
                .select_for_update(no_key=True)
                .values("pk")
            )

    def write(self, rows, *, by):
        new = [row for row in rows if row.verdict == Verdict.NEW]
        records = self.model._default_manager.bulk_create([self.fresh(row) for row in new])
        for row, record in zip(new, records, strict=True):
            row.written, row.before = record.pk, {}
        self.made(list(zip(new, records, strict=True)), by=by)
        changed = [row for row in rows if row.verdict == Verdict.CHANGED]
        for row in changed:
            row.written = row.target.pk
            row.before = {change["column"]: change for change in row.wanted_changes}
        self._set(changed, "after")
        note_many(
            [(row.written, self.title(row)[0], list(row.before)) for row in (*new, *changed)],
            self.model,
            "bring_in",
            by,
        )

    def _set(self, rows, side):
        """Give the changed fields the value they have after the file, or had before."""
        names = list(dict.fromkeys(name for row in rows for name in row.before))
        records = self.existing().in_bulk([row.written for row in rows]) if names else {}
        values = {}
        for row in rows:
            if record := records.get(row.written):
                new = values.setdefault(
                    record.pk, {name: getattr(record, self._attribute(name)) for name in names}
                )
                new |= {name: self._loaded(name, change[side]) for name, change in row.before.items()}
        update_each(self.model, values, names)

    def _loaded(self, name, kept):
        """A kept value as the model's field takes it; nothing is what the field is without it."""
        if kept is None:
            return self.model._meta.get_field(name).get_default()
        return _bare(self.column(name).load(kept))

    # Putting back ------------------------------------------------------------------------------------------

    def put_back(self, rows, *, by):
        rows = [row for row in rows if row.written]
        created = {row.written: row for row in rows if not row.before}
        changed = [row for row in rows if row.before]
        list(
            self.model._base_manager.filter(pk__in=[row.written for row in rows])
            .order_by("pk")
            .select_for_update()
        )
        obstacles = [*self._used(created), *self._changed_since(changed)]
        if obstacles:
            raise Obstacle(obstacles)
        self._set(changed, "before")
        note_many(
            [(row.written, self.title(row)[0], list(row.before)) for row in changed],
            self.model,
            "put_back",
            by,
        )
        self._delete(list(created))

    def _delete(self, created):
        """What is its own goes with it, in one statement each: nothing else points at it, as `_used` has seen."""
        for relation in self.model._meta.get_fields(include_hidden=True):
            if relation.one_to_many and relation.get_accessor_name() in self.own_relations:
                own = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": created})
                own._raw_delete(own.db)
        records = self.model._base_manager.filter(pk__in=created)
        records._raw_delete(records.db)

    def _used(self, created):
        """Records that the batch made and something points at by now."""
        found = []
        for relation in self._relations():
            name = relation.field.name
            pointing = relation.related_model._base_manager.filter(**{f"{name}__in": created})
            if relation.related_model is self.model:
                pointing = pointing.exclude(pk__in=created)
            used = pointing.order_by(name).values_list(name, flat=True).distinct()[: MOST_NAMED + 1]
            for pk in used:
                row = created[pk]
                found.append(
                    said(
                        _("Row %(row)s, %(name)s: it is used by now (%(what)s)."),
                        row=row.number, name=self.title(row)[0],
                        what=relation.related_model._meta.verbose_name_plural,
                    )
                )  # fmt: skip
        return found

    def _relations(self):
        """Everything that can point at the model, hidden or not; neither its own parts nor its history."""
        for relation in self.model._meta.get_fields(include_hidden=True):
            points_here = relation.auto_created and not relation.concrete and not relation.many_to_many
            if not points_here or hasattr(relation.related_model, "pgh_tracked_model"):
                continue
            if relation.get_accessor_name() not in self.own_relations:
                yield relation

    def _changed_since(self, rows):
        """Records that somebody changed after the batch, in a field that it had changed."""
        records = self.existing().in_bulk([row.written for row in rows])
        if rows:
            self.prepare(rows)
        found = []
        for row in rows:
            record = records.get(row.written)
            if record is None:
                found.append(
                    said(
                        _("Row %(row)s, %(name)s: the record is gone."),
                        row=row.number,
                        name=self.title(row)[0],
                    )
                )
                continue
            for name, change in row.before.items():
                column, now = self.column(name), self.recorded(record, self.column(name))
                if now in (None, "", []) or not column.same(column.load(change["after"]), now):
                    sentence = _("Row %(row)s, %(name)s: %(column)s was changed since.")
                    found.append(said(sentence, row=row.number, name=self.title(row)[0], column=column.label))
        return found


def _bare(value):
    """A reference as the key its foreign key holds."""
    return value.pk if hasattr(value, "pk") else value
