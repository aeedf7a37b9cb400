"""Verbs on people's access that touch more than the account: what they answer for, and the trail."""

from django.db import transaction
from django.utils.translation import gettext as _

from hospitals.models import Coordinator
from portal.accounts import workflow as accounts
from portal.accounts.roles import Role
from portal.mail import invitations
from portal.records.transitions import NotNow, record


@transaction.atomic
def invite(email, *, name, role, language, by, hospitals=(), trainee=None, contact=None):
    """Invite a person in a role, and link the account to what it is for. Returns the user. Raises NotNow.

    A coordinator answers for `hospitals`, a trainee's account opens their own training, a contact's their institution.
    """
    user = invitations.invite(email, name=name, roles=[role], language=language, by=by)
    _link_to(user, role, by, hospitals=hospitals, trainee=trainee, contact=contact)
    return user


def _link_to(user, role, by, *, hospitals, trainee, contact):
    """What the role is for: a role alone opens nothing."""
    if role == Role.COORDINATOR:
        for hospital in hospitals:
            Coordinator.objects.get_or_create(hospital=hospital, user=user, until=None)
    if role == Role.TRAINEE:
        _link(trainee, user, by)
    if role == Role.CONTACT:
        _link(contact, user, by)


def _link(person, user, by):
    """Give the trainee or contact this login; whoever was faster is not overwritten."""
    person = type(person).objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if person.user_id not in (None, user.pk):
        raise NotNow(_("This person has a login already."))
    if hasattr(user, "trainee") and type(person) is type(user.trainee) and user.trainee != person:
        raise NotNow(_("This account belongs to another trainee."))
    person.user = user
    person.save(update_fields=["user"])
    record(person, "link user", by=by, data={"user": user.pk})


@transaction.atomic
def give_role(user, *, role, by, reason="", hospitals=(), trainee=None, contact=None):
    """Give the role and link the account to what it is for, as `invite` does. Raises NotNow.

    The register of roles and the trail both say so.
    """
    user = accounts.give_role(user, role, by=by, reason=reason)
    _link_to(user, role, by, hospitals=hospitals, trainee=trainee, contact=contact)
    record(user, "give role", by=by, reason=reason, data={"role": role})
    return user


@transaction.atomic
def take_role(user, *, role, by, reason=""):
    """Take the role; the register of roles and the trail both say so."""
    user = accounts.take_role(user, role, by=by, reason=reason)
    record(user, "take role", by=by, reason=reason, data={"role": role})
    return user


@transaction.atomic
def deactivate(user, *, by, reason=""):
    """The person is out at their next request."""
    user = accounts.deactivate(user, by=by)
    record(user, "deactivate", by=by, reason=reason)
    return user


@transaction.atomic
def take_off_second_factor(user, *, by):
    """For somebody whose telephone is lost: their next sign-in sets up a new app. The trail says who did it."""
    user = accounts.take_off_second_factor(user, by=by)
    record(user, "take off second factor", by=by)
    return user


@transaction.atomic
def reactivate(user, *, by, reason=""):
    """The person may sign in again."""
    user = accounts.reactivate(user, by=by)
    record(user, "reactivate", by=by, reason=reason)
    return user
