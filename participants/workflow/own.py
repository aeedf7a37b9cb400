"""What a person enters of their own passport: the same verbs, and nothing that tells of somebody else."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from participants.models import Consent
from portal.records.transitions import NotNow

from . import consents, duplicates, passports


@sensitive_variables("facts")
def enter_passport(trainee, *, by, agrees, language, **facts):
    """Keep one's own passport, with the consent where it is given here. Raises NotNow.

    Whose a number is that somebody else has already is not told: the pair is kept for the province to look at.
    """
    if trainee.user_id != by.pk:
        raise PermissionDenied
    try:
        with transaction.atomic():
            if agrees:
                consents.give(trainee, by=by, purpose=Consent.Purpose.PASSPORT, language=language)
            return passports.enter(trainee, by=by, **facts)
    except passports.Taken as error:
        duplicates.keep_one_passport(trainee, error.other)
        words = _("This number cannot be kept. Look at it again; if it is right, write to the province.")
        raise NotNow({"number": words}) from None
