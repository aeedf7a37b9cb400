"""What trainees say, as averages that tell nobody's own answer: not one by one, not by any difference of two.

Answers are laid into blocks: for each hospital (or program) its cohorts in the order of their ends, as many together
as it takes for five answers. Only a cohort that can be answered no more goes into a block, and what is left over waits
for the next one. Whatever the page shows is made of whole blocks, and a block never changes. So the difference of any
two figures, today's or of different days, is again made of five answers at least.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, F, Sum

from hospitals.models import Hospital
from portal.accounts.roles import Permission
from portal.records import clock

from .evaluating import ANSWER_WITHIN_DAYS
from .models import Cohort, HospitalFeedback, Program, ProgramFeedback
from .ticking import hospitals_of

FEWEST = 5


@dataclass
class Block:
    """Answers that are only ever shown together."""

    count: int = 0
    sums: dict = field(default_factory=dict)
    cohorts: list = field(default_factory=list)

    def add(self, cohort, count, sums):
        self.count += count
        self.cohorts.append(cohort)
        for name, number in sums.items():
            self.sums[name] = self.sums.get(name, 0) + number

    @property
    def is_shown(self):
        return self.count >= FEWEST

    @property
    def averages(self):
        """The mean of each question, in the order of the model."""
        return [round(number / self.count, 1) for number in self.sums.values()]


@dataclass
class Result:
    """What is said of one hospital or program."""

    about: object
    blocks: list
    comments: list = field(default_factory=list)

    @property
    def shown(self):
        return [block for block in self.blocks if block.is_shown]

    @property
    def waiting(self):
        """How many answers wait for more of them."""
        return sum(block.count for block in self.blocks if not block.is_shown)

    @property
    def total(self):
        """All blocks that are shown, taken together."""
        whole = Block()
        for block in self.shown:
            whole.add(None, block.count, block.sums)
        return whole


def results_for(user):
    """The context of the page. Seven queries at most, whatever there is."""
    hospitals = hospitals_of(user) if not user.has(Permission.SEE_COHORTS) else None
    of_hospitals = HospitalFeedback.objects.all()
    if hospitals is not None:
        of_hospitals = of_hospitals.filter(hospital__in=hospitals)
    found = {
        "hospital_questions": _questions(HospitalFeedback),
        "hospitals": _results(of_hospitals, "hospital", Hospital),
        "fewest": FEWEST,
    }
    if hospitals is None:
        programs = _results(ProgramFeedback.objects.all(), "enrollment__cohort__program", Program)
        found |= {"program_questions": _questions(ProgramFeedback), "programs": programs}
    return found


def _questions(model):
    return [model._meta.get_field(name).verbose_name for name in model.MARKS]


def _closed(rows):
    """Answers of cohorts whose last day for answering is over: nothing is added to them."""
    before = clock.today() - timedelta(days=ANSWER_WITHIN_DAYS)
    return rows.filter(enrollment__cohort__ends__latest__lt=before)


def _results(rows, about, model):
    """Three queries: the sums by cohort, what they are about, and the cohorts; and one for the comments."""
    marks = rows.model.MARKS
    by_cohort = (
        _closed(rows)
        .order_by()
        .values(key=F(about), cohort=F("enrollment__cohort"))
        .annotate(count=Count("pk"), **{f"sum_{name}": Sum(name) for name in marks})
    )
    lines = list(by_cohort)
    cohorts = Cohort.objects.in_bulk({line["cohort"] for line in lines})
    order = {pk: (cohort.last_day, pk) for pk, cohort in cohorts.items()}
    lines.sort(key=lambda line: order[line["cohort"]])
    blocks = {}
    for line in lines:
        own = blocks.setdefault(line["key"], [Block()])
        if own[-1].is_shown:
            own.append(Block())
        own[-1].add(cohorts[line["cohort"]], line["count"], {name: line[f"sum_{name}"] for name in marks})
    things = model.objects.in_bulk(blocks)
    said = _comments(rows, about, blocks)
    found = [Result(things[key], own, said.get(key, [])) for key, own in blocks.items()]
    return sorted(found, key=lambda result: str(result.about))


def _comments(rows, about, blocks):
    """The remarks in the blocks that are shown, in the order of their words, so that the order says nothing."""
    shown = {
        (key, cohort.pk)
        for key, own in blocks.items()
        for block in own
        if block.is_shown
        for cohort in block.cohorts
    }
    found = {}
    remarks = _closed(rows).exclude(comment="").values_list(about, "enrollment__cohort", "comment")
    for key, cohort, comment in remarks.order_by("comment"):
        if (key, cohort) in shown:
            found.setdefault(key, []).append(comment)
    return found
