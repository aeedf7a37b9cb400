"""Who may come by the program's rules: met, not met or unknown, in words, with what that is based on."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from participants.models import Graduation
from partners.models import Region, joined
from portal.accounts.models import READING_LANGUAGES

from .models import Enrollment

State = Enrollment.State
TAKING_PART = (State.ACCEPTED, State.IN_TRAINING, State.COMPLETED, State.NOT_COMPLETED)
# Who counts where names are put forward: everybody who may still come.
IN_PLAY = (State.NOMINATED, State.RESERVE, *TAKING_PART)


class Rule(TextChoices):
    """A rule of a program about who may come."""

    PRACTICE = "practice", gettext_lazy("years of practice")
    REPEAT = "repeat", gettext_lazy("time since the last training")
    LANGUAGE = "language", gettext_lazy("language")


class Met(TextChoices):
    """How a person stands by a rule."""

    MET = "met", gettext_lazy("met")
    NOT_MET = "not_met", gettext_lazy("not met")
    UNKNOWN = "unknown", pgettext_lazy("of a rule", "unknown")


@dataclass(frozen=True)
class Verdict:
    """One rule for one nominee: how they stand by it, and what that is based on."""

    rule: Rule
    met: Met
    words: str


def with_facts(enrollments):
    """The enrollments with all that `verdicts` reads, in one query more however many they are."""
    graduations = Graduation.objects.order_by("-completed")
    return enrollments.select_related("cohort__program", "trainee", "waiver").prefetch_related(
        Prefetch("trainee__graduations", graduations, to_attr="trained_before")
    )


def verdicts(enrollment):
    """How the nominee stands by each rule that the program has, as Verdicts; none where it has none."""
    program, trainee = enrollment.cohort.program, enrollment.trainee
    first_day = enrollment.cohort.first_day
    found = []
    if program.min_years_of_practice:
        found.append(_practice(program, trainee, first_day))
    if program.repeat_ban_years:
        found.append(_repeat(program, _graduations(trainee), first_day))
    if program.required_languages:
        found.append(_language(program, trainee))
    return found


def _graduations(trainee):
    if hasattr(trainee, "trained_before"):
        return trainee.trained_before
    return list(trainee.graduations.order_by("-completed"))


def unmet(enrollment):
    """The verdicts on rules that are not met and for which nobody has made an exception."""
    waiver = getattr(enrollment, "waiver", None)
    waived = waiver.rules if waiver else ()
    return [found for found in verdicts(enrollment) if found.met == Met.NOT_MET and found.rule not in waived]


def _practice(program, trainee, first_day):
    asked = program.min_years_of_practice
    wanted = ngettext("%(count)s year of practice", "%(count)s years of practice", asked) % {"count": asked}
    if trainee.practicing_since is None:
        words = _("Asked: %(wanted)s. Since when the person practices is not recorded.")
        return Verdict(Rule.PRACTICE, Met.UNKNOWN, words % {"wanted": wanted})
    years = first_day.year - trainee.practicing_since
    words = ngettext(
        "Asked: %(wanted)s. In practice since %(since)s: %(years)s year at the start.",
        "Asked: %(wanted)s. In practice since %(since)s: %(years)s years at the start.",
        years,
    )
    facts = {"wanted": wanted, "since": trainee.practicing_since, "years": years}
    return Verdict(Rule.PRACTICE, Met.MET if years >= asked else Met.NOT_MET, words % facts)


def _repeat(program, graduations, first_day):
    asked = program.repeat_ban_years
    wanted = ngettext("%(count)s year in between", "%(count)s years in between", asked) % {"count": asked}
    before = [graduation for graduation in graduations if graduation.completed.earliest < first_day]
    if not before:
        words = _("Asked: %(wanted)s. No earlier training is recorded.")
        return Verdict(Rule.REPEAT, Met.MET, words % {"wanted": wanted})
    last = max(before, key=lambda graduation: graduation.completed.latest)
    since = _years_before(first_day, asked)
    met = Met.UNKNOWN
    if last.completed.latest <= since:
        met = Met.MET
    elif last.completed.earliest > since:
        met = Met.NOT_MET
    words = _("Asked: %(wanted)s. The last training was completed in %(when)s: %(program)s.")
    facts = {"wanted": wanted, "when": last.completed.words(), "program": last.program_name or "–"}
    return Verdict(Rule.REPEAT, met, words % facts)


def _years_before(day, years):
    """The same day so many years before; of 29 February the day before 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def _language(program, trainee):
    names = dict(READING_LANGUAGES)
    wanted = joined([str(names[code]) for code in program.required_languages])
    spoken = [str(names[code]) for code in trainee.languages]
    if not spoken:
        words = _("Asked: one of %(wanted)s. No language is recorded.")
        return Verdict(Rule.LANGUAGE, Met.UNKNOWN, words % {"wanted": wanted})
    met = Met.MET if set(trainee.languages) & set(program.required_languages) else Met.NOT_MET
    words = _("Asked: one of %(wanted)s. Speaks %(spoken)s.")
    return Verdict(Rule.LANGUAGE, met, words % {"wanted": wanted, "spoken": joined(spoken)})


# What stands against accepting ---------------------------------------------------------------------


@dataclass
class Room:
    """Seats of the cohort, or those that a quota leaves to the people of some regions."""

    seats: int
    used: int
    words: str  # why nobody more comes in, once it is full
    regions: frozenset | None = None  # None: they are for everybody

    @property
    def is_full(self):
        return self.used >= self.seats

    def is_for(self, trainee):
        if self.regions is None:
            return True
        return trainee.institution_id is not None and trainee.institution.region_id in self.regions


def against(enrollment):
    """Why the nominee cannot be accepted now, as sentences: seats, the quota of their region, rules not met."""
    return against_each(enrollment.cohort, [enrollment])[enrollment.pk]


def against_each(cohort, enrollments):
    """The same of several who are accepted one after the other, by their keys. As many queries as of one."""
    rooms, found = [*_seats(cohort), *_quotas(cohort, TAKING_PART)], {}
    for enrollment in enrollments:
        mine = [room for room in rooms if room.is_for(enrollment.trainee)]
        found[enrollment.pk] = [room.words for room in mine if room.is_full] + _rules(enrollment)
        if not found[enrollment.pk]:
            for room in mine:
                room.used += 1
    return found


def full_quotas(cohort, trainee, states=TAKING_PART):
    """The quotas for the person's home that are used up by enrollments in `states`, as sentences."""
    return [room.words for room in _quotas(cohort, states) if room.is_full and room.is_for(trainee)]


def _seats(cohort):
    if cohort.seats is None:
        return []
    words = _("All %(seats)s seats of the cohort are taken.") % {"seats": cohort.seats}
    return [Room(cohort.seats, cohort.enrollments.taking_part().count(), words)]


def _quotas(cohort, states):
    """A Room for each quota of the cohort. Two queries for each; a cohort has a handful."""
    for quota in cohort.quotas.select_related("region"):
        within = frozenset(Region.objects.within(quota.region).values_list("pk", flat=True))
        used = cohort.enrollments.filter(state__in=states, trainee__institution__region__in=within).count()
        words = ngettext(
            "The quota of %(region)s, %(seats)s seat, is used up.",
            "The quota of %(region)s, %(seats)s seats, is used up.",
            quota.seats,
        )
        yield Room(quota.seats, used, words % {"region": quota.region, "seats": quota.seats}, within)


def _rules(enrollment):
    words = _("A rule is not met, and no exception is made: %(words)s")
    return [words % {"words": verdict.words} for verdict in unmet(enrollment)]
