"""What partners and hospitals show of the cohorts: panels for pages of the apps below."""

from django import template

from programs.guests import contribution, guests_of, years_at
from programs.history import timeline_of
from programs.models import Cohort
from programs.seat_use import use_by_year

register = template.Library()

# `{% timeline_of region mous user as entries %}`, `{% guests_of hospital departments user as guests %}`
register.simple_tag(timeline_of)
register.simple_tag(guests_of)


@register.inclusion_tag("programs/_years.html")
def years_of(hospital, user):
    """What is known of each year at the hospital."""
    years = years_at(hospital, user)
    people, weeks, since = contribution(years)
    return {"years": years, "people": people, "weeks": weeks, "since": since, "user": user}


@register.inclusion_tag("programs/_cohorts_under.html")
def cohorts_under(mou, user):
    """The cohorts that ran under the MOU, and what became of its seats year by year. Two queries."""
    cohorts = list(Cohort.objects.visible_to(user).for_list().filter(mous=mou))
    return {"mou": mou, "cohorts": cohorts, "years": use_by_year(mou, cohorts)}
