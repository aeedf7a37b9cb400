"""Copies of certificates for the institutions at home: who gets one, and who does not want that."""

from django.utils.translation import gettext as _

from participants.models import Consent


def wanted_by(enrollments):
    """Those of a cohort's enrollments whose program sends copies home, and whose graduate has not said no to telling
    the partner abroad. One query, or none.
    """
    if not enrollments or not enrollments[0].cohort.program.certificate_to_home:
        return []
    refused = Consent.objects.refusing([one.trainee_id for one in enrollments], Consent.Purpose.ABROAD)
    return [one for one in enrollments if one.trainee_id not in refused]


def effects_of(certificates):
    """What issuing them means for the institutions at home, as sentences."""
    if any(one.enrollment.cohort.program.certificate_to_home for one in certificates):
        return [_("The home institutions get a copy by mail, unless the graduate has said no to that.")]
    return []
