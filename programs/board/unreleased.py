"""What trainees and hospitals have not been told yet, placement by placement."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from programs import placement_plan, releasing
from programs.models import Cohort, Release
from programs.workflow import releases

PLACEMENTS = Release.Kind.PLACEMENTS
# When it is over nobody needs to be told where to go.
OVER = (Cohort.State.COMPLETED, Cohort.State.CLOSED, Cohort.State.CANCELLED)


@dataclass
class Unreleased:
    """How many lines are different, in words by placement, and what does not take place any more by trainee."""

    count: int = 0
    words: dict = field(default_factory=dict)
    gone: dict = field(default_factory=dict)

    def mark(self, board):
        """Say it on the placements and rows of the board."""
        for placement in board.placements:
            placement.unreleased = self.words.get(placement.pk, "")
        for row in board.rows:
            row.gone = self.gone.get(row.enrollment.trainee_id, [])


def unreleased_of(cohort):
    """What is different now from the release that is out. Two queries, and those of the words for what is gone."""
    found = Unreleased()
    if cohort.state in OVER:
        return found
    standing = placement_plan.standing(cohort)
    before = releasing.lines_of(releases.latest(cohort, PLACEMENTS))
    changes = releasing.difference(before, placement_plan.lines_of(standing))
    words = {"new": _("New, not released"), "changed": _("Changed, not released")}
    found.count = len(changes)
    found.words = {standing[change.key].pk: words[change.what] for change in changes if change.after}
    gone = [change for change in changes if change.after is None]
    for change, told in (
        zip(gone, releasing.in_words(PLACEMENTS, gone, "trainees"), strict=True) if gone else ()
    ):
        for trainee in change.before.trainees:
            found.gone.setdefault(trainee, []).append(told.before)
    return found
