"""What waits by hospital and cohort: silent hospitals, silent supervisors, certificates. One query for all of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, DateField, DateTimeField, F, IntegerField, Min, Q, Value

from hospitals.models import in_reader_language
from portal.accounts.roles import Permission
from portal.records import clock
from programs.models import Certificate, Cohort, Evaluation, Placement
from programs.models.cohorts import brand_of

from .items import named_fully

# A column of the query and the end of the path to it: of the hospital, and of the cohort.
OF_HOSPITAL = {
    "hospital_pk": "pk",
    "hospital_name": "name",
    "hospital_name_ko": "name_ko",
    "hospital_short": "short_name",
    "hospital_short_ko": "short_name_ko",
    "phone": "phone",
}
OF_COHORT = {
    "cohort_pk": "pk",
    "cohort_name": "name",
    "cohort_name_ko": "name_ko",
    "program_en": "program__name",
    "program_ko": "program__name_ko",
}
NO_HOSPITAL = {**dict.fromkeys(OF_HOSPITAL, Value("")), "hospital_pk": Value(None, IntegerField())}
GROUPED = ("source", "of_state", *OF_HOSPITAL, *OF_COHORT, "brand")
COUNTED = ("count", "first", "due", "asked")


@dataclass(frozen=True)
class Waiting:
    """Rows of one hospital and cohort, counted; names are in the reader's language."""

    of_state: str
    hospital_pk: int | None
    hospital: str
    phone: str
    cohort_pk: int
    cohort: str
    count: int
    first: int  # one of the rows
    due: date | None  # of the oldest
    asked: datetime | None


def waiting_for(user):
    """{source: what waits there} of what `user` sees; the sources are `hospitals`, `supervisors`, `certificates`."""
    found = defaultdict(list)
    if user.has(Permission.SEE_COHORTS):
        for line in _hospitals(user).union(_supervisors(user), _certificates(user), all=True):
            row = dict(zip((*GROUPED, *COUNTED), line, strict=True))
            found[row["source"]].append(_waiting(row))
    return found


def _waiting(row):
    english, korean = row["hospital_name"], row["hospital_name_ko"]
    names = row["brand"] or {"en": row["program_en"], "ko": row["program_ko"]}
    program = in_reader_language(names["en"], names["ko"])
    same = ("of_state", "hospital_pk", "phone", "cohort_pk", *COUNTED)
    return Waiting(
        **{name: row[name] for name in same},
        # As Hospital.short has it.
        hospital=in_reader_language(row["hospital_short"] or english, row["hospital_short_ko"] or korean),
        cohort=named_fully(program, in_reader_language(row["cohort_name"], row["cohort_name_ko"])),
    )


def _lines(rows, source, *, cohort, hospital=None, of_state=None, count=None, due=None, asked=None):
    """The rows counted by hospital and cohort (the paths to them), in the columns that all sources share."""
    house = {name: F(hospital + end) for name, end in OF_HOSPITAL.items()} if hospital else NO_HOSPITAL
    named = {name: F(cohort + end) for name, end in OF_COHORT.items()}
    columns = {"source": Value(source), "of_state": of_state or Value(""), **house, **named}
    counted = {
        "count": count or Count("pk"),
        "first": Min("pk"),
        "due": due or Value(None, DateField()),
        "asked": asked or Value(None, DateTimeField()),
    }
    grouped = rows.order_by().annotate(**columns, brand=brand_of(cohort)).values(*GROUPED)
    return grouped.annotate(**counted).values_list(*GROUPED, *COUNTED)


def _hospitals(user):
    """Answers that are overdue. What is proposed is for us to decide on, see `asked`."""
    return _lines(
        Placement.objects.visible_to(user).late(),
        "hospitals",
        hospital="department__hospital__",
        cohort="enrollment__cohort__",
        count=Count("trainee", distinct=True),
        due=Min("answer_due"),
        asked=Min("requested_at"),
    )


def _supervisors(user):
    """Evaluations that no reminder brought in, of cohorts that run or have just ended."""
    silent = Q(state=Evaluation.State.MISSED) | Q(state=Evaluation.State.OPEN, due__lt=clock.today())
    states = (Cohort.State.RUNNING, Cohort.State.COMPLETED)
    return _lines(
        Evaluation.objects.visible_to(user).filter(silent, placement__enrollment__cohort__state__in=states),
        "supervisors",
        hospital="placement__department__hospital__",
        cohort="placement__enrollment__cohort__",
        due=Min("due"),
    )


def _certificates(user):
    """Certificates to be approved, and to be issued."""
    states = (Certificate.State.ELIGIBLE, Certificate.State.APPROVED)
    rows = Certificate.objects.visible_to(user).filter(state__in=states)
    return _lines(rows, "certificates", cohort="enrollment__cohort__", of_state=F("state"))
