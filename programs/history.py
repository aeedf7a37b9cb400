"""The story of a partner: its MOUs, the cohorts its people came to and its graduates, on one time line."""

from collections import defaultdict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospitals.models import name_in_reader_language
from participants.models import Graduation
from partners.models import Institution, Region, joined
from partners.timeline import cooperation_entry, mou_entry
from portal.accounts.roles import Permission
from portal.records.approximate import ApproximateCount
from portal.records.citations import citations, with_source_ids
from portal.records.queries import counted
from portal.records.timeline import newest_first, recorded

from .models import Cohort, Enrollment, HeadCount

NOT_COMING = (Enrollment.State.REJECTED, Enrollment.State.WITHDRAWN)


class Home:
    """Where people come from: a region with all that lies in it, or an institution with its parts."""

    def __init__(self, place):
        if isinstance(place, Region):
            self.regions = Region.objects.within(place)
            self.institutions = Institution.objects.filter(region__in=self.regions)
            self.country = place.country if place.level == Region.Level.COUNTRY else ""
        else:
            self.regions = Region.objects.none()
            self.institutions = Institution.objects.within(place)
            self.country = ""

    def people(self, trainee=""):
        """The condition that a trainee comes from here; `trainee` is the path to one, as in “trainee__”."""
        from_here = Q(**{f"{trainee}institution__in": self.institutions})
        if self.country:
            # Of some people no institution is known, only the passport.
            from_here |= Q(**{f"{trainee}institution": None, f"{trainee}nationality": self.country})
        return from_here


def timeline_of(place, mous, user, places=()):
    """Everything `user` may see of a region or an institution, newest first. Six queries.

    `mous` are those the page has read already, by `with_parties()` and `with_source_ids()`; `places` are the regions
    and institutions here, by `with_source_ids()`: some say when the cooperation with them began.
    """
    home, mous = Home(place), list(mous)
    cohorts, graduations = list(_cohorts(home, user)), list(_register(home, user))
    begun = [place for place in places if place.cooperation_since]
    sources = citations([*mous, *cohorts, *graduations, *begun])
    lines = _lines_by_cohort(home, cohorts)
    return newest_first(
        [
            *(cooperation_entry(place, sources[place]) for place in begun),
            *(mou_entry(mou, sources[mou]) for mou in mous),
            *(_cohort_entry(cohort, lines[cohort.pk], sources[cohort]) for cohort in cohorts),
            *(_graduation_entry(graduation, sources[graduation], user) for graduation in graduations),
        ]
    )


# Cohorts ----------------------------------------------------------------------------------------


def _cohorts(home, user):
    """Cohorts with people from here, by name or by number, or with a home institution here."""
    enrolled = Enrollment.objects.filter(home.people("trainee__"), cohort=OuterRef("pk")).exclude(
        state__in=NOT_COMING
    )
    numbered = HeadCount.objects.filter(cohort=OuterRef("pk"), regions__in=home.regions)
    named_home = Cohort.home_institutions.through.objects.filter(
        cohort=OuterRef("pk"), institution__in=home.institutions
    )
    rows = Cohort.objects.visible_to(user).select_related("program").with_brand()
    return with_source_ids(rows.filter(Exists(enrolled) | Exists(numbered) | Exists(named_home))).annotate(
        named=counted(enrolled),
        graduated=counted(enrolled.filter(state=Enrollment.State.COMPLETED)),
        invented=counted(enrolled.filter(trainee__is_invented=True)),
    )


def _lines_by_cohort(home, cohorts):
    """The head-count lines that name a place here; each knows all its regions, and whether one is elsewhere."""
    of_line = HeadCount.regions.through.objects.filter(headcount=OuterRef("pk"))
    names = of_line.order_by("region__name").values_list(name_in_reader_language("region__"))
    lines = (
        HeadCount.objects.filter(cohort__in=cohorts)
        .filter(Exists(of_line.filter(region__in=home.regions)))
        .annotate(names=ArraySubquery(names), is_shared=Exists(of_line.exclude(region__in=home.regions)))
    )
    by_cohort = defaultdict(list)
    for line in lines:
        by_cohort[line.cohort_id].append(line)
    return by_cohort


def _cohort_entry(cohort, lines, source):
    return recorded(
        cohort.starts,
        cohort.ends,
        title=f"{cohort.program_name}, {cohort}",
        body=" ".join(_people_in_words(cohort, lines)),
        url=reverse("programs:cohort-detail", args=[cohort.pk]),
        about=cohort,
        source=source,
        lane=_("People"),
        short=cohort.program_name,
    )


def _people_in_words(cohort, lines):
    """Who came, a sentence each; people known by number and people known by name are never added up."""
    own = [line.count for line in lines if not line.is_shared]
    if own:
        yield _("From here, by the record: %(count)s.") % {"count": ApproximateCount.total(own).words()}
    for line in lines:
        if line.is_shared:
            yield _("%(count)s people from %(regions)s; how many came from each is not published.") % {
                "count": line.count.words(),
                "regions": joined(line.names),
            }
    if cohort.named:
        words = ngettext(
            "%(count)s trainee from here by name.", "%(count)s trainees from here by name.", cohort.named
        )
        yield words % {"count": cohort.named}
    if cohort.graduated:
        words = ngettext("%(count)s has graduated.", "%(count)s have graduated.", cohort.graduated)
        yield words % {"count": cohort.graduated}
    if cohort.invented and not cohort.is_invented:
        yield _("Their names are invented for the demo.")


# Graduates from before the portal -----------------------------------------------------------------


def _register(home, user):
    """Lines of the register that no enrollment here explains; the others are told with their cohort."""
    hospitals = Graduation.hospitals.through.objects.filter(graduation=OuterRef("pk")).order_by(
        "hospital__name"
    )
    rows = Graduation.objects.visible_to(user).filter(home.people("trainee__"), enrollment=None)
    return with_source_ids(rows.select_related("trainee")).annotate(
        hospital_names=ArraySubquery(hospitals.values_list(name_in_reader_language("hospital__")))
    )


def _graduation_entry(graduation, source, user):
    page = reverse("participants:trainee-detail", args=[graduation.trainee_id])
    name = {"name": graduation.trainee}
    title = _("%(name)s completed a training") % name
    if graduation.hospital_names:
        title = _("%(name)s trained at %(hospitals)s") % {
            **name,
            "hospitals": joined(graduation.hospital_names),
        }
    return recorded(
        graduation.completed,
        title=title,
        body=graduation.program_name,
        url=page
        if user.has(Permission.SEE_PEOPLE)
        else "",  # a contact reads the line, not the person's page
        about=graduation.trainee,
        source=source,
        lane=_("People"),
        short=str(graduation.trainee),
    )
