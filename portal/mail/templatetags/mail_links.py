"""Links in mail templates."""

from django import template
from django.urls import reverse

from ..links import absolute_url

register = template.Library()


@register.simple_tag
def absolute(view_name, *args, **kwargs):
    """`{% absolute "programs:cohort-detail" cohort.pk %}`: `url` with the portal's address before it."""
    return absolute_url(reverse(view_name, args=args, kwargs=kwargs))


@register.inclusion_tag("emails/_button.html")
def mail_button(label, url):
    """The one link the mail is about, big enough for a thumb, and its address in print below."""
    return {"label": label, "url": url}
