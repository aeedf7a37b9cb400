"""The forms around a batch: the file, its columns, one row, and why it is reverted."""

from functools import partial

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalForm, ShortTextarea, SuggestingInput

from .importers import kind_of, kinds_for
from .models import ImportBatch, ImportRow
from .reading import ACCEPTED, LIMITS, MB, refusal
from .rows import Choice, Verdict


class UploadForm(PortalForm):
    """The file, and whose it is."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("An .xlsx, .xls, .ods or .csv file of at most 10 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"empty": _("The file is empty.")},
    )
    sender = forms.CharField(
        label=_("Sent by"),
        required=False,
        max_length=120,
        help_text=_("Whose headings these are. What you say about them is remembered for the next file."),
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sender"].widget = SuggestingInput(partial(_senders, kind), attrs={"maxlength": 120})

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LIMITS["bytes"]:
            raise refusal("too_big", limit=LIMITS["bytes"] // MB)
        return file


def _senders(kind):
    """Who has sent files of this kind before."""
    batches = ImportBatch.objects.filter(kind=kind).exclude(sender="")
    return batches.order_by("sender").values_list("sender", flat=True).distinct()[:50]


class ColumnsForm(PortalForm):
    """For each column of the file: which one it is, or that it is not wanted."""

    def __init__(self, *args, batch, examples, **kwargs):
        super().__init__(*args, **kwargs)
        self.batch = batch
        options = [("", _("Not wanted")), *((column.name, column.label) for column in batch.importer.columns)]
        for heading in batch.headings:
            found = [text[:60] for text in self._shown(heading["target"], examples(heading["place"]))]
            self.fields[f"column_{heading['place']}"] = forms.ChoiceField(
                label=heading["text"][:120],
                choices=options,
                required=False,
                initial=heading["target"] or "",
                help_text=_("For example: %(examples)s") % {"examples": " · ".join(found)} if found else "",
            )

    def _shown(self, target, texts):
        """Examples of a column; without digits where it is a secret, or may turn out to be one."""
        secrets = {column.name for column in self.batch.importer.columns if column.secret}
        if not secrets or (target and target not in secrets):
            return texts
        return ["".join("•" if sign.isdigit() else sign for sign in text) for text in texts]

    def clean(self):
        data = super().clean()
        chosen = [name for name in data.values() if name]
        labels = {column.name: column.label for column in self.batch.importer.columns}
        for name in {name for name in chosen if chosen.count(name) > 1}:
            for field in [field for field, value in data.items() if value == name]:
                self.add_error(
                    field, _("Two columns cannot both be “%(column)s”.") % {"column": labels[name]}
                )
        for column in self.batch.importer.columns:
            if column.required and column.name not in chosen:
                self.add_error(
                    None,
                    _("“%(column)s” is needed: choose the column that holds it.") % {"column": column.label},
                )
        return data

    @property
    def targets(self):
        return {int(name.removeprefix("column_")): value for name, value in self.cleaned_data.items()}


class RowForm(PortalForm):
    """One row: its texts to be corrected, which record it is about, and which changes are wanted."""

    decision = forms.ChoiceField(label=_("This row"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args, shown, batch, **kwargs):
        super().__init__(*args, **kwargs)
        self.shown, self.importer = shown, batch.importer
        self.fields["decision"].choices = list(self._decisions())
        self.fields["decision"].initial = self._decided()
        self.texts = []
        for column in self.importer.columns:
            self._add_text(column, batch.letters)
        for change in shown.changes:
            self.fields[f"take_{change.column}"] = forms.BooleanField(
                label=_("%(column)s: %(before)s → %(after)s")
                % {"column": change.label, "before": change.before or "–", "after": change.after},
                required=False,
                initial=change.is_wanted,
            )
        self.fieldsets = self._groups()
        if not self.is_bound:
            self._errors = self._found_wrong()

    def _found_wrong(self):
        """What the check said of each cell stands at its field, before anything is typed."""
        found = forms.utils.ErrorDict(renderer=self.renderer)
        for line in self.shown.problems:
            if name := f"text_{line.column}" if line.column else "":
                words = " ".join(filter(None, (line.words, line.hint)))
                found.setdefault(name, self.error_class(renderer=self.renderer)).append(words)
        return found

    def _add_text(self, column, letters):
        row = self.shown.row
        text = row.corrections.get(column.name, row.texts.get(column.name, ""))
        cell = f"{letters[column.name]}{row.number}" if column.name in letters else ""
        note = _("Leave it empty to keep what is there.") if column.secret and text else column.help
        lines = "\n" in text and not column.secret
        field = forms.CharField(
            label=f"{column.label} ({cell})" if cell else column.label,
            required=False,
            max_length=LIMITS["cell"],
            initial="" if column.secret else text,
            help_text=note,
            widget=ShortTextarea if lines else forms.TextInput,
        )
        self.fields[f"text_{column.name}"] = field
        self.texts.append(column)

    def _groups(self):
        groups = [(_("What is to be done"), ["decision"])]
        if self.shown.changes:
            groups.append((_("Changes to take"), [f"take_{change.column}" for change in self.shown.changes]))
        return [*groups, (_("The row as it is read"), [f"text_{column.name}" for column in self.texts])]

    def _decisions(self):
        yield "", _("As it was found")
        for candidate in self.shown.candidates:
            yield f"{Choice.SAME}:{candidate.pk}", _("It is %(record)s") % {"record": candidate.label}
        if self.shown.candidates:
            yield Choice.OTHER.value, _("It is another one, and new")
        yield Choice.LEAVE_OUT.value, _("Leave it out")

    def _decided(self):
        row = self.shown.row
        if row.choice == Choice.SAME:
            return f"{Choice.SAME}:{row.chosen_id or row.target_id}"
        return row.choice

    @property
    def decision_facts(self):
        """What `workflow.decide` is told."""
        data = self.cleaned_data
        choice, _colon, chosen = data["decision"].partition(":")
        typed = {column.name: data[f"text_{column.name}"].strip() for column in self.texts}
        row = self.shown.row
        was = {name: row.corrections.get(name, row.texts.get(name, "")) for name in typed}
        secret = {column.name for column in self.texts if column.secret}
        return {
            "choice": choice,
            "chosen": int(chosen) if chosen else None,
            "corrections": {
                name: text for name, text in typed.items()
                if (text if name in secret else text != was[name].replace("\r\n", "\n").strip())
            },
            "not_taken": [change.column for change in self.shown.changes if not data[f"take_{change.column}"]],
        }  # fmt: skip


class RevertForm(PortalForm):
    """Why what was written is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=ShortTextarea)


class BatchFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        choices=ImportBatch.State.choices, label=_("State"), empty_label=_("All")
    )

    class Meta:
        model = ImportBatch
        fields = []

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        kinds = [(key, kind_of(key).label) for key in kinds_for(request.user)]
        self.filters["kind"].extra["choices"] = kinds


class RowFilter(django_filters.FilterSet):
    """Which rows are shown: those that need an eye unless another set is asked for."""

    show = django_filters.ChoiceFilter(
        choices=[("all", _("All rows")), ("left", _("Left out")), *Verdict.choices],
        method="by_set",
        label=_("Rows"),
        empty_label=_("Rows that need your eye"),
    )

    class Meta:
        model = ImportRow
        fields = []

    def by_set(self, rows, name, asked):
        if asked == "left":
            return rows.left_out()
        return rows if asked == "all" else rows.filter(verdict=asked)


def refused(form, error):
    """Put the reason why a file is not read at its field."""
    form.add_error("file", ValidationError(error.messages))
