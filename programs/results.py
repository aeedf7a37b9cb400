"""What trainees say, as averages that tell nobody's own answer: not one by one, not by any difference of two.

Answers are published in blocks (`ResultBlock`): for each hospital (or program) its cohorts in the order of their ends,
as many together as it takes for five answers. Only a cohort that can be answered no more goes into a block, and what is
left over waits for the next one. Whatever the page shows is made of whole blocks, and a block never changes. So the
difference of any two figures, today's or of different days, is again made of five answers at least.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, F

from hospitals.models import Hospital
from portal.accounts.roles import Permission
from portal.records import clock

from .evaluating import ANSWER_WITHIN_DAYS
from .models import HospitalFeedback, Program, ProgramFeedback, ResultBlock
from .models.results import FEWEST
from .ticking import hospitals_of

PROGRAM = "enrollment__cohort__program"


@dataclass
class Result:
    """What is said of one hospital or program."""

    about: object
    blocks: list = field(default_factory=list)
    waiting: int = 0  # how many answers wait for more of them

    @property
    def comments(self):
        return sorted(comment for block in self.blocks for comment in block.comments)

    @property
    def total(self):
        """All blocks taken together; None where there is none."""
        if not self.blocks:
            return None
        sums = [sum(numbers) for numbers in zip(*(block.sums for block in self.blocks), strict=True)]
        return ResultBlock(count=sum(block.count for block in self.blocks), sums=sums)


def results_for(user):
    """The context of the page. Six queries at most, whatever there is."""
    hospitals = hospitals_of(user) if not user.has(Permission.SEE_COHORTS) else None
    blocks = ResultBlock.objects.visible_to(user).select_related("hospital", "program")
    blocks = list(blocks.prefetch_related("cohorts"))
    said = HospitalFeedback.objects.all()
    if hospitals is not None:
        said = said.filter(hospital__in=hospitals)
    found = {
        "hospital_questions": _questions(HospitalFeedback),
        "hospitals": _results([block for block in blocks if block.hospital_id], said, "hospital", Hospital),
        "fewest": FEWEST,
    }
    if hospitals is None:
        own = [block for block in blocks if block.program_id]
        programs = _results(own, ProgramFeedback.objects.all(), PROGRAM, Program)
        found |= {"program_questions": _questions(ProgramFeedback), "programs": programs}
    return found


def _questions(model):
    return [model._meta.get_field(name).verbose_name for name in model.MARKS]


def waiting(rows):
    """Answers of cohorts whose last day for answering is over, and that are in no block yet."""
    before = clock.today() - timedelta(days=ANSWER_WITHIN_DAYS)
    return rows.filter(block=None, enrollment__cohort__ends__latest__lt=before)


def _results(blocks, said, about, model):
    """Two queries: how many answers wait about what, and those of it that have no block yet."""
    found = {}
    for block in blocks:
        thing = block.hospital or block.program
        found.setdefault(thing.pk, Result(thing)).blocks.append(block)
    counted = waiting(said).order_by().values_list(F(about)).annotate(Count("pk"))
    counts = dict(counted)
    for key, thing in model.objects.in_bulk(counts.keys() - found.keys()).items():
        found[key] = Result(thing)
    for key, count in counts.items():
        found[key].waiting = count
    return sorted(found.values(), key=lambda result: str(result.about))
