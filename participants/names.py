"""What a name may consist of. The certificate prints Latin letters; the local script has a field of its own."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# As long as one line of the certificate is.
LONGEST_PRINTED = 60
# Beside letters: what parts a name, and the apostrophes of Uzbek and other Latin spellings.
BETWEEN = set(" -.'’ʻʼ")


def tidy(name):
    """The name composed, with single spaces: how it was typed is not how it is printed."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _is_latin(letter):
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN ")


def valid_certificate_name(name):
    """Refuse what the certificate cannot print as a name. Raises ValidationError; an empty name is no name yet."""
    name = unicodedata.normalize("NFC", name)
    foreign = {
        sign for sign in name if not (_is_latin(sign) or sign in BETWEEN or unicodedata.combining(sign))
    }
    if foreign:
        raise ValidationError(
            _(
                "The certificate prints Latin letters, spaces, hyphens, periods and apostrophes. "
                "This cannot be printed: %(signs)s"
            ),
            params={"signs": " ".join(sorted(foreign))},
        )
    if name and sum(map(_is_latin, name)) < 2:
        raise ValidationError(_("A name has at least two letters."))
    if len(name) > LONGEST_PRINTED:
        raise ValidationError(
            _("The certificate has room for %(most)s characters; this name has %(count)s."),
            params={"most": LONGEST_PRINTED, "count": len(name)},
        )


def valid_name(name):
    """Refuse signs that nobody sees, as they come along when something is copied. Raises ValidationError."""
    if not name.isprintable():
        raise ValidationError(_("There are invisible signs in this name. Type it anew."))
