"""Who acts: a signed-in user, or the portal itself."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# How the portal's own names read, as what it acts in the trail.
WORDS = {
    "portal": _("the portal"),
    "due work": _("the portal, on its day"),
    "retention": _("the portal, when its time was over"),
}


def in_words(name):
    """The name of a System in the reader's language; a person's name as it is."""
    return str(WORDS.get(name, name))


@dataclass(frozen=True)
class System:
    """Who acts without being signed in: the portal itself, or who came by a signed link. It may use every verb.

    The trail keeps `name`: one of WORDS, which each reader gets in their language, or a person's; and `user`, where
    whoever uses the rights of the portal within narrow bounds (a call to nominate) is signed in.
    """

    name: str = "portal"
    user: object = None
    is_team = True

    def has(self, permission):
        return True

    def __str__(self):
        return in_words(self.name)


PORTAL = System()
