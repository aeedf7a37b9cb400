"""Links in mail templates."""

from django import template
from django.urls import reverse

from ..links import absolute_url

register = template.Library()


@register.simple_tag
def absolute(target, *args, **kwargs):
    """`{% absolute "programs:cohort-detail" cohort.pk %}` or `{% absolute path %}`: a link from outside."""
    return absolute_url(target if target.startswith("/") else reverse(target, args=args, kwargs=kwargs))


@register.inclusion_tag("emails/_button.html")
def mail_button(label, url):
    """The one link the mail is about, big enough for a thumb, and its address in print below."""
    return {"label": label, "url": url}
