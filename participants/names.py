"""What a name may consist of. The certificate prints Latin letters; the local script has a field of its own."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# As long as one line of the certificate is.
LONGEST_PRINTED = 60
# Beside letters: what parts a name, and the apostrophes of Uzbek and other Latin spellings.
BETWEEN = set(" -.'’ʻʼ")
# The class of marks that lie over a letter, as a stroke through it does.
OVERLAY = 1


def tidy(name):
    """The name composed, with single spaces: how it was typed is not how it is printed."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _accents_out_of_place(name):
    """Marks that strike a letter out, and what is piled on it beyond two: no name is written so."""
    kinds = "".join("m" if unicodedata.combining(sign) else "." for sign in name)
    piled = {sign for found in re.finditer(r"(?<=mm)m+", kinds) for sign in name[found.start() : found.end()]}
    return piled | {sign for sign in name if unicodedata.combining(sign) == OVERLAY}


def _is_latin(letter):
    """A letter by itself: a ligature is two that nobody finds who types them."""
    named = letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN ")
    return named and unicodedata.is_normalized("NFKC", letter)


def valid_certificate_name(name):
    """Refuse what the certificate cannot print as a name. Raises ValidationError; an empty name is no name yet."""
    name = unicodedata.normalize("NFC", name)
    foreign = {
        sign for sign in name if not (_is_latin(sign) or sign in BETWEEN or unicodedata.combining(sign))
    }
    foreign |= _accents_out_of_place(name)
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
