"""The name on the certificate: the trainee's to confirm until a certificate is issued."""

from django.db import transaction
from django.utils.translation import gettext as _

from participants.models import Trainee
from participants.workflow import trainees
from portal.records.transitions import NotNow
from programs.models import Certificate, Enrollment

STILL_COMING = (Enrollment.State.ACCEPTED, Enrollment.State.IN_TRAINING)
NOT_PRINTED = (Certificate.State.ELIGIBLE, Certificate.State.APPROVED)


def is_open(trainee):
    """Whether a certificate can still be printed: none is issued yet, or another one is to come."""
    issued = Certificate.objects.filter(enrollment__trainee=trainee, state=Certificate.State.ISSUED)
    if not issued.exists():
        return True
    to_come = Enrollment.objects.filter(trainee=trainee, state__in=STILL_COMING)
    waiting = Certificate.objects.filter(enrollment__trainee=trainee, state__in=NOT_PRINTED)
    return to_come.exists() or waiting.exists()


@transaction.atomic
def confirm(trainee, *, by, name):
    """The trainee says how the name is to be printed. Raises NotNow once the certificate is out."""
    Trainee.objects.select_for_update(no_key=True).get(pk=trainee.pk)
    if not is_open(trainee):
        raise NotNow(
            _(
                "Your certificate is issued, so the name on it cannot be changed here. Write to your program officer."
            )
        )
    trainees.confirm_certificate_name(trainee, by=by, name=name)
