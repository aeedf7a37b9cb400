"""By what names people are found, and what the search page offers of them."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Permission
from portal.search.kinds import Kind
from portal.search.names import named

from .models import Graduation, Trainee

named(Trainee, "passport_name", "local_name", "korean_name", "certificate_name", "aliases", "email")


PEOPLE = Kind(
    label=_("People"),
    rows=lambda user: Trainee.objects.visible_to(user).unmerged().for_list(),
    title=lambda trainee: trainee.display_name,
    url=lambda trainee: reverse("participants:trainee-detail", args=[trainee.pk]),
    about=lambda trainee: trainee.institution or "",
    order=("passport_name", "pk"),
    allowed=lambda user: user.has(Permission.SEE_PEOPLE),
    list_url=lambda typed: f"{reverse('participants:trainee-list')}?{urlencode({'name': typed})}",
)
# For whoever sees no page of a trainee: a partner contact reads who of their institution completed a training.
GRADUATES = Kind(
    label=_("Graduates of your institution"),
    rows=lambda user: Graduation.objects.visible_to(user).select_related("trainee__institution"),
    title=lambda graduation: graduation.trainee.display_name,
    url=lambda graduation: reverse("desk:today"),
    about=lambda graduation: graduation.completed.words(),
    paths=("trainee",),
    order=("-completed", "pk"),
    allowed=lambda user: user.has(Permission.SEE_OWN_GRADUATES) and not user.has(Permission.SEE_PEOPLE),
)
KINDS = [PEOPLE, GRADUATES]
