"""The nominees of a cohort side by side: how they stand by the rules, how they were scored, and who still has to."""

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import fmean

from django.utils.formats import number_format

from . import eligibility
from .models import Enrollment, Offer, Review

State = Enrollment.State
DECIDED_ON = (State.NOMINATED, State.RESERVE)


@dataclass
class Standing:
    """What the scores a person may read say of one nominee."""

    reviews: list = field(default_factory=list)
    is_mine_given: bool = False
    given: int = 0  # also those the reader may not read

    @property
    def means(self):
        return [review.mean for review in self.reviews if review.mean is not None]

    @property
    def average(self):
        """The mean of the reviewers’ means; None where nobody has scored."""
        return fmean(self.means) if self.means else None

    @property
    def average_words(self):
        return "" if self.average is None else number_format(self.average, 1)

    @property
    def spread_words(self):
        """The lowest and the highest mean; empty where there are not two that differ."""
        means = self.means
        if len(means) < 2 or min(means) == max(means):
            return ""
        return f"{number_format(min(means), 1)}–{number_format(max(means), 1)}"

    @property
    def conflicts(self):
        return [review for review in self.reviews if review.has_conflict]


def mean_of(review):
    """The weighted mean of a review’s scores; None of a conflict of interest."""
    scores = list(review.scores.all())
    weight = sum(score.criterion.weight for score in scores)
    return sum(score.points * score.criterion.weight for score in scores) / weight if weight else None


def standings(enrollments, user):
    """A Standing for each enrollment by its key, as `user` may read them. Three queries."""
    keys = [enrollment.pk for enrollment in enrollments]
    found = defaultdict(Standing)
    for enrollment, reviewer in Review.objects.filter(enrollment__in=keys).values_list(
        "enrollment", "reviewer"
    ):
        found[enrollment].given += 1
        found[enrollment].is_mine_given |= reviewer == user.pk
    reviews = Review.objects.visible_to(user).filter(enrollment__in=keys).select_related("reviewer")
    for review in reviews.prefetch_related("scores__criterion"):
        review.mean = mean_of(review)
        found[review.enrollment_id].reviews.append(review)
    return found


def nominees(cohort, user):
    """Everybody to be decided on: the best first, then who is not scored yet; each with verdicts and standing."""
    rows = cohort.enrollments.filter(state__in=DECIDED_ON).select_related(
        "trainee__institution__region", "trainee__specialty", "nominated_by"
    )
    rows = list(eligibility.with_facts(rows).order_by("trainee__passport_name", "pk"))
    scores = standings(rows, user)
    for row in rows:
        row.cohort = cohort
        row.verdicts = eligibility.verdicts(row)
        row.standing = scores[row.pk]
        row.is_blocked = bool(eligibility.unmet(row))
    rows.sort(key=lambda row: (row.standing.average is None, -(row.standing.average or 0)))
    return rows


def offers_of(cohort):
    """The free seats that wait to be settled, with whom they are offered to."""
    waiting = Offer.objects.waiting().filter(enrollment__cohort=cohort)
    return list(waiting.select_related("enrollment__trainee__institution", "freed_by__trainee"))
