"""What can be done to several trainees of a cohort at once. Each says beforehand what it does and for how many."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from hospitals.models import Coordinator

from . import effects
from .forms.reasons import ReasonForm
from .models import Placement
from .workflow import enrollments
from .workflow.placements import cancel


@dataclass(frozen=True)
class BulkAction:
    """A verb of enrollments for many: how it is asked, what it does in sentences, and what it needs to know.

    `told(rows, user)` gets those it fits as a list; whom it does not fit is named by the page and left alone.
    """

    name: str
    verb: Callable
    question: Callable  # of how many
    told: Callable
    form: type | None = None
    danger: bool = False

    @property
    def label(self):
        return self.verb.verb.label

    def fits(self, enrollment):
        return enrollment.state in self.verb.verb.sources


ACTIONS = {}


def register(action):
    """Offer an action below the list of trainees."""
    ACTIONS[action.name] = action
    return action


def offered(user):
    """The actions `user` may use."""
    return [action for action in ACTIONS.values() if action.verb.verb.may(user)]


def _of_withdraw(rows, user):
    """As for one, but each withdrawal tells its hospitals by itself: a coordinator may get several mails."""
    placements = Placement.objects.filter(enrollment__in=rows)
    cancelled, _mails = effects.of_cancelled_placements(placements)
    asked = set(
        placements.filter(state__in=cancel.verb.sources)
        .exclude(state=Placement.State.DRAFT)
        .values_list("enrollment", "department__hospital")
    )
    serving = Coordinator.objects.serving().filter(hospital__in={hospital for _one, hospital in asked})
    people = list(serving.values_list("hospital", "user"))
    mails = {(one, user) for one, hospital in asked for where, user in people if where == hospital}
    words = ngettext_lazy(
        "%(count)s mail is sent to hospitals.", "%(count)s mails are sent to hospitals.", "count"
    )
    return [_("Their places on the reserve list are free."), cancelled, effects.counted(words, len(mails))]


register(
    BulkAction(
        "withdraw",
        enrollments.withdraw,
        question=lambda count: ngettext("Withdraw %(count)s trainee?", "Withdraw %(count)s trainees?", count),
        told=_of_withdraw,
        form=ReasonForm,
        danger=True,
    )
)
register(
    BulkAction(
        "start-training",
        enrollments.start_training,
        question=lambda count: ngettext(
            "Has %(count)s trainee begun the training?", "Have %(count)s trainees begun the training?", count
        ),
        told=lambda rows, user: [_("They are in training from now."), _("No mail is sent.")],
    )
)
SETTLED = gettext_lazy("There was nobody left to do it for.")
