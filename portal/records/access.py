"""Looks at what few may see: each leaves a record, and a manager goes through a month's records by name.

looked(request.user, trainee, "passport_number", reason, request)
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.callers import ip_of
from portal.accounts.roles import Permission

from . import clock
from .actors import System
from .models import AccessRecord, AccessReview
from .transitions import NotNow

# What is looked at, in words. Each app names its own.
_words = {}


def name_looks(words):
    """Say how the codes of what is looked at read: a dict from the code to its (lazy) words."""
    _words.update(words)


def in_words(what):
    """A code in the reader's language; what no app names any more, as it stands."""
    return str(_words.get(what, what))


def looked(by, about, what, reason, request, *, name=""):
    """Keep that `by` looked at `what` (a code of `name_looks`) of `about`, and why; before it is shown.

    `about` is a record; for many at once None, with `name` for what it was (“Trainees, 230 rows”). `request` tells
    from where; None on the command line.
    """
    return AccessRecord.objects.create(
        by=None if isinstance(by, System) else by,
        by_name=(by.name if isinstance(by, System) else str(by))[:120],
        about=about,
        about_name=(name or str(about))[:200],
        what=what,
        reason=reason,
        ip=ip_of(request) if request else None,
    )


@transaction.atomic
def review(month, *, by, note=""):
    """`by` stands for having gone through the records of the month that begins on `month`. Raises NotNow."""
    if not by.has(Permission.REVIEW_ACCESS):
        raise PermissionDenied
    if clock.next_month(month) > clock.today():
        raise NotNow(_("The month is not over yet."))
    review, is_new = AccessReview.objects.get_or_create(
        month=month, defaults={"reviewed_by": by, "note": note, "reviewed_at": clock.now()}
    )
    if not is_new:
        raise NotNow(_("%(name)s has reviewed this month already.") % {"name": review.reviewed_by})
    return review
