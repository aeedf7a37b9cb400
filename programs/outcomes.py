"""What came of the trainings: how many answered, what was introduced at home, whom it reached; by what it is asked."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hospitals.models import name_in_reader_language
from participants.models import FollowUp

from . import objectives

ASKED = (FollowUp.State.OPEN, FollowUp.State.ANSWERED, FollowUp.State.MISSED)
BY = {
    "cohort": gettext_lazy("Cohort"),
    "hospital": gettext_lazy("Host hospital"),
    "region": gettext_lazy("Region"),
    "year": gettext_lazy("Year"),
    "months": gettext_lazy("Months after the end"),
}
MOST_TECHNIQUES = 20


@dataclass
class Line:
    """One group of graduates: how many follow-ups were asked and answered, and how far it reached."""

    name: str
    asked: int = 0
    answered: int = 0
    taught: int = 0
    patients: int = 0

    @property
    def percent(self):
        return round(100 * self.answered / self.asked) if self.asked else 0

    def take(self, row):
        self.asked += row["asked"]
        self.answered += row["answered"]
        # Asked several times, somebody tells the same colleagues again: the highest number of each graduate counts.
        self.taught += row["most_taught"] or 0
        self.patients += row["most_patients"] or 0


@dataclass
class Outcomes:
    """The whole, its groups, and the techniques that graduates have introduced, the most frequent first."""

    total: Line
    lines: list = field(default_factory=list)
    techniques: list = field(default_factory=list)
    reached: dict = field(default_factory=dict)  # the mean of the objectives, and of how many graduates


def asked(user):
    """The follow-ups that count: those that were put to a graduate `user` may see."""
    return FollowUp.objects.visible_to(user).filter(state__in=ASKED)


def _grouped(by):
    """The expression that names the group of a follow-up."""
    graduation = "graduation__"
    return {
        "cohort": name_in_reader_language(f"{graduation}enrollment__cohort__"),
        "hospital": name_in_reader_language(f"{graduation}hospitals__"),
        "region": name_in_reader_language(f"{graduation}trainee__institution__region__"),
        "year": F(f"{graduation}completed__year"),
        "months": F("months"),
    }[by]


def outcomes(followups, by):
    """The Outcomes of some follow-ups. Four queries for any number of them."""
    total = Line(_("All together"))
    for row in _counted(followups):
        total.take(row)
    lines = defaultdict(lambda: Line(""))
    for row in _counted(followups.annotate(group=_grouped(by)), "group"):
        line = lines[row["group"]]
        line.name = _named(row["group"], by)
        line.take(row)
    groups = [lines[key] for key in sorted(lines, key=lambda key: (key in (None, ""), key or 0))]
    return Outcomes(total, groups, _techniques(followups), objectives.reached(followups))


def _counted(followups, *group):
    """One row a graduate and group."""
    rows = followups.order_by().values(*group, "graduation")
    return rows.annotate(
        asked=Count("pk", distinct=True),
        answered=Count("pk", filter=Q(state=FollowUp.State.ANSWERED), distinct=True),
        most_taught=Max("taught"),
        most_patients=Max("patients"),
    ).iterator()


def _named(group, by):
    if group in (None, ""):
        return _("not known")
    if by == "months":
        return ngettext("%(count)s month", "%(count)s months", group) % {"count": group}
    return str(group)


def _techniques(followups):
    """Pairs of a technique and by how many graduates it was introduced, however it is written in capitals."""
    people, spelled = defaultdict(set), {}
    for followup in followups.exclude(procedures="").only("procedures", "graduation").iterator():
        for name in followup.procedure_names:
            people[name.casefold()].add(followup.graduation_id)
            spelled.setdefault(name.casefold(), name)
    counted = Counter({key: len(graduates) for key, graduates in people.items()})
    return [(spelled[key], count) for key, count in counted.most_common(MOST_TECHNIQUES)]
