"""The link in the mail that asks for papers: whoever holds it hands in this person's papers, and sees none of them."""

from datetime import timedelta

from portal.accounts import links

from .checklists import STILL_IN
from .models import Enrollment

PURPOSE = "papers"
VALID_FOR = timedelta(days=30)


def token_for(enrollment):
    return links.sign(PURPOSE, {"enrollment": enrollment.pk}, valid_for=VALID_FOR)


def enrollment_for(token):
    """The enrollment this link is about. Raises BadLink: too old, not ours, or the person does not come any more."""
    data = links.read(PURPOSE, token)
    rows = Enrollment.objects.select_related("cohort__program", "trainee")
    enrollment = rows.filter(pk=data["enrollment"], state__in=STILL_IN).first()
    if enrollment is None:
        raise links.BadLink
    return enrollment
