"""Who acts: a signed-in user, or the portal itself."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class System:
    """The portal acting by itself, through a command or the queue. It may use every verb; the trail names it."""

    name: str = "portal"
    is_team = True

    def has(self, permission):
        return True

    def __str__(self):
        return str(_("the portal")) if self.name == "portal" else self.name


PORTAL = System()
