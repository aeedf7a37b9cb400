"""Inviting people: the account, its roles, the line in the trail and the mail, in one transaction."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.workflow import create_user, give_role
from portal.records import clock
from portal.records.actors import System
from portal.records.transitions import NotNow, record

from . import outbox


@transaction.atomic
def invite(email, *, name, roles, language="en", by, **fields):
    """The user of this address, made or found, with the roles; who never signed in gets the invitation mail.

    Inviting the same person twice on one day sends one mail. Raises NotNow for a closed account.
    """
    granted_by = None if isinstance(by, System) else by
    user = _known(email)
    if user is None:
        try:
            with transaction.atomic():
                user = create_user(email, name=name, roles=roles, language=language, by=granted_by, **fields)
        except (IntegrityError, ValidationError):
            # Somebody else invites the same person at this moment: theirs is the account, ours is one more role.
            user = _known(email)
            if user is None:
                raise
    if not user.is_active:
        raise NotNow(_("This account is closed. Open it again before you invite the person."))
    for role in roles:
        user = give_role(user, role, by=granted_by)
    record(user, "invite", by=by, data={"roles": [str(role) for role in roles]})
    if user.last_login is None:
        key = f"invitation:{user.pk}:{clock.today().isoformat()}"
        outbox.put("invitation", to=user, about=user, key=key, context={"invited_by": str(by)})
    return user


def _known(email):
    return User.objects.filter(email=email.strip().lower()).first()
