"""What partners know about a host hospital, for its page."""

from django import template

from partners.models import Mou

register = template.Library()


@register.inclusion_tag("partners/_mous_of_hospital.html")
def mous_of_hospital(hospital, user):
    """The MOUs the hospital is a party to, as `user` may see them. Two queries."""
    mous = Mou.objects.visible_to(user).with_parties().filter(parties__hospital=hospital)
    return {"mous": list(mous), "may_see": user.is_team}
