"""Words for the year time line of MOUs."""

from django import template

from partners.years import ending

register = template.Library()
register.filter(ending)
