"""Who is told of a nomination and of what is decided about it: the trainee, and the contact who nominated them."""

from django.db.models import Q

from partners.models import Contact
from portal.mail import outbox
from portal.records import clock


def tell(enrollment, kind, *, reason=""):
    """Put the letters of `kind` about the enrollment: one to the trainee, and one to each contact for all their people.

    Of a cohort that is over nobody is told anything: it is entered for the record.
    """
    cohort = enrollment.cohort
    if cohort.last_day < clock.today():
        return
    stamp = f"{clock.now():%Y%m%dT%H%M%S%f}"
    if enrollment.trainee.email:
        outbox.put(
            kind,
            to=enrollment.trainee,
            about=enrollment,
            key=f"{kind}:{enrollment.pk}:{stamp}",
            context={"reason": reason},
        )
    item = {"enrollment": enrollment.pk, "reason": reason}
    for contact in contacts_of(enrollment):
        outbox.gather(
            f"{kind}_contact",
            to=contact,
            about=cohort,
            item=item,
            key=f"{kind}_contact:{cohort.pk}:{contact.pk}:{enrollment.pk}:{stamp}",
        )


def contacts_of(enrollment):
    """Those at the nominating institution who can be written to and hold their office today."""
    return contacts_of_all([enrollment])


def contacts_of_all(enrollments):
    """The same of several, each contact once and each address once. One query."""
    return contacts_at({enrollment.nominated_by_id for enrollment in enrollments})


def contacts_at(institutions):
    """The same of institutions, by their keys; None is passed over."""
    institutions = set(institutions) - {None}
    if not institutions:
        return []
    in_office = Q(until=None) | Q(until__latest__gte=clock.today())
    contacts = Contact.objects.filter(in_office, institution__in=institutions).exclude(email="")
    by_address = {
        (contact.institution_id, contact.email.lower()): contact
        for contact in contacts.select_related("institution__region").order_by("pk")
    }
    return list(by_address.values())
