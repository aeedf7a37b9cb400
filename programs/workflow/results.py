"""Publishing what trainees say: once a day, in blocks of five answers and more that stay as they are."""

from itertools import groupby

from django.db import transaction

from hospitals.models import Hospital
from portal.records.forgetting import STAND_IN
from programs.models import HospitalFeedback, Program, ProgramFeedback, ResultBlock
from programs.models.results import FEWEST
from programs.results import PROGRAM, waiting

KINDS = (
    (HospitalFeedback, "hospital", "hospital", Hospital),
    (ProgramFeedback, PROGRAM, "program", Program),
)


def publish_due(*, say):
    """One round; running it twice publishes nothing more. Returns how many blocks are new."""
    count = 0
    for model, about, name, things in KINDS:
        for key in list(waiting(model.objects.all()).order_by().values_list(about, flat=True).distinct()):
            count += _publish(model, about, name, things.objects.get(pk=key), say)
    return count


@transaction.atomic
def _publish(model, about, name, thing, say):
    """The answers about one hospital or program that wait, as far as they fill blocks. Its row is locked."""
    type(thing).objects.select_for_update(no_key=True).get(pk=thing.pk)
    rows = waiting(model.objects.filter(**{about: thing})).select_related("enrollment__cohort")
    rows = sorted(rows, key=lambda row: (_cohort_of(row).last_day, _cohort_of(row).pk))
    together, made = [], 0
    for _cohort, answers in groupby(rows, key=_cohort_of):
        together += answers
        if len(together) >= FEWEST:
            block = _made_of(together, {name: thing})
            model.objects.filter(pk__in=[row.pk for row in together]).update(block=block)
            say(f"published: {block}")
            together, made = [], made + 1
    return made


def _cohort_of(row):
    return row.enrollment.cohort


def _made_of(answers, about):
    block = ResultBlock.objects.create(
        count=len(answers),
        sums=[sum(getattr(row, mark) for row in answers) for mark in answers[0].MARKS],
        comments=sorted(row.comment for row in answers if row.comment not in ("", STAND_IN)),
        **about,
    )
    block.cohorts.set({_cohort_of(row) for row in answers})
    return block
