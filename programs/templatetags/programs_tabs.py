"""The two lists at the top of the app: cohorts, and the programs they are runs of."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.ui.components import Tab

register = template.Library()


@register.inclusion_tag("programs/_tabs.html")
def cohort_tabs(current):
    pages = [("cohort-list", _("Cohorts")), ("program-list", _("Programs"))]
    return {"tabs": [Tab(label, reverse(f"programs:{name}"), name == current) for name, label in pages]}
