"""What an app says about one kind of spreadsheet. See the package's docstring for an example."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.accounts import sealing

from .rows import Choice, Verdict
from .said import said

_kinds = {}


def importer(kind):
    """Register an importer class under its key."""
    _kinds[kind.key] = kind
    return kind


def kind_of(key):
    """The importer class of that key. Raises KeyError."""
    return _kinds[key]


def kinds_for(user):
    """The keys of everything `user` may bring in."""
    return [key for key, kind in _kinds.items() if user.has(kind.permission)]


class Importer:
    """How rows of one kind are read, matched, compared, written and put back. One instance serves one piece of work."""

    key = ""
    label = ""  # of what it brings in, in the plural: “Institutions”
    permission = None
    columns = ()
    # The class of the object that every row belongs to (a cohort), and that `parent` then is.
    parent_model = None
    # Without it the uploaded file is kept sealed and cannot be downloaded again.
    keeps_file = True
    # Rows about a known record are written though nothing of it changes, as a nomination is.
    acts_on_match = False
    # Anything with seal(text) and unseal(text), for secret columns and files.
    sealer = sealing
    # The list of what it brings in: breadcrumbs and the way back lead there.
    list_url_name = ""

    def __init__(self, parent=None, *, by=None):
        self.parent = parent
        self.by = by
        self.indexes = {}

    # What a kind of spreadsheet says of itself -----------------------------------------------------------

    def prepare(self, rows):
        """Read in bulk what reading and matching will need: `indexes` for reference columns, and the like."""

    def check(self, row):
        """What only the whole row tells: call `row.wrong(column, said(…))`."""

    def match(self, rows):
        """Say which record each row is about: `row.is_about(…)`, `row.may_be(…)`, or nothing where it is new."""

    def identity(self, row):
        """What may stand only once in a file; None where nothing need."""
        return

    def compare(self, rows):
        """Fill `row.changes` of rows that are about a record: `self.change(row, column, before, after)`."""

    def write(self, rows, *, by):
        """Write the rows, inside the transaction; set `row.written` and, for `put_back`, `row.before`."""
        raise NotImplementedError

    def put_back(self, rows, *, by):
        """Undo what `write` did for these rows. Raise `Obstacle` with sentences where something stands in the way."""
        raise NotImplementedError

    def lock(self, rows):
        """Lock the records that the rows are about, so that nothing moves between the last look and the write."""

    def title(self, row):
        """What a row is called in lists, and the smaller line below: two texts."""
        shown = [
            row.text(column.name) for column in self.columns if row.text(column.name) and not column.secret
        ]
        first, second, *_rest = [*shown, "", ""]
        return first, second

    def crumbs(self):
        """Pairs of label and address above the screens of a batch: the parent's page, or the list it fills."""
        return [(self.label, reverse(self.list_url_name))] if self.list_url_name else []

    def url_of(self, pk):
        """Where a matched record is looked at."""
        return ""

    def effects(self, taken):
        """What will be written, as sentences: `taken` counts the rows by verdict."""
        sentences = []
        if new := taken[Verdict.NEW]:
            sentences.append(
                ngettext("%(count)s record is added.", "%(count)s records are added.", new) % {"count": new}
            )
        if changed := taken[Verdict.CHANGED] + taken[Verdict.MATCHED]:
            sentences.append(
                ngettext("%(count)s record is changed.", "%(count)s records are changed.", changed)
                % {"count": changed}
            )
        return sentences

    def mails(self, batch):
        """Sentences on the mails that writing `batch.rows.taken()` will put. Few kinds send any."""
        return [gettext("No mail is sent.")]

    def revert_note(self):
        return gettext("The batch can be reverted as long as nothing else has changed or uses what it wrote.")

    # What all of them do -----------------------------------------------------------------------------------

    def column(self, name):
        return self._by_name[name]

    @cached_property
    def _by_name(self):
        return {column.name: column for column in self.columns}

    @cached_property
    def secret_names(self):
        return {column.name for column in self.columns if column.secret}

    def change(self, row, name, before, after):
        """Note that the file says something else than the record. Of a secret only the mask is noted."""
        column = self.column(name)
        if column.secret:
            before, after = "•••" if before else None, column.mask(str(after))
        else:
            before = None if before in (None, "", []) else column.keep(before)
            after = column.keep(after)
        row.changes.append({"column": name, "before": before, "after": after})

    def assess(self, rows):
        """Read, match and compare all rows: afterwards each has its verdict. Nothing is written."""
        for row in rows:
            row.values, row.problems, row.changes = {}, [], []
            row.target, row.candidates, row.evidence, row.is_weak = None, [], [], False
        self.prepare(rows)
        for row in rows:
            self._read(row)
        readable = [row for row in rows if not row.problems]
        self._refuse_twins(readable)
        readable = [row for row in readable if not row.problems]
        self.match(readable)
        for row in readable:
            self._choose(row)
            self._complete(row)
        self.compare([row for row in readable if row.target])
        for row in rows:
            row.verdict = self._verdict(row)

    def _read(self, row):
        for column in self.columns:
            text = row.text(column.name)
            try:
                if text:
                    row.values[column.name] = column.read(text, self)
                elif column.required:
                    row.wrong(column.name, said(_("%(column)s is missing."), column=column.label))
            except ValidationError as error:
                row.wrong(column.name, _masked(error, column, text))
        if not row.problems:
            self.check(row)

    def _refuse_twins(self, rows):
        """The same thing twice in one file: the first is taken, the others name it."""
        seen = {}
        for row in rows:
            identity = self.identity(row)
            if identity is None or row.choice == Choice.LEAVE_OUT:
                continue
            if identity in seen:
                row.wrong("", said(_("Row %(row)s of this file is about the same."), row=seen[identity]))
            else:
                seen[identity] = row.number

    @staticmethod
    def _choose(row):
        """What a person has decided goes before what was found."""
        if row.choice == Choice.OTHER:
            row.target = None
        elif row.choice == Choice.SAME and row.chosen:
            row.target = next((one for one in row.candidates if one.pk == row.chosen), row.target)

    def _complete(self, row):
        """What only a new record needs is asked of no other row."""
        if row.target is None:
            for column in self.columns:
                if column.needed_when_new and column.name not in row.values:
                    row.wrong(column.name, said(_("%(column)s is missing."), column=column.label))

    def _verdict(self, row):
        if row.problems:
            return Verdict.WRONG
        if row.target is None:
            return Verdict.NEW
        if row.is_undecided:
            return Verdict.MATCHED
        if row.wanted_changes:
            return Verdict.CHANGED
        return Verdict.MATCHED if self.acts_on_match else Verdict.UNCHANGED


def _masked(error, column, text):
    """The error without a secret in it: what was typed is shown by its end only."""
    if not column.secret:
        return error
    for part in error.error_list:
        part.params = {
            name: value.replace(text, column.mask(text)) if isinstance(value, str) else value
            for name, value in (part.params or {}).items()
        }
    return error


class Obstacle(Exception):
    """A batch cannot be put back; `sentences` say what stands in the way."""

    def __init__(self, sentences):
        super().__init__(sentences)
        self.sentences = sentences
