"""Model fields for approximate dates and counts, what the database computes on them, and form fields.

In a model and in queries:

    signed_on = ApproximateDateField(_("signed on"), null=True, blank=True)
    headcount = ApproximateCountField(_("people"))

    Mou.objects.filter(signed_on__year=2022)
    Cohort.objects.filter(starts__earliest__lte=until, ends__latest__gte=since)  # overlaps the time
    Line.objects.values("country").annotate(people=SumCount("headcount"))
"""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from .approximate import ApproximateCount, ApproximateDate

DATE_HELP = _("As precisely as you know it: 2015, 2021-07 or 2022-06-09")
COUNT_HELP = _("12, about 30 or 60+")


# Forms ----------------------------------------------------------------------------------------


class ApproximateInput(forms.TextInput):
    """A line of text. A date picker or a number field would force a precision that nobody has."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "text", "autocomplete": "off", "spellcheck": "false", **(attrs or {})})


class _ApproximateFormField(forms.Field):
    widget = ApproximateInput
    value_class = None
    default_help_text = ""

    def __init__(self, *, help_text=None, **kwargs):
        super().__init__(help_text=help_text or self.default_help_text, **kwargs)

    def to_python(self, value):
        return self.value_class.of(value.strip() if isinstance(value, str) else value)

    def has_changed(self, initial, data):
        # A page may give the first value as text or as a date: 2021-07 typed over "July 2021" is no change.
        return super().has_changed(self.to_python(initial), data)


class ApproximateDateFormField(_ApproximateFormField):
    """Reads a year, a month or a day as people type it; cleans to an `ApproximateDate` or None."""

    value_class = ApproximateDate
    default_help_text = DATE_HELP


class ApproximateCountFormField(_ApproximateFormField):
    """Reads 12, about 30 or 60+ as people type it; cleans to an `ApproximateCount` or None."""

    value_class = ApproximateCount
    default_help_text = COUNT_HELP


# Models ---------------------------------------------------------------------------------------


class _ApproximateField(models.Field):
    value_class = None
    form_class = None

    def to_python(self, value):
        return self.value_class.of(value)

    def get_prep_value(self, value):
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance, add):
        """Also leave the value itself on the instance, where a text or a date was assigned."""
        value = super().pre_save(model_instance, add)
        if not hasattr(value, "resolve_expression"):
            value = self.to_python(value)
            setattr(model_instance, self.attname, value)
        return value

    def value_to_string(self, obj):
        value = self.to_python(self.value_from_object(obj))
        return "" if value is None else str(value)

    def formfield(self, **kwargs):
        defaults = {"form_class": self.form_class}
        if not self.help_text:
            defaults["help_text"] = self.form_class.default_help_text
        return super().formfield(**defaults | kwargs)


class ApproximateDateField(_ApproximateField):
    """A date of the past, as precisely as it is known, in one column: 2015, 2021-07 or 2022-06-09.

    The ISO text sorts as `ApproximateDate` does in any collation, because only digits are ever compared.
    Comparisons are in that order, where 2022 comes before all of its days; for "may have been before" and
    "overlaps", compare `earliest` and `latest`.
    """

    description = _("Approximate date")
    value_class = ApproximateDate
    form_class = ApproximateDateFormField

    def db_type(self, connection):
        return "varchar(10)"

    def db_check(self, connection):
        """Real days only, as in Python. (No percent sign: the schema editor formats this text.)"""
        column = connection.ops.quote_name(self.column)
        first_of_month = f"make_date(left({column}, 4)::int, substr({column}, 6, 2)::int, 1)"
        return (
            f"CASE WHEN {column} !~ '^(19[0-9]{{2}}|20[0-9]{{2}}|2100)"
            "(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$' THEN false "
            f"WHEN length({column}) = 10 THEN substr({column}, 9)::int <= "
            f"extract(day FROM {first_of_month} + interval '1 month' - interval '1 day') "
            "ELSE true END"
        )

    def from_db_value(self, value, expression, connection):
        return None if value is None else ApproximateDate.from_iso(value)

    def get_db_prep_value(self, value, connection, prepared=False):
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else str(value)


@ApproximateDateField.register_lookup
class Year(models.Transform):
    """The year, which is always known."""

    lookup_name = "year"
    template = "left(%(expressions)s, 4)::integer"
    output_field = models.IntegerField()


@ApproximateDateField.register_lookup
class Earliest(models.Transform):
    """The first day an approximate date can mean, as the database's date."""

    lookup_name = "earliest"
    # The filling repeats: 2015 becomes 2015-01-01, 2021-07 becomes 2021-07-01, a day stays as it is.
    template = "rpad(%(expressions)s, 10, '-01')::date"
    output_field = models.DateField()


@ApproximateDateField.register_lookup
class Latest(models.Transform):
    """The last day an approximate date can mean, as the database's date."""

    lookup_name = "latest"
    template = (
        "(rpad(%(expressions)s, 10, '-01')::date + CASE length(%(expressions)s) "
        "WHEN 4 THEN interval '1 year' WHEN 7 THEN interval '1 month' ELSE interval '1 day' END "
        "- interval '1 day')::date"
    )
    output_field = models.DateField()

    def as_sql(self, compiler, connection, **extra_context):
        sql, params = super().as_sql(compiler, connection, **extra_context)
        return sql, [*params, *params]  # the template names the expression twice


class ApproximateCountField(_ApproximateField):
    """A count and how it is meant, in one column: {number, code}, with code 0 exact, 1 about, 2 more than.

    Arrays sort by their first part and then by the second, as `ApproximateCount` does.
    """

    description = _("Approximate count")
    value_class = ApproximateCount
    form_class = ApproximateCountFormField

    def db_type(self, connection):
        return "integer[]"

    def db_check(self, connection):
        """Two numbers, neither of them NULL: a check that answers NULL would let the row in."""
        column = connection.ops.quote_name(self.column)
        fits = f"cardinality({column}) = 2 AND {column}[1] >= 0 AND {column}[2] IN (0, 1, 2)"
        return f"COALESCE({fits}, {column} IS NULL)"

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if value is not None and value.number < 0:
            raise ValidationError(_("A count cannot be negative."), code="negative")

    def from_db_value(self, value, expression, connection):
        return None if value is None else ApproximateCount(*value)

    def get_db_prep_value(self, value, connection, prepared=False):
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else [value.number, int(value.precision)]


@ApproximateCountField.register_lookup
class Number(models.Transform):
    """The number alone, for arithmetic in the database."""

    lookup_name = "number"
    template = "(%(expressions)s)[1]"
    output_field = models.IntegerField()


@ApproximateCountField.register_lookup
class Code(models.Transform):
    """How the count is meant, as the code of `Precision`."""

    lookup_name = "precision"
    template = "(%(expressions)s)[2]"
    output_field = models.IntegerField()


class SumCount(models.Func):
    """The sum of approximate counts by the rule of Python's `+`: the least precise part gives the word.

    Of no rows it is exactly 0. As with `Sum`, a second multi-valued join in the query counts rows twice.
    """

    template = "ARRAY[%(expressions)s]::integer[]"
    output_field = ApproximateCountField()
    empty_result_set_value = ApproximateCount(0)

    def __init__(self, expression, *, filter=None, **extra):
        super().__init__(
            Sum(Number(expression), filter=filter, default=0),
            Max(Code(expression), filter=filter, default=0),
            **extra,
        )
