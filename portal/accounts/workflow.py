"""Verbs on users. Roles change here and nowhere else; each change leaves a Grant."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .models import Grant, User
from .roles import TEAM, Permission, Role


def _may_change(user, role, by):
    """Nobody changes their own role; only an administrator makes somebody one of the team."""
    if by is None:  # the command line and the demo: there is nobody signed in
        return
    if by.pk == user.pk:
        raise PermissionDenied(_("Nobody changes their own role."))
    needed = Permission.ASSIGN_ROLES if role in TEAM else Permission.INVITE_USERS
    if not by.has(needed):
        raise PermissionDenied(_("You may not give or take this role."))


@transaction.atomic
def give_role(user, role, *, by, reason=""):
    """Give `user` the role. Giving one that is held already changes nothing. Raises PermissionDenied."""
    _may_change(user, role, by)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if role not in user.roles:
        user.roles = sorted([*user.roles, Role(role).value])
        user.save(update_fields=["roles"])
        Grant.objects.create(user=user, role=role, action=Grant.Action.GIVEN, by=by, reason=reason)
    return user


@transaction.atomic
def take_role(user, role, *, by, reason=""):
    """Take the role from `user`. Taking one that is not held changes nothing. Raises PermissionDenied."""
    _may_change(user, role, by)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if role in user.roles:
        user.roles = [held for held in user.roles if held != role]
        user.save(update_fields=["roles"])
        Grant.objects.create(user=user, role=role, action=Grant.Action.TAKEN, by=by, reason=reason)
    return user


@transaction.atomic
def create_user(email, *, name, roles, by, **fields):
    """A new user with roles, each with its Grant. No mail leaves (portal.mail.invitations does that)."""
    user = User.objects.create_user(email, name=name, **fields)
    for role in roles:
        user = give_role(user, role, by=by)
    return user


def deactivate(user, *, by):
    """`user` is out at their next request. Raises PermissionDenied for oneself and for the team, unless one may."""
    return _set_active(user, False, by)


def reactivate(user, *, by):
    """`user` may sign in again."""
    return _set_active(user, True, by)


@transaction.atomic
def _set_active(user, active, by):
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if by.pk == user.pk:
        raise PermissionDenied(_("Nobody deactivates themselves."))
    needed = (
        Permission.ASSIGN_ROLES
        if user.is_team or not TEAM.isdisjoint(user.roles)
        else Permission.INVITE_USERS
    )
    if not by.has(needed):
        raise PermissionDenied(_("You may not deactivate this person."))
    user.is_active = active
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def take_off_second_factor(user, *, by):
    """`user` has neither app nor recovery codes any more. Raises PermissionDenied for oneself and unless one may."""
    if by.pk == user.pk:
        raise PermissionDenied(
            _("Nobody takes off their own second factor here; the page of your account does.")
        )
    if not by.has(Permission.ASSIGN_ROLES):
        raise PermissionDenied(_("You may not take off a second factor."))
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    Authenticator.objects.filter(user=user).delete()
    return user
