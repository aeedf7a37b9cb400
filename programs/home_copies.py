"""Copies of certificates for the institutions at home: who gets one, and who does not want that."""

from django.utils.translation import gettext as _

from participants.models import Consent


def are_wanted(enrollment):
    """Whether the program sends copies home, and the graduate has not said no to telling the partner abroad."""
    if not enrollment.cohort.program.certificate_to_home:
        return False
    return not Consent.objects.refuses(enrollment.trainee_id, Consent.Purpose.ABROAD)


def effects_of(certificates):
    """What issuing them means for the institutions at home, as sentences."""
    if any(one.enrollment.cohort.program.certificate_to_home for one in certificates):
        return [_("The home institutions get a copy by mail, unless the graduate has said no to that.")]
    return []
